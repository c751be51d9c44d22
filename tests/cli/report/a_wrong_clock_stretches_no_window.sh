# Some lines of 1970 and one of 2099 beside a week of log: without --since and
# --until they are left out, counted and told, in every format; whoever asks
# for them has them. Two logs that are both worth something stay together.
export LC_ALL=C
delivery() { # TIME ID
	printf '%s mx postfix/smtp[1]: %s: to=<a@example.com>, relay=mx.example.com[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n' "$1" "$2"
}
log() { # FIRST-DAY COUNT
	i=0
	while [ $i -lt "$2" ]; do
		delivery "$(printf '%s-%02dT10:%02d:00+00:00' "$1" \
		    $((i % 7 + 10)) $((i / 7)))" "$(printf '4A%s%04dX' \
		    "$(echo "$1" | tr -d -)" $i)"
		i=$((i + 1))
	done
}
{
	delivery 1970-01-01T00:00:09+00:00 4A1970A
	delivery 1970-01-02T00:00:09+00:00 4A1970B
	log 2026-11 70
	delivery 2099-03-04T05:06:07+00:00 4A2099X
} >mail.log
set -- --tz UTC --now 2026-11-17T00:00:00Z report
mxtrend "$@" mail.log | grep -A8 '^COVERAGE'
for format in json xlsx html prom; do
	mxtrend "$@" -o report.$format mail.log
done
python3 - <<'PY'
import json
document = json.load(open("report.json"))
print(document["window"]["since"], document["window"]["until"],
      len(document["window"]["days"]), document["totals"]["deliveries"])
print([one["state"] for one in document["coverage"]])
PY
echo "page: $(grep -c 'Left out: .* of [12]' report.html)"
grep '^mxtrend_log_lines_left_out' report.prom
python3 -c 'import zipfile
print(zipfile.ZipFile("report.xlsx").read("xl/sharedStrings.xml").decode())' |
    grep -o 'Left out: [0-9]* line'
mxtrend "$@" -f csv --table left_out mail.log

echo "asked for:"
mxtrend "$@" --since 1970-01-01 -f csv --table totals mail.log | cut -d, -f1
mxtrend "$@" --since 1970-01-01 -f csv --table left_out mail.log
mxtrend "$@" --until 2099-03-05 -f csv --table left_out mail.log

echo "kept:"
mxtrend --state s -q ingest mail.log
mxtrend --state s --tz UTC status | grep -A3 -e ' lines  mail' -e ^FAR

echo "two logs:"
{ log 2019-05 70; log 2026-11 70; } >two.log
mxtrend "$@" -f json two.log >two.json
python3 - <<'PY'
import json
document = json.load(open("two.json"))
print(document["window"]["since"], document["window"]["until"],
      document["totals"]["deliveries"], document["left_out"])
PY
