#!/bin/sh
# What commands answer from a fleet is what they answer from one store into
# which the same stores were merged. read.sh DIRECTORY-OF-THE-BUILD
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
mxtrend=$1/mxtrend
genlog=$1/tests/gen/genlog
work=$(mktemp -d)
# shellcheck source=tests/support/clickhouse.sh
. tests/support/clickhouse.sh
fake=
trap '[ -z "$fake" ] || kill "$fake" 2>/dev/null || true; ch_stop_all
rm -rf "$work"' EXIT
if ! ch_there; then
	skip 'reports from a real server' 'clickhouse-server is not installed'
	finish
	exit 0
fi
export MXTREND_CONFIG=/dev/null
now=2026-11-12T00:00:00Z

# Runs it, both streams and the status into $work/NAME.*.
# run NAME ARGUMENT...
run() {
	run_name=$work/$1
	shift
	set +e
	"$mxtrend" --now "$now" "$@" >"$run_name.out" 2>"$run_name.err"
	echo $? >"$run_name.status"
	set -e
}

# The same command of the merged store and of the fleet. status alone tells
# where and how large the store is, and what waits in it.
# alike COMMAND [OPTION]...
alike() {
	run here --state "$work/all" "$@"
	run there --state "$work/none" "$@" --store "$(ch_url 1)"
	for it in here there; do
		sed -i -e '/^ *"path": /d; /^ *"size_bytes": /d' \
		    -e 's/^STORE .* \([0-9]* messages\)/\1/' "$work/$it.out"
	done
	: >"$work/bad"
	for part in status err out; do
		diff "$work/here.$part" "$work/there.$part" |
		    head -n 8 >>"$work/bad"
	done
	check "alike: $*" "$work/bad"
}

# A failure is one line, its status, and nothing on standard output.
# fails NAME STATUS WORDS ARGUMENT...
fails() {
	fails_name=$1
	want=$2
	words=$3
	shift 3
	run got "$@"
	if [ "$(cat "$work/got.status")" = "$want" ] &&
	    [ "$(wc -l <"$work/got.err")" = 1 ] &&
	    grep -q "$words" "$work/got.err" && [ ! -s "$work/got.out" ]
	then
		ok "$fails_name"
	else
		not_ok "$fails_name" "status $(cat "$work/got.status")" \
		    "$(head -n 5 "$work/got.err" "$work/got.out")"
	fi
}

# equal NAME RUN: what it printed is the truth.
equal() {
	if cmp -s "$work/$2.out" "$work/truth"; then
		ok "$1"
	else
		not_ok "$1" "$(cat "$work/$2.err")"
	fi
}

read_log() { # STORE FILE...
	store=$1
	shift
	"$mxtrend" --state "$work/$store" --tz UTC --log-tz UTC --now "$now" \
	    -q ingest -r "$@" >/dev/null 2>&1 || true
}
push() { # STORE SERVER
	"$mxtrend" --state "$work/$1" --now "$now" -q push \
	    --to "$(ch_url "$2")" 2>>"$work/push.err"
}

# Three hosts; all of them meet a block, each has open messages at the end,
# and reports came to all three, some of them twice.
for n in 1 2 3; do
	"$genlog" --seed $n --days 8 --per-day 500 --start 2026-11-02 \
	    --host-name mx$n --instances 2 --zone UTC --random-episodes 2 \
	    --episode provider=microsoft-consumer,start=2026-11-04T06:00:00Z,end=2026-11-06T07:00:00Z,kind=block \
	    -o "$work/mx$n.log" >/dev/null
	half=$(($(wc -l <"$work/mx$n.log") / 2))
	head -n "$half" "$work/mx$n.log" >"$work/mx$n.first"
	read_log s$n "$work/mx$n.first"
	"$mxtrend" --state "$work/s$n" annotate 2026-11-05T10:00 "told $n" \
	    >/dev/null
done
read_log s1 samples/reports
read_log s2 samples/reports/*.eml

fails 'no server is status 69' 69 'connect' report \
    --store clickhouse://127.0.0.1:9/fleet

ch_start 2 || { not_ok 'servers start'; finish; exit 1; }
fails 'a database without tables is status 78' 78 'push --schema' report \
    --store "$(ch_url 1)"
ch_create 1 cluster
ch_create 2 cluster
fails 'tables to which nobody pushed are status 66' 66 'nothing was pushed' \
    report --store "$(ch_url 1)"

# Pushes, with servers killed and restarted in between; what failed is sent
# with what came after it.
push s1 1 || true
ch_kill 2
push s2 1 || true
ch_restart 2
push s3 2 || true
for n in 1 2 3; do
	read_log s$n "$work/mx$n.log"
done
push s3 1 & pusher=$!
sleep 0.1
ch_kill 1
wait "$pusher" || true
ch_restart 1
for n in 1 2 3; do
	push s$n 2 || push s$n 1 ||
	    not_ok "push s$n" "$(tail -n 2 "$work/push.err")"
done
"$mxtrend" --state "$work/all" -q merge "$work/s1" "$work/s2" "$work/s3"

alike report -f json
episode=$(python3 -c 'import json, sys
report = json.load(sys.stdin)
print(max(report["episodes"], key=lambda it: it["attempts"])["id"])' \
    <"$work/here.out")
[ -n "$episode" ] || not_ok 'there are episodes'
alike report -f json --tz Europe/Berlin --compare prev \
    --since 2026-11-05T07:20 --until 2026-11-07
alike report -f json --tz Asia/Kolkata --since 2026-11-04 \
    --until 2026-11-08T12:00 --compare 2026-11-03..2026-11-06
alike report -f json --provider microsoft-consumer --tz UTC
alike report -f json --ip 192.0.2.11 --since 2026-11-06
alike report -f json --ip 198.51.100.99
alike report -f json --provider nobody
alike report -f json --since 2027-01-01
alike report -f csv --table domains
alike report -f prom
"$mxtrend" --state "$work/all" --now "$now" report \
    --anonymize="$work/key" >/dev/null
alike report --anonymize="$work/key"
alike episodes --all -f json
alike episodes --explain "$episode"
alike diff 2026-11-02..2026-11-06 2026-11-05..2026-11-09 -f json
alike evidence microsoft-consumer
alike evidence microsoft-consumer -f json --since 2026-11-05 --with-addresses
alike trace --episode "$episode" -f json
alike trace --reply S3140
id=$(sed -n 's/.*smtp\[[0-9]*\]: \([0-9A-Za-z]*\): to=<\([^>]*\)>.*=deferred .*/\1/p' \
    "$work/mx2.log" | head -n 1)
to=$(sed -n 's/.*smtp\[[0-9]*\]: [0-9A-Za-z]*: to=<\([^>]*\)>.*=bounced .*/\1/p' \
    "$work/mx3.log" | head -n 1)
[ -n "$id" ] || not_ok 'there is a message to trace'
[ -n "$to" ] || not_ok 'there is a recipient to trace'
alike trace "$id"
alike trace --recipient "$to"
alike status
alike status -f json --since 2026-11-05

# While somebody pushes, readers see the state before or the one after.
"$genlog" --seed 4 --days 2 --per-day 3000 --start 2026-11-08 --host-name mx3 \
    --zone UTC -o "$work/late.log" >/dev/null
run before report -f json --store "$(ch_url 1)"
read_log s3 "$work/late.log"
push s3 1 & pusher=$!
run during report -f json --store "$(ch_url 2)"
wait "$pusher" || not_ok 'the push ends well'
run after report -f json --store "$(ch_url 2)"
cmp -s "$work/before.out" "$work/after.out" &&
    not_ok 'the push changed something'
if cmp -s "$work/during.out" "$work/before.out" ||
    cmp -s "$work/during.out" "$work/after.out"
then
	ok 'no report is of half a push'
else
	not_ok 'no report is of half a push' "$(diff "$work/before.out" \
	    "$work/during.out" | head -n 20)"
fi
"$mxtrend" --state "$work/all" -q merge "$work/s3"
alike report -f json
cp "$work/after.out" "$work/truth"

# The way in.
user=$(ch_url 1 | sed 's,//,//pusher@,')
MXTREND_CLICKHOUSE_PASSWORD=secret run right report -f json --store "$user"
equal 'the right password is taken' right
MXTREND_CLICKHOUSE_PASSWORD=wrong fails 'a wrong password is status 77' 77 \
    'assword' report --store "$user"
fails 'a database that is not there is status 78' 78 'nowhere' report \
    --store "$(ch_url 1 | sed 's,/fleet$,/nowhere,')"
fails 'a URL that is none is status 64' 64 'clickhouse://' report \
    --store http://127.0.0.1/fleet
run files report -f json --tz UTC --log-tz UTC --store clickhouse://127.0.0.1:9/x \
    "$work/mx1.log"
if [ "$(cat "$work/files.status")" = 0 ]; then
	ok 'files come before a fleet'
else
	not_ok 'files come before a fleet' "$(cat "$work/files.err")"
fi
url=$(ch_url 1)
cat >"$work/conf" <<END
[store]
url = $url
END
MXTREND_CONFIG=$work/conf run configured report -f json
equal 'the configuration names a fleet' configured

ch_kill 2
fails 'a shard that is down is status 69' 69 'ClickHouse' report \
    --store "$(ch_url 1)"
ch_restart 2

# Who answers is a stranger, too: a relay that spoils the answers.
cat >"$work/relay.py" <<'END'
import http.server
import random
import sys
import time
import urllib.request

port, cut = sys.argv[1], sys.argv[2]
chance = random.Random(7)
asked = 0


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global asked
        asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = urllib.request.urlopen(
            f"http://127.0.0.1:{port}{self.path}", body).read()
        length = len(answer)
        if cut == "within" and asked > 6 and len(answer) > 40:
            answer = answer[:len(answer) // 2 + 1]
            length = len(answer)
        elif cut == "died" and asked > 6 and len(answer) > 40:
            answer = answer[:len(answer) // 2]
        elif cut == "silent" and asked > 6:
            time.sleep(60)
        elif cut == "noise" and asked > 3:
            spoiled = bytearray(answer)
            for _ in range(1 + len(spoiled) // 500):
                if spoiled:
                    spoiled[chance.randrange(len(spoiled))] = \
                        chance.randrange(256)
            answer = bytes(spoiled)
        elif cut == "huge" and asked > 6:
            answer = b"\xff" * 100000
            length = len(answer)
        elif cut == "words" and asked > 6:
            answer = b"Code: 241. DB::Exception: Memory limit exceeded"
            self.send_response(500)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(answer)
        if length != len(answer):
            self.close_connection = True

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Relay)
print(server.server_port, flush=True)
server.serve_forever()
END
relay() { # HOW: its port
	[ -z "$fake" ] || kill "$fake" 2>/dev/null || true
	rm -f "$work/relay"
	python3 "$work/relay.py" "$(ch_port 1 http)" "$1" >"$work/relay" \
	    2>/dev/null &
	fake=$!
	for _ in $(seq 100); do
		[ ! -s "$work/relay" ] || break
		sleep 0.1
	done
	relay_url=clickhouse://127.0.0.1:$(cat "$work/relay")/fleet
}
relay none
run relayed report -f json --store "$relay_url"
equal 'the relay changes nothing' relayed
relay within
fails 'an answer that ends within a row is status 65' 65 'within a row' \
    report --store "$relay_url"
relay died
echo kept >"$work/kept.html"
fails 'a server that dies in mid-answer is status 69' 69 'relay\|127.0.0.1' \
    report -f html -o "$work/kept.html" --store "$relay_url"
if [ "$(cat "$work/kept.html")" = kept ]; then
	ok 'and the file stays as it was'
else
	not_ok 'and the file stays as it was'
fi
relay huge
fails 'lengths that cannot be are status 65' 65 'cannot be read' report \
    --store "$relay_url"
relay words
fails 'an exception of the server is status 69' 69 'Memory limit' report \
    --store "$relay_url"
relay silent
cat >"$work/hasty" <<END
[clickhouse]
silence = 2s
END
MXTREND_CONFIG=$work/hasty fails 'a server that says nothing is status 69' 69 \
    'no answer for 2 seconds' report --store "$relay_url"
relay noise
: >"$work/bad"
for i in $(seq 6); do
	run noise report -f json --store "$relay_url"
	case $(cat "$work/noise.status") in
	0 | 65 | 66 | 69) ;;
	*) cat "$work/noise.status" "$work/noise.err" >>"$work/bad" ;;
	esac
done
check 'spoiled answers end in a status' "$work/bad"

# A host that hashes recipients is asked with its key.
cat >"$work/hashed" <<END
[privacy]
recipients = hashed
END
"$genlog" --seed 5 --days 1 --per-day 400 --start 2026-11-09 --host-name mx5 \
    --zone UTC -o "$work/mx5.log" >/dev/null
MXTREND_CONFIG=$work/hashed read_log s5 "$work/mx5.log"
push s5 1 || not_ok 'push s5' "$(tail -n 2 "$work/push.err")"
hashed_to=$(sed -n 's/.*smtp\[[0-9]*\]: [0-9A-Za-z]*: to=<\([^>]*\)>.*=bounced .*/\1/p' \
    "$work/mx5.log" | head -n 1)
[ -n "$hashed_to" ] || not_ok 'there is a recipient to trace'
run plain trace --recipient "$hashed_to" --store "$url"
if grep -q '^nothing of it' "$work/plain.out" &&
    [ "$(wc -l <"$work/plain.err")" = 1 ] &&
    grep -q 'privacy.key' "$work/plain.err"
then
	ok 'what is not found may be hashed, and that is told'
else
	not_ok 'what is not found may be hashed, and that is told' \
	    "$(cat "$work/plain.out" "$work/plain.err")"
fi
mkdir -p "$work/reader"
export MXTREND_CONFIG="$work/hashed"
fails 'a fleet that hashes is not asked without its key' 66 'privacy.key' \
    --state "$work/reader" trace --recipient "$hashed_to" --store "$url"
cp -p "$work/s5/privacy.key" "$work/reader/"
run hashed --state "$work/reader" trace --recipient "$hashed_to" --store "$url"
run at_host --state "$work/s5" trace --recipient "$hashed_to"
export MXTREND_CONFIG=/dev/null
if grep -q 'bounced' "$work/hashed.out" && [ ! -s "$work/hashed.err" ] &&
    ! grep -q "${hashed_to%@*}" "$work/hashed.out" &&
    cmp -s "$work/hashed.out" "$work/at_host.out"
then
	ok 'with the key it answers as the host does'
else
	not_ok 'with the key it answers as the host does' \
	    "$(diff "$work/hashed.out" "$work/at_host.out" | head -n 10)" \
	    "$(cat "$work/hashed.err")"
fi

# Of another mxtrend.
ch_sql 1 "INSERT INTO push SELECT origin, version + 1, time, store, slot_s,
    99, tool FROM push WHERE version = (SELECT max(version) FROM push) LIMIT 1"
sleep 1
fails 'a store of a newer mxtrend is status 65' 65 'newer mxtrend' report \
    --store "$(ch_url 1)"
for schema in 1 3; do
	ch_sql 1 'DROP TABLE meta'
	ch_sql 1 "CREATE VIEW meta AS SELECT toUInt32($schema) AS schema,
	    '' AS replicated_in"
	fails "tables of another mxtrend ($schema) are status 65" 65 \
	    'another mxtrend' report --store "$(ch_url 1)"
done

finish
