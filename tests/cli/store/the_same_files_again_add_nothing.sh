# Renamed, gzipped, under another name: known by content.
cp "$SAMPLES"/demo/mail.log "$SAMPLES"/demo/mail.log.1 .
mxtrend --state s --now 2026-11-23 ingest mail.log mail.log.1
mxtrend --state s --now 2026-11-23 report -f json >before.json
mv mail.log.1 mail.log.2
mv mail.log mail.log.1
gzip -c mail.log.2 >archive.gz
mxtrend --state s --now 2026-11-23 ingest mail.log.1 mail.log.2 archive.gz
mxtrend --state s --now 2026-11-23 report -f json >after.json
python3 "$ROOT/tests/truth/same.py" \
	before.json after.json
