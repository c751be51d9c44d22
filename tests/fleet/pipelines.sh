#!/bin/sh
# The pipelines of mxtrend-fleet(7), as they stand there, with the programs
# that are installed. pipelines.sh DIRECTORY-OF-THE-BUILD
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
mxtrend=$1/mxtrend
work=$(mktemp -d)
# shellcheck source=tests/support/clickhouse.sh
. tests/support/clickhouse.sh
rsyslog=
trap '[ -z "$rsyslog" ] || kill "$rsyslog" 2>/dev/null || true; ch_stop_all
rm -rf "$work"' EXIT
export MXTREND_CONFIG=/dev/null
PATH=$work/bin:$PATH
mkdir "$work/bin"

# What the manual shows for NAME, as a reader would type it.
shown() { # NAME
	sed -n "/^\\.It $1/,/^\\.Ed/p" man/mxtrend-fleet.7 | grep -v '^\.' |
	    sed 's/\\-/-/g; s/\\e/\\/g'
}
# On the port of server 1.
client() {
	client=$(command -v clickhouse-client)
	printf '#!/bin/sh\nexec %s --port %s -d %s "$@"\n' "$client" \
	    "$(ch_port 1 tcp)" "$ch_database" >"$work/bin/clickhouse-client"
	printf '#!/bin/sh\nexec %s --tz UTC --log-tz UTC "$@"\n' "$mxtrend" \
	    >"$work/bin/mxtrend"
	chmod +x "$work/bin/clickhouse-client" "$work/bin/mxtrend"
	hash -r
}

cat samples/demo/* >"$work/mail.log"
facts=$("$mxtrend" parse --tz UTC --log-tz UTC "$work/mail.log" 2>/dev/null |
    grep -c '"type":"delivery"')
if ch_there; then
	ch_start 1 || { not_ok 'a server starts'; finish; exit 1; }
	client
	shown ClickHouse | sed '/^$/,$d' |
	    clickhouse-client --multiquery 2>"$work/err" || true
	shown ClickHouse | sed '1,/^$/d' >"$work/pipe.sh"
	for _ in 1 2; do
		(cd "$work" && sh ./pipe.sh) 2>>"$work/err" || true
	done
	got=$(clickhouse-client -q 'SELECT count() FROM delivery FINAL')
	if [ "$got" = "$facts" ] && [ "$facts" -gt 100 ]; then
		ok 'the pipe into ClickHouse brings every delivery, once'
	else
		not_ok 'the pipe into ClickHouse brings every delivery, once' \
		    "$got of $facts" "$(tail -n 3 "$work/err")"
	fi
	same=$(clickhouse-client -q "SELECT count(), countIf(outcome = 'bounced'),
	    min(toUnixTimestamp(time)) FROM delivery FINAL" | tr '\t' ' ')
	want=$("$mxtrend" parse --tz UTC --log-tz UTC "$work/mail.log" \
	    2>/dev/null | python3 -c 'import datetime, json, sys
rows = [f for f in map(json.loads, sys.stdin) if f["type"] == "delivery"]
print(len(rows), sum(r["outcome"] == "bounced" for r in rows),
      int(min(datetime.datetime.fromisoformat(r["time"].replace("Z", "+00:00"))
              .timestamp() for r in rows)))')
	if [ "$same" = "$want" ]; then
		ok 'and their columns are what parse prints'
	else
		not_ok 'and their columns are what parse prints' "$same" "$want"
	fi
else
	skip 'the pipe into ClickHouse' 'clickhouse-server is not installed'
fi

if command -v rsyslogd >/dev/null; then
	port=$(ch_ports 1)
	{
		echo 'module(load="imtcp")'
		echo "input(type=\"imtcp\" address=\"127.0.0.1\" port=\"$port\")"
		shown rsyslog | sed '/^One file/d' |
		    sed "s,/srv/log,$work/srv,"
	} >"$work/rsyslog.conf"
	rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" \
	    >"$work/rsyslog.said" 2>&1 &
	rsyslog=$!
	python3 - "$port" "$work/srv/mx1.example.org/mail.log" <<-'END'
	import os
	import socket
	import sys
	import time
	for _ in range(100):
	    try:
	        link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
	        break
	    except OSError:
	        time.sleep(0.1)
	for n, facility in ((1, 22), (2, 22), (1, 14)):
	    link.sendall(f"<{facility}>Nov 20 10:00:0{n} mx{n}.example.org "
	                 f"postfix/smtp[1]: hello {facility}\n".encode())
	link.close()
	for _ in range(100):
	    if os.path.exists(sys.argv[2]) and os.path.getsize(sys.argv[2]):
	        break
	    time.sleep(0.1)
	time.sleep(0.3)
	END
	for n in 1 2; do
		echo "mx$n.example.org 1 $(grep -c 'hello 22' \
		    "$work/srv/mx$n.example.org/mail.log")"
	done >"$work/got" 2>&1
	if [ "$(cat "$work/srv"/mx*/mail.log | wc -l)" = 2 ] &&
	    grep -q 'mx1.example.org postfix/smtp' \
	    "$work/srv/mx1.example.org/mail.log"
	then
		ok 'rsyslog keeps a file for each host'
	else
		not_ok 'rsyslog keeps a file for each host' \
		    "$(cat "$work/got" "$work/rsyslog.said")"
	fi
else
	skip 'a file for each host by rsyslog' 'rsyslog is not installed'
fi

finish
