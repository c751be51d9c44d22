#!/bin/sh
# The tables of a cluster as they are printed, on two shards of two replicas
# with a ZooKeeper: what one of them says is what all say, whoever is away or
# behind. replicated.sh DIRECTORY-OF-THE-BUILD
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
mxtrend=$1/mxtrend
genlog=$1/tests/gen/genlog
work=$(mktemp -d)
# shellcheck source=tests/support/clickhouse.sh
. tests/support/clickhouse.sh
trap 'ch_stop_all; rm -rf "$work"' EXIT
if [ -z "${TEST_REPLICATED:-}" ]; then
	skip 'a replicated cluster' \
	    'it takes minutes: make check-replicated runs it'
	finish
	exit 0
fi
if ! ch_there || ! zk_there; then
	skip 'a replicated cluster' \
	    'clickhouse-server, zookeeper or java is not installed'
	finish
	exit 0
fi
export MXTREND_CONFIG=/dev/null
now=2026-11-12T00:00:00Z

read_log() { # STORE FILE
	"$mxtrend" --state "$work/$1" --tz UTC --log-tz UTC --now "$now" -q \
	    ingest "$2" >/dev/null 2>&1 || true
}
push() { # STORE SERVER [OPTION]...
	store=$1
	server=$2
	shift 2
	"$mxtrend" --state "$work/$store" --now "$now" -q push \
	    --to "$(ch_url "$server")" "$@" 2>"$work/push.err"
}
# The same, which must end well.
pushed() {
	push "$@" || not_ok "push $*" "$(cat "$work/push.err")"
}
shard_of() { # STORE: 1 or 2, as the sharding key has it
	python3 - "$work/$1/mxtrend.db" <<-'PYTHON'
	import sqlite3
	import sys
	[(name,)] = sqlite3.connect(sys.argv[1]).execute(
	    "SELECT id FROM origin")
	print(int(name[:16], 16) % 2 + 1)
	PYTHON
}
merged() { # the truth: one store of all logs
	rm -rf "$work/all"
	"$mxtrend" --state "$work/all" -q merge "$work/s1" "$work/s2" \
	    "$work/s3"
	"$mxtrend" --state "$work/all" --now "$now" report -f json \
	    >"$work/truth" 2>"$work/truth.err"
}
# From each of SERVER... the same report, to the last byte.
alike() { # NAME SERVER...
	name=$1
	shift
	: >"$work/bad"
	for i; do
		"$mxtrend" --state "$work/none" --now "$now" report -f json \
		    --store "$(ch_url "$i")" >"$work/got" 2>"$work/got.err" ||
		    echo "server $i: status $?" >>"$work/bad"
		cat "$work/got.err" >>"$work/bad"
		diff "$work/truth" "$work/got" | head -n 4 >>"$work/bad"
	done
	check "$name" "$work/bad"
}
# One line, nothing on standard output, and that status.
fails() { # NAME STATUS WORDS COMMAND...
	fails_name=$1
	want=$2
	words=$3
	shift 3
	set +e
	"$@" >"$work/got" 2>"$work/got.err"
	got=$?
	set -e
	if [ "$got" = "$want" ] && [ "$(wc -l <"$work/got.err")" = 1 ] &&
	    grep -q "$words" "$work/got.err" && [ ! -s "$work/got" ]
	then
		ok "$fails_name"
	else
		not_ok "$fails_name" "status $got" "$(cat "$work/got.err")"
	fi
}
report_from() { # SERVER
	"$mxtrend" --state "$work/none" --now "$now" report -f json \
	    --store "$(ch_url "$1")"
}
push_to() { # STORE SERVER
	"$mxtrend" --state "$work/$1" --now "$now" -q push \
	    --to "$(ch_url "$2")"
}

tidy() { # SERVER
	"$mxtrend" push --schema=tidy-cluster |
	    clickhouse-client --port "$(ch_port "$1" tcp)" -d fleet \
	    --multiquery
}

# s1 on the first shard, s2 on the second, s3 where it falls.
for n in 1 2 3; do
	"$genlog" --seed $n --days 6 --per-day 400 --start 2026-11-02 \
	    --host-name mx$n --zone UTC --random-episodes 2 \
	    --episode provider=microsoft-consumer,start=2026-11-03T06:00:00Z,end=2026-11-05T07:00:00Z,kind=block \
	    -o "$work/mx$n.log" >/dev/null
	lines=$(wc -l <"$work/mx$n.log")
	head -n "$((lines / 3))" "$work/mx$n.log" >"$work/mx$n.first"
	head -n "$((lines * 2 / 3))" "$work/mx$n.log" >"$work/mx$n.second"
	for _ in $(seq 40); do
		rm -rf "$work/s$n"
		read_log s$n "$work/mx$n.first"
		if [ $n = 3 ] || [ "$(shard_of s$n)" = $n ]; then
			break
		fi
	done
done

if ! zk_start || ! ch_start 2 2; then
	not_ok 'servers start'
	finish
	exit 1
fi
: >"$work/bad"
for i in 1 2 3 4; do
	ch_create $i cluster >>"$work/bad" 2>&1 || echo "server $i" >>"$work/bad"
done
check 'what is printed for a cluster makes its tables' "$work/bad"

# A replica that is away gets what it missed.
pushed s1 1
ch_kill 2
pushed s2 3
pushed s3 1
merged
alike 'with a replica down all of it is there' 1 3 4
ch_restart 2
alike 'and from that replica, once it runs again' 2 1

# One killed in the middle of pushes.
for n in 1 2 3; do
	read_log s$n "$work/mx$n.second"
done
for n in 1 2; do
	push s$n 4 & pusher=$!
	sleep 0.1
	ch_kill $((2 * n - 1))
	wait "$pusher" || true
	ch_restart $((2 * n - 1))
done
for n in 1 2 3; do
	push s$n 2 || pushed s$n 4
done
merged
alike 'after kills in mid-push all is there, once' 1 2 3 4
for n in 1 2 3; do
	pushed s$n $n --again
	pushed s$n $((n + 1)) --again
done
alike 'sent twice more, it is there once' 1 2 3 4

# A replica that does not get what the other one took.
ch_sql 2 'SYSTEM STOP FETCHES'
read_log s1 "$work/mx1.log"
pushed s1 1
merged
[ "$(ch_sql 1 'SELECT count() FROM push_local')" -gt \
    "$(ch_sql 2 'SELECT count() FROM push_local')" ] ||
    not_ok 'the replica is behind'
alike 'while a replica lags the other one answers' 2 1 3
if ! tidy 2 >"$work/got" 2>&1 && grep -q throwIf "$work/got"; then
	ok 'tidying stops on a replica that lags'
else
	not_ok 'tidying stops on a replica that lags' "$(cat "$work/got")"
fi
ch_kill 1
fails 'where only the lagging one is left, it is status 75' 75 \
    'a replica does not have all that was pushed' report_from 2
read_log s1 "$work/mx1.log"
"$mxtrend" --state "$work/s1" -q annotate 2026-11-05T10:00 told >/dev/null
fails 'a push does not take the gap for a loss' 75 \
    'a replica does not have all that was pushed' push_to s1 2
ch_restart 1
ch_sql 2 'SYSTEM START FETCHES'
pushed s1 2
merged
alike 'once it has caught up, each answers' 1 2 3 4

# Without ZooKeeper nobody knows whether he has all of it.
zk_kill
"$mxtrend" --state "$work/s2" -q annotate 2026-11-05T11:00 told >/dev/null
sleep 8
fails 'without ZooKeeper a report is status 75' 75 'its ZooKeeper' \
    report_from 1
fails 'and a push, too' 75 'its ZooKeeper' push_to s2 3
zk_restart
for _ in $(seq 60); do
	push s2 3 && break
	sleep 0.5
done
merged
alike 'with ZooKeeper back, what waited is there' 1 2 3 4

# Old versions go, whichever replica is told so.
before=$(ch_sql 1 'SELECT count() FROM total')
for i in 2 3; do
	ch_sql $i "INSERT INTO push_local SELECT origin, version, time - 7200,
	    store, slot_s, schema, tool FROM push_local"
	tidy "$i"
done
rows=$(python3 - "$work" <<-'PYTHON'
	import sqlite3
	import sys
	print(sum(sqlite3.connect(f"{sys.argv[1]}/s{n}/mxtrend.db").execute(
	    "SELECT count(*) FROM total").fetchone()[0] for n in (1, 2, 3)))
	PYTHON
)
for _ in $(seq 100); do
	left=$(for i in 1 2 3 4; do ch_sql $i 'SELECT count() FROM
	    total_local'; done | awk '{ n += $1 } END { print n }')
	[ "$left" != $((2 * rows)) ] || break
	sleep 0.2
done
if [ "$left" = $((2 * rows)) ] && [ "$before" -gt "$rows" ]; then
	ok 'tidying leaves on each replica what counts'
else
	not_ok 'tidying leaves on each replica what counts' \
	    "$before before, $left left, $rows count"
fi
alike 'and reports stay the same' 1 2 3 4

finish
