# HTML and Prometheus: the same numbers as the text; labels are ours alone.
python3 "$ROOT/tests/support/witness_set.py" .
report() {
	mxtrend -c own.conf --now 2026-11-20 --tz UTC report "$@" mail.log \
	    ./*.xml.gz "$SAMPLES/reports/tlsrpt.json"
}
report -f prom | grep -e '^mxtrend_dmarc' -e '^mxtrend_witness'
report -f html >page.html
grep -o '<h2>[^<]*</h2>' page.html | grep -e witness -e DMARC -e TLS
# the block of the two days, in Gmail's own words
grep -o 'title="2026-11-1[67] [a-z ]*">[^<]*</i>' page.html | grep -e share -e none
# nothing of it without reports
mxtrend --now 2026-11-20 --tz UTC report -f prom mail.log |
    grep -c -e dmarc -e witness || true
