# The same reports in any order and pieces, twice, from two stores that both
# got some of them: the document is the same. Prune takes addresses, no sums.
python3 "$ROOT/tests/support/witness_set.py" .
# one of each kind, some of them in several wrappings
set -- arf.eml bounce-exim-text.eml bounce-qmail.eml dmarc-deviations.xml \
    dmarc-no-rows.xml dmarc-rfc2231.eml dmarc-rfc9990.xml dmarc.zip \
    dmarc.xml.gz dsn-postfix.eml jmrp-2025.eml jmrp-2026.eml \
    ndr-exchange.eml reports.mbox snds-data.csv snds-ipstatus.csv \
    tlsrpt.eml tlsrpt.json
mkdir got
for it in "$@"; do
	cp "$SAMPLES/reports/$it" got
done
set --
m() {
	mxtrend -c own.conf --now 2026-11-24 --tz UTC "$@"
}
json() {
	m --state "$1" --since 2025-11-01 --until 2026-11-25 report -f json
}
m --state all -q ingest mail.log ./*.xml.gz got/*
json all >all.json
# backwards, one by one, twice
for it in got/* ./*.xml.gz mail.log; do
	set -- "$it" "$@"
done
for it in "$@" "$@"; do
	m --state one -q ingest "$it"
done
json one >one.json
python3 "$ROOT/tests/truth/same.py" all.json one.json
# two hosts: both got the mails, one of them has the log
m --state a -q ingest mail.log ./*[1-5].xml.gz got/*
m --state b -q ingest ./*[3-8].xml.gz got/*
m --state ab -q merge a b b
m --state ba -q merge b a
for it in ab ba; do
	json $it >$it.json
	python3 "$ROOT/tests/truth/same.py" all.json $it.json
done
# a year later the addresses are gone, in the file too, and the sums are there
mxtrend --state all --now 2027-11-20 prune --keep 30d | sed 's/[0-9]* rows/N rows/'
json all >pruned.json
python3 - all.json pruned.json <<'END'
import json, sys
a, b = (json.load(open(path)) for path in sys.argv[1:])
for key in ("dmarc", "tls", "complaints", "snds", "witness", "bounces"):
    print(key, len(a[key]), "same" if a[key] == b[key] else "differ")
END
for it in user@outlook.com news@example.com; do
	! grep -q -a -F "$it" all/mxtrend.db || echo "$it is left"
done
# and a report of then is still known
m --state all ingest "$SAMPLES/reports/arf.eml" "$SAMPLES/reports/dmarc.zip" \
    "$SAMPLES/reports/dsn-postfix.eml"
cat "$SAMPLES/reports/arf.eml" | m --state all ingest -
