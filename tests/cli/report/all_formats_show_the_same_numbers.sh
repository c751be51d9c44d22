# The JSON document is the measure: every number of every other format is one of
# its, for a host with one address and for one with several.
genlog=$(dirname "$(command -v mxtrend)")/../release/tests/gen/genlog
"$genlog" --seed 4 --days 5 --per-day 400 --hosts 2 \
    --style iso --episode provider=microsoft-consumer,start=2026-11-03T00:00:00Z,kind=block \
    -o busy.log
check() {
	dir=$1 now=$2
	shift 2
	mkdir "$dir"
	set -- --tz Europe/Berlin --log-tz Europe/Berlin --now "$now" report \
	    --top 100000 "$@"
	for format in json html prom xlsx; do
		mxtrend "$@" -f $format -o "$dir/report.$format"
	done
	COLUMNS=200 mxtrend "$@" >"$dir/report.txt"
	for table in totals providers sources pairs domains series days \
	    reasons replies episodes annotations coverage left_out inputs; do
		mxtrend "$@" -f csv --table $table -o "$dir/$table.csv"
	done
	mxtrend "$@" -f tsv --table providers -o "$dir/providers.tsv"
	python3 "$ROOT/tests/support/check_same_numbers.py" "$dir"
	for script in "xlsx/check_xlsx.py $dir/report.json $dir/report.xlsx" \
	    "support/check_schema.py $ROOT/reports/report.schema.json $dir/report.json"; do
		# Debian's own Python has the modules; 77 is where it has not
		# shellcheck disable=SC2086
		/usr/bin/python3 "$ROOT"/tests/$script || test $? = 77
	done
}
check demo 2026-11-23T00:17:00+01:00 "$ROOT"/samples/demo/mail.log*
check busy 2026-11-06T00:17:00+01:00 busy.log

# remarks: in an episode, beside one, about nobody; a check, and hostile text
mxtrend --state s --log-tz Europe/Berlin -q ingest "$ROOT"/samples/demo/mail.log*
remark() {
	mxtrend --state s --tz UTC annotate "$@"
}
remark 2026-11-20T09:00 --ip 192.0.2.9 "delisting request 1 sent, ticket 12345"
remark 2026-11-21T09:00 --provider gmail "asked; <b>no</b> answer & none expected"
remark 2026-11-22T09:00 "=1+2 moved to a new rack"
printf '2026-11-21T10:00Z\t-\t192.0.2.9\tdnsbl\tzen.spamhaus.org: not listed\n' >checks.tsv
mxtrend --state s annotate --import checks.tsv >/dev/null
check remarks 2026-11-23T00:17:00+01:00 --state s
