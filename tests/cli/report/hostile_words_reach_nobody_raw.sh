# One corpus of hostile texts over every command and format, judged by a program
# that knows the formats and not this one.
python3 "$ROOT/tests/support/hostile_log.py" >"$(printf 'lo\033[31mg')"
set -- --tz Europe/Berlin --log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00
mkdir out
for format in json html xlsx prom; do
	mxtrend "$@" report -f $format -o out/report.$format lo*
done
LC_ALL=C mxtrend "$@" report --top 1000 lo* >out/ascii.txt
LC_ALL=C.UTF-8 mxtrend "$@" report --top 1000 lo* >out/utf8.txt
for table in replies reasons domains providers pairs episodes series inputs; do
	mxtrend "$@" report -f csv --table $table -o out/$table.csv lo*
	mxtrend "$@" report -f tsv --table $table -o out/$table.tsv lo*
done
mxtrend "$@" parse --skipped lo* >out/facts.jsonl
mxtrend "$@" parse --anonymize --anonymize-also=domains,ips lo* \
    >out/hidden.jsonl
mxtrend "$@" report --anonymize --anonymize-also=domains,ips lo* \
    >out/hidden.txt
mxtrend "$@" episodes lo* >out/episodes.txt
mxtrend "$@" episodes -f json lo* >out/episodes.json
mxtrend "$@" evidence microsoft-consumer --with-addresses lo* >out/evidence.txt
mxtrend "$@" diff 2026-11-16..2026-11-20 2026-11-20..2026-11-23 lo* >out/diff.txt
mxtrend "$@" --state store ingest lo* >out/ingest.txt
mxtrend "$@" --state store status >out/status.txt
python3 "$ROOT/tests/support/check_harmless.py" out/*
python3 "$ROOT/tests/support/check_schema.py" \
    "$ROOT/reports/report.schema.json" out/report.json || test $? = 77
