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
# the letter for a desk
for addresses in --with-addresses --anonymize; do
	name=out/evidence$addresses
	mxtrend "$@" evidence microsoft-consumer $addresses lo* >$name.txt
	for format in xlsx json html; do
		mxtrend "$@" evidence microsoft-consumer $addresses \
		    -f $format -o $name.$format lo*
	done
done
mxtrend "$@" diff 2026-11-16..2026-11-20 2026-11-20..2026-11-23 lo* >out/diff.txt
mxtrend "$@" --state store ingest lo* >out/ingest.txt
mxtrend "$@" --state store status >out/status.txt
# the life of each message, in full from the files, else from the store
trace() {
	name=out/trace-$1
	shift
	for wish in --reply=blocked '--reply=block list' 4jHost16z01LMzNk \
	    --recipient=v1@outlook.com; do
		n=$((${n-0} + 1))
		mxtrend "$@" trace "$wish" >"$name-$n.txt"
		mxtrend "$@" trace "$wish" --anonymize >"$name-$n-hidden.txt"
		mxtrend "$@" trace "$wish" -f json >"$name-$n.json"
	done
}
trace store "$@" --state store
mxtrend "$@" trace --reply=blocked lo* >out/trace-files.txt
mxtrend "$@" trace --reply=blocked -f json lo* >out/trace-files.json
# remarks are typed or imported; reports and letters show them
tail -c +1 lo* | grep -a ' said: ' | cut -c 1-800 | tr '\t\0' '  ' |
    sed 's/.* said: /2026-11-20T10:00:00Z	-	192.0.2.9	note	/' >remarks.tsv
mxtrend "$@" --state store annotate --import remarks.tsv >out/annotate.txt
mxtrend "$@" --state store annotate 2026-11-20 \
    "$(printf '=1+1 \033[31m<script>\342\200\256 \377')" >>out/annotate.txt
mxtrend "$@" --state store annotate --list >>out/annotate.txt
for format in text json html xlsx; do
	name=$format
	test $format = text && name=txt
	mxtrend "$@" --state store report -f $format -o out/stored.$name
	mxtrend "$@" --state store evidence microsoft-consumer \
	    -f $format -o out/stored-evidence.$name
done
mxtrend "$@" diff -f json 2026-11-16..2026-11-20 2026-11-20..2026-11-23 lo* \
    >out/diff.json
python3 "$ROOT/tests/support/check_harmless.py" out/*
python3 "$ROOT/tests/support/check_schema.py" \
    "$ROOT/reports/report.schema.json" out/report.json || test $? = 77
