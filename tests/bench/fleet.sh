#!/bin/sh
# What reports over many hourly rows cost a ClickHouse server, in seconds of
# its processors. Five days of one host are read and pushed; the server makes
# of them a year of many hosts: working days, weekends, and on one host-day of
# twenty a block. Details are those of the last 90 days, as by default.
#   fleet.sh DIRECTORY-OF-THE-BUILD [HOSTS [DIRECTORY]]
# HOSTS 41, the default: 100 million rows of total, up to 10 GB while they are
# made (in /var/tmp) and half an hour. In DIRECTORY they are kept, and used again
# when they are there. QUERIES=N tells the N dearest questions of each report.
set -eu
mxtrend=$1/mxtrend
genlog=$1/tests/gen/genlog
hosts=${2:-41}
if [ $# -gt 2 ]; then
	work=$3
	mkdir -p "$work"
else
	work=$(mktemp -d -p /var/tmp)
fi
# shellcheck source=tests/support/clickhouse.sh
. tests/support/clickhouse.sh
trap 'ch_stop_all; [ $# -gt 2 ] || rm -rf "$work"' EXIT
export MXTREND_CONFIG=/dev/null
now=2027-01-01T00:00:00Z
# shellcheck disable=SC2034 # for ch_start
ch_more='<query_log><database>system</database><table>query_log</table>
<flush_interval_milliseconds>500</flush_interval_milliseconds></query_log>'

base() {
	for d in 1 2 3 4 5; do
		set --
		[ $d != 5 ] || set -- \
		    --episode provider=microsoft-consumer,start=2026-01-05T03:00:00Z,end=2026-01-05T20:00:00Z,kind=block \
		    --episode provider=yahoo,start=2026-01-05T10:00:00Z,end=2026-01-05T12:00:00Z,kind=throttle
		"$genlog" --seed $d --days 1 --per-day 22000 --zone UTC \
		    --start 2026-01-0$d --host-name mx1 --instances 2 \
		    --domains 4000 "$@" -o "$work/log$d" >/dev/null
	done
	"$mxtrend" --state "$work/store" --tz UTC --log-tz UTC --now $now \
	    -q ingest "$work"/log?
	"$mxtrend" --state "$work/store" --now $now -q push \
	    --to "$(ch_url 1 | sed 's,/fleet$,/base,')"
}

tables() {
	ch_sql 1 "SELECT name FROM system.tables WHERE database = 'base' AND
	    engine LIKE '%MergeTree' AND name NOT IN ('plan', 'stale', 'push',
	    'segment') ORDER BY name"
}

# What a column of a copy is, for host h and DAYS later.
copied() { # TABLE
	ch_sql 1 "SELECT multiIf(
	    name = 'origin', 'toUInt64(h + 1)',
	    name = 'day', 'to_day',
	    name = 'version', 'toUInt64(1)',
	    name = 'id', 'id + to_number * 1048576',
	    name = 'queue_id', 'concat(queue_id, toString(to_number))',
	    name IN ('host', 'source'),
		concat('concat(''mx'', toString(h), substring(assumeNotNull(',
		    name, '), 4))'),
	    name = 'slot' OR (endsWith(name, 'utc') AND type LIKE '%DateTime%'),
		concat(name, ' + shift_s'), name)
	    FROM system.columns WHERE database = 'base' AND table = '$1'
	    FORMAT TSVRaw" |
	    paste -sd,
}

# Copies of TABLE on the days of the plan that are WHICH.
copy() { # TABLE WHICH
	ch_sql 1 "INSERT INTO $1 SELECT $(copied "$1") FROM (SELECT *, toUInt16(day)
	    AS from_number FROM base.$1) ALL INNER JOIN (SELECT h, from_number,
	    to_day, toUInt16(to_day) AS to_number, if(to_number = 0, 0,
	    (toInt64(to_number) - from_number) * 86400) AS shift_s FROM plan
	    WHERE $2) USING from_number"
}

fill() {
	day=20453
	ch_sql 1 "CREATE TABLE plan (h UInt16, from_number UInt16, to_day Date)
	    ENGINE = MergeTree PARTITION BY tuple() ORDER BY h"
	ch_sql 1 "INSERT INTO plan SELECT number % $hosts AS h, multiIf(
	    toDayOfWeek(to_day) > 5, $((day - 3)) + toDayOfWeek(to_day),
	    (h * 31 + intDiv(number, $hosts)) % 20 = 0, $day + 5,
	    $day + 1 + intDiv(number, $hosts) % 2),
	    toDate('2026-01-01') + intDiv(number, $hosts) AS to_day
	    FROM system.numbers LIMIT $((hosts * 365))"
	ch_sql 1 "INSERT INTO plan SELECT number, 0, toDate(toUInt16(0))
	    FROM system.numbers LIMIT $hosts"
	for table in $(tables); do
		from='2026-01-01'
		case $table in
		attempt | late | sender_total) from=2026-10-03 ;;
		fragment) from=2026-12-31 ;;
		esac
		copy "$table" 'from_number = 0'
		for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
			copy "$table" "toYYYYMM(to_day) = 2026$month AND
			    to_day >= '$from'"
		done
	done
	ch_sql 1 "INSERT INTO segment SELECT toUInt64(h + 1), to_day, 1, 1 FROM plan"
	ch_sql 1 "INSERT INTO push SELECT toUInt64(number + 1), 1, now(),
	    concat('host ', toString(number)), 3600, schema, tool FROM
	    (SELECT schema, tool, 1 AS one FROM base.push LIMIT 1) ALL INNER JOIN
	    (SELECT number, 1 AS one FROM system.numbers LIMIT $hosts) USING one"
}

start() {
	if [ -f "$work/ch1/ports" ]; then
		ch_restart 1
		return
	fi
	ch_start 1
	sed -i 's,<profiles><default>,&<log_queries>1</log_queries>,
	s,2000000000,8000000000,' "$work/ch1/users.xml"
	ch_stop 1
	ch_restart 1
	ch_sql 1 'CREATE DATABASE base'
	# shellcheck disable=SC2034 # for ch_create
	(ch_database=base; ch_create 1 node)
	ch_create 1 node
	base
	# the sums of copies are copies of the sums
	for view in pair_hour_of pair_day_of domain_day_of; do
		ch_sql 1 "DROP TABLE $view"
	done
	fill
	ch_create 1 node
}

ticks() { # of the server, in hundredths of a second
	awk '{ print $14 + $15 }' "/proc/$(cat "$work/ch1/pid")/stat"
}

# measure NAME OPTION...: one line.
measure() {
	name=$1
	shift
	since=$(ch_sql 1 'SELECT toString(now())')
	sleep 1
	from=$(ticks)
	python3 - "$mxtrend" --now $now "$@" --store "$(ch_url 1)" \
	    >"$work/time" <<-'END'
	import resource, subprocess, sys
	subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
	used = resource.getrusage(resource.RUSAGE_CHILDREN)
	print(used.ru_utime, used.ru_stime, used.ru_maxrss)
	END
	to=$(ticks)
	sleep 2 # until the log of queries is there
	ch_sql 1 "SELECT sum(read_rows), sum(read_bytes) FROM system.query_log
	    WHERE type = 2 AND event_time > toDateTime('$since') AND
	    http_method != 0" >"$work/read"
	awk -v name="$name" -v from="$from" -v to="$to" '
	NR == 1 { user = $1 + $2; peak = $3 / 1024 }
	NR == 2 { printf "| %s | %.1f | %.1f | %.0f | %.1f | %.2f |\n",
	    name, (to - from) / 100, user, peak, $1 / 1e6, $2 / 1e9 }' \
	    "$work/time" "$work/read"
	[ -z "${QUERIES-}" ] || ch_sql 1 "SELECT query_duration_ms AS ms,
	    read_rows, round(read_bytes / 1e6) AS mb, result_rows,
	    round(memory_usage / 1e6) AS mem,
	    substring(replaceRegexpAll(query, '[ \n\t]+', ' '), 1, 150)
	    FROM system.query_log WHERE type = 2 AND event_time >
	    toDateTime('$since') AND http_method != 0 ORDER BY ms DESC LIMIT
	    $QUERIES" >&2
}

start
cat <<'END'
# Reports from a fleet

Written by `make bench-fleet` (tests/bench/fleet.sh): ClickHouse, one server,
and mxtrend on the same machine. Seconds are of processors; how long it takes
depends on how many of them the server has, and on other work.

END
rows=$(ch_sql 1 'SELECT count() FROM total')
echo "$rows rows of total of a year and $hosts hosts, $(ch_sql 1 "SELECT
    sum(deliveries) FROM (SELECT accepted + bounced + expired AS deliveries
    FROM total)" | awk '{ printf "%.0f", $1 / 1e6 }') million deliveries;" \
    "ClickHouse $(ch_sql 1 'SELECT version()')."
echo
echo '| report of | server, s | reader, s | its peak MiB | rows read, millions | GB read |'
echo '|---|---|---|---|---|---|'
measure 'a day' report --tz UTC --since 2026-11-30 --until 2026-12-01
measure 'a month' report --tz UTC --since 2026-11-01 --until 2026-12-01
measure 'a month, Europe/Berlin' report --tz Europe/Berlin \
    --since 2026-11-01 --until 2026-12-01
measure 'a month, one provider' report --tz UTC --since 2026-11-01 \
    --until 2026-12-01 --provider gmail
measure 'a month and the one before' report --tz UTC \
    --since 2026-11-01 --until 2026-12-01 --compare prev
measure 'the year' report --tz UTC --since 2026-01-01 --until 2027-01-01
