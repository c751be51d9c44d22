#!/bin/sh
# TLS on the way to a fleet: who is trusted, who is not, and what waits then.
# tls.sh DIRECTORY-OF-THE-BUILD
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
work=$(mktemp -d)
mxtrend=$1/mxtrend
# shellcheck source=tests/support/clickhouse.sh
. tests/support/clickhouse.sh
trap 'ch_stop_all; rm -rf "$work"' EXIT
if ! command -v openssl >/dev/null; then
	skip 'TLS to a fleet' 'openssl is not installed'
	finish
	exit 0
fi

authority() { # NAME
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" \
	    -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}
# certificate NAME AUTHORITY SUBJECT-ALTERNATIVE-NAME [FROM UNTIL]
certificate() {
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" \
	    -keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
	cat >"$work/ca.conf" <<-CONF
	[ca]
	default_ca = this
	[this]
	database = $work/index
	new_certs_dir = $work
	rand_serial = yes
	default_md = sha256
	default_days = 30
	policy = any
	x509_extensions = names
	unique_subject = no
	[any]
	commonName = supplied
	[names]
	subjectAltName = $3
	CONF
	: >"$work/index"
	openssl ca -batch -notext -config "$work/ca.conf" \
	    -cert "$work/$2.pem" -keyfile "$work/$2.key" \
	    ${4:+-startdate "$4" -enddate "$5"} \
	    -in "$work/$1.csr" -out "$work/$1.pem" 2>/dev/null
}
authority ours
authority theirs
certificate good ours IP:127.0.0.1,DNS:localhost
certificate stranger theirs IP:127.0.0.1
certificate elsewhere ours IP:192.0.2.1,DNS:ch.example.net
certificate expired ours IP:127.0.0.1 20240101000000Z 20240201000000Z
certificate early ours IP:127.0.0.1 20990101000000Z 20990201000000Z

python3 tests/fleet/tls.py "$mxtrend" "$work" >"$work/python.tap"
while read -r line; do
	case $line in
	'ok '*) ok "${line#* - }" ;;
	'not ok '*) not_ok "${line#* - }" ;;
	'#'*) echo "$line" ;;
	esac
done <"$work/python.tap"

if ! ch_there; then
	skip 'TLS of a real server' 'clickhouse-server is not installed'
	finish
	exit 0
fi
# ClickHouse ends the TLS itself.
https=$(ch_ports 1)
ch_more="<https_port>$https</https_port><openSSL><server>
<certificateFile>$work/good.pem</certificateFile>
<privateKeyFile>$work/good.key</privateKeyFile>
<verificationMode>none</verificationMode></server></openSSL>"
ch_start 1 || { not_ok 'a server starts'; finish; exit 1; }
ch_create 1 node
cat >"$work/conf" <<END
[clickhouse]
password_file = $work/password
ca_file = $work/ours.pem
END
echo secret >"$work/password"
url=clickhouses://pusher@localhost:$https/fleet
run() {
	"$mxtrend" -c "$work/conf" --state "$work/real" --tz UTC --log-tz UTC \
	    --now 2026-11-23T00:00:00Z "$@"
}
run -q ingest samples/demo/* >/dev/null 2>&1 || true
if run -q push --to "$url" 2>"$work/err"; then
	ok 'a push to a real server over TLS'
else
	not_ok 'a push to a real server over TLS' "$(cat "$work/err")"
fi
run report -f json >"$work/here"
run report -f json --store "$url" >"$work/there" 2>"$work/err" ||
    cat "$work/err" >"$work/there"
diff "$work/here" "$work/there" 2>&1 | head -n 5 >"$work/bad"
check 'and the report from there is the one from here' "$work/bad"

finish
