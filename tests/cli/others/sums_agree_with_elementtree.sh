# A thousand generated reports: the sums of the document are those that Python
# reads, whether straight from the files or over a store.
python3 "$ROOT/tests/support/check_dmarc.py" make 1000 made
mxtrend --now 2026-11-23 --tz UTC report -r -f json made >files.json
python3 "$ROOT/tests/support/dmarc_sums.py" made files.json
mxtrend --state s --now 2026-11-23 ingest -r made
mxtrend --state s --now 2026-11-23 --tz UTC report -f json >store.json
python3 "$ROOT/tests/truth/same.py" files.json store.json
# sent again: in another wrapping, in other files, in mails, all at once
mkdir again
for it in made/0*; do
	gzip -c "$it" >"again/x$(basename "$it").gz"
done
mxtrend --state s --now 2026-11-23 ingest -r again
mxtrend --state s --now 2026-11-23 --tz UTC report -f json >again.json
python3 "$ROOT/tests/truth/same.py" store.json again.json
