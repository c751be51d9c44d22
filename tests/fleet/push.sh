#!/bin/sh
# What a push leaves in real ClickHouse servers: what the store has, once,
# whatever happened on the way. push.sh DIRECTORY-OF-THE-BUILD
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
mxtrend=$1/mxtrend
genlog=$1/tests/gen/genlog
work=$(mktemp -d)
# shellcheck source=tests/support/clickhouse.sh
. tests/support/clickhouse.sh
trap 'ch_stop_all; rm -rf "$work"' EXIT
if ! ch_there; then
	skip 'pushes to a real server' 'clickhouse-server is not installed'
	finish
	exit 0
fi
export MXTREND_CONFIG=/dev/null

# same NAME A B
same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:  $2" "want: $3"
	fi
}

push() { # STORE SERVER
	store=$1
	server=$2
	shift 2
	"$mxtrend" --state "$work/$store" --now 2026-11-08T00:00:00Z push \
	    --to "$(ch_url "$server")" "$@" 2>&1
}
# The same, which must end well.
pushed() {
	push "$@" >"$work/said" || not_ok "push $*" "$(cat "$work/said")"
}
status_of() {
	set +e
	"$@" >"$work/said" 2>&1
	echo $?
	set -e
}

# What counts: the rule of mxtrend-push(1), as a WHERE.
counted='(origin, day, version) GLOBAL IN (SELECT origin, day, max(version)
FROM segment WHERE (origin, version) GLOBAL IN (SELECT origin, version FROM
(SELECT DISTINCT origin, version FROM segment) GLOBAL ALL INNER JOIN (SELECT
origin, max(version) AS newest FROM push GROUP BY origin) USING origin WHERE
version <= newest) GROUP BY origin, day)'

# Sums of what the fleet counts, and of the same in the stores, by Python.
there() { # SERVER
	{
		echo "SELECT count(), sum(messages), sum(accepted_attempts),
		    sum(deferred_attempts), sum(bounced_attempts),
		    sum(arraySum(delay_count)), sum(arraySum(vote_n)), ''
		    FROM total WHERE $counted;"
		echo "SELECT count(), sum(votes), sum(length(words)),
		    uniq(reply) FROM attempt WHERE $counted;"
		for table in message_gap reply_total coverage fragment late \
		    sender_total \
		    source reply input dmarc_row tls_policy complaint \
		    bounce_mail annotation
		do
			echo "SELECT '$table', count() FROM $table WHERE" \
			    "$counted;"
		done
	} | clickhouse-client --port "$(ch_port "$1" tcp)" -d "$ch_database" \
	    --multiquery
}

here() { # STORE...
	python3 - "$work" "$@" <<-'END'
	import sqlite3
	import sys
	def number(blob, at):
	    value = shift = 0
	    while True:
	        byte = blob[at]
	        at += 1
	        value |= (byte & 127) << shift
	        shift += 7
	        if byte < 128:
	            return value, at
	def counts(blob):
	    at = total = 0
	    while blob and at < len(blob):
	        step, at = number(blob, at)
	        count = 1
	        if step & 1:
	            count, at = number(blob, at)
	        total += count
	    return total
	stores = [sqlite3.connect(f"{sys.argv[1]}/{s}/mxtrend.db")
	          for s in sys.argv[2:]]
	def rows(sql):
	    return [row for s in stores for row in s.execute(sql)]
	totals = rows("SELECT messages, accepted_attempts, deferred_attempts,"
	              " bounced_attempts, delays, votes FROM total")
	print(len(totals), *[sum(r[i] for r in totals) for i in range(4)],
	      sum(counts(r[4]) for r in totals),
	      sum(counts(r[5]) for r in totals), "", sep="\t")
	attempts = rows("SELECT votes, words, p.text, fingerprint, reason, token,"
	                " rule FROM attempt JOIN reply AS r ON r.id = reply JOIN"
	                " name AS p ON p.id = r.provider".replace(
	                    "SELECT votes", "SELECT attempt.votes"))
	print(len(attempts), sum(a[0] for a in attempts),
	      sum(len(bytes(a[1])) for a in attempts if a[1] is not None),
	      len({a[2:] for a in attempts}), sep="\t")
	for table in """message_gap reply_total coverage fragment late sender_total source reply
	        input dmarc_row tls_policy complaint bounce_mail
	        annotation""".split():
	    print(table, sum(r[0] for r in rows(f"SELECT count(*) FROM {table}")),
	          sep="\t")
	END
}

for n in 1 2 3; do
	"$genlog" --seed $n --days 3 --per-day 800 --start 2026-11-02 \
	    --host-name mx$n --zone UTC --episode \
	    provider=gmail,start=2026-11-03T06:00:00Z,end=2026-11-04T06:00:00Z,kind=block \
	    -o "$work/mx$n.log" >/dev/null
	half=$(($(wc -l <"$work/mx$n.log") / 2))
	head -n "$half" "$work/mx$n.log" >"$work/mx$n.first"
done
read_log() { # STORE FILE...
	store=$1
	shift
	"$mxtrend" --state "$work/$store" --tz UTC --log-tz UTC --now \
	    2026-11-08T00:00:00Z -q ingest -r "$@" >/dev/null 2>&1 || true
}
read_log s1 "$work/mx1.first" samples/reports
read_log s2 "$work/mx2.first"
read_log s3 "$work/mx3.first"

ch_start 2 || { not_ok 'servers start'; finish; exit 1; }
ch_create 1 cluster
ch_create 2 cluster

same 'a database without the tables is status 78' \
    "$(ch_database=default status_of push s1 1)" 78
pushed s1 1
same 'what one store has is there' "$(there 1)" "$(here s1)"
same 'a second push has nothing to send' "$(push s1 1)" \
    "nothing new for 127.0.0.1:$(ch_port 1 http)/$ch_database"
pushed s2 2
pushed s3 1
same 'three stores over two servers, from either one' "$(there 2)" \
    "$(here s1 s2 s3)"
same 'a store is on one shard' "$(for i in 1 2; do
    ch_sql $i 'SELECT DISTINCT origin FROM total_local WHERE origin != 0'
    done | sort |
    uniq -d | wc -l)" 0

# Whole logs now: days that were there change.
read_log s1 "$work/mx1.log"
read_log s2 "$work/mx2.log"
read_log s3 "$work/mx3.log"
before=$(there 1)
ch_kill 2
same 'with a shard killed a push ends with status 69' \
    "$(status_of push s3 1)" 69
same 'it says so in one line' "$(wc -l <"$work/said")" 1
same 'and what waits is told' "$("$mxtrend" --state "$work/s3" --now \
    2026-11-08T00:00:00Z status -f json | python3 -c 'import json, sys
print(json.load(sys.stdin)["push"]["waiting_from"])')" 2026-11-02
ch_restart 2
same 'nothing has changed there' "$(there 1)" "$before"
for s in s1 s2 s3; do pushed $s 1; done
same 'after the outage all is there' "$(there 1)" "$(here s1 s2 s3)"
[ "$before" != "$(there 1)" ] || not_ok 'the days had changed' "$before"

# A server killed at any moment: whatever arrived, the facts are the same.
for wait in 0.05 0.1 0.2 0.3; do
	"$mxtrend" --state "$work/s1" -q push --again --to "$(ch_url 1)" \
	    2>/dev/null &
	pusher=$!
	sleep "$wait"
	ch_kill 2
	wait "$pusher" || true
	ch_restart 2
	same "a server killed after $wait s changes nothing" "$(there 1)" \
	    "$(here s1 s2 s3)"
done

# Killed at any moment.
for wait in 0.02 0.05 0.08 0.12 0.2; do
	"$mxtrend" --state "$work/s1" -q annotate 2026-11-03T00:00:00Z \
	    "at $wait" >/dev/null
	"$mxtrend" --state "$work/s1" -q push --again --to "$(ch_url 2)" \
	    2>/dev/null &
	pusher=$!
	sleep "$wait"
	kill -9 "$pusher" 2>/dev/null || true
	wait "$pusher" 2>/dev/null || true
done
pushed s1 2
same 'after five kills all is there, once' "$(there 1)" "$(here s1 s2 s3)"

# Twice at the same time.
"$mxtrend" --state "$work/s2" -q push --again --to "$(ch_url 1)" --wait 30s &
pusher=$!
push s2 2 --again --wait 30s >/dev/null || true
wait "$pusher" || true
same 'two pushes at once are as one' "$(there 1)" "$(here s1 s2 s3)"

# What goes here goes there.
"$mxtrend" --state "$work/s1" --now 2026-12-20T00:00:00Z -q prune --keep 1d
pushed s1 1
same 'what prune drops is dropped there' "$(there 1)" "$(here s1 s2 s3)"
"$mxtrend" --state "$work/s1" --now 2028-11-08T00:00:00Z -c /dev/stdin -q prune \
    --keep 1d <<-END
	[store]
	keep_totals = 300d
END
pushed s1 1
same 'totals too' "$(there 1)" "$(here s1 s2 s3)"

# A store into which others are merged.
mkdir -p "$work/all"
ch_sql 1 "CREATE DATABASE merged"
ch_sql 2 "CREATE DATABASE merged"
ch_database=merged
ch_create 1 cluster
ch_create 2 cluster
"$mxtrend" --state "$work/all" -q merge "$work/s2" "$work/s3"
pushed all 1
same 'what was merged is there' "$(there 1)" "$(here all)"
"$genlog" --seed 9 --days 1 --per-day 300 --start 2026-11-04 --host-name mx2 \
    --zone UTC -o "$work/more.log" >/dev/null
read_log s2 "$work/more.log"
"$mxtrend" --state "$work/all" -q merge "$work/s2"
pushed all 2
same 'what a newer state of it replaces, is replaced' "$(there 1)" \
    "$(here all)"

# A store brought back from a backup, and a fleet that lost what it had.
ch_database=fleet
pushed s2 2
cp -r "$work/s3" "$work/backup"
"$genlog" --seed 10 --days 1 --per-day 300 --start 2026-11-06 --host-name mx3 \
    --zone UTC -o "$work/late.log" >/dev/null
read_log s3 "$work/late.log"
pushed s3 1
rm -r "$work/s3"
mv "$work/backup" "$work/s3"
same 'an older state of a store is refused' "$(status_of push s3 1)" 65
same 'with the way out' "$(grep -c -e --again "$work/said")" 1
pushed s3 1 --again
same 'and taken when it is meant' "$(there 1)" "$(here s1 s2 s3)"
ch_sql 1 'CREATE DATABASE anew'
ch_sql 2 'CREATE DATABASE anew'
ch_database=anew
ch_create 1 cluster
ch_create 2 cluster
for s in s1 s2 s3; do pushed $s 1; done
same 'a fleet that lost everything gets everything' "$(there 1)" \
    "$(here s1 s2 s3)"

# Old versions go, what counts stays.
pushed s3 1 --again
stale=$(ch_sql 1 'SELECT count() FROM total')
for i in 1 2; do
	ch_sql $i "INSERT INTO push_local SELECT origin, version, time - 7200,
	    store, slot_s, schema, tool FROM push_local"
	"$mxtrend" push --schema=tidy-cluster |
	    clickhouse-client --port "$(ch_port $i tcp)" -d anew --multiquery
done
for _ in $(seq 100); do
	[ "$(ch_sql 1 "SELECT count() FROM system.mutations WHERE NOT is_done")$(
	    ch_sql 2 "SELECT count() FROM system.mutations WHERE NOT is_done"
	    )" != 00 ] || break
	sleep 0.1
done
same 'tidying leaves what counts' "$(there 1)" "$(here s1 s2 s3)"
same 'and nothing else' "$(ch_sql 1 'SELECT count() FROM total')" \
    "$(here s1 s2 s3 | sed -n '1s/\t.*//p')"
[ "$stale" -gt "$(ch_sql 1 'SELECT count() FROM total')" ] ||
    not_ok 'there was something to tidy' "$stale"

finish
