log=$SAMPLES/demo/mail.log.1
head -c 50000 "$log" >mail.log # ends in the middle of a line
touch mail.log
mxtrend --state s ingest mail.log >/dev/null
cat "$log" >mail.log
mxtrend --state s ingest mail.log >/dev/null
mxtrend --state whole ingest "$log" >/dev/null
for state in s whole; do
	mxtrend --state $state --now 2026-11-23 report -f json >$state.json
done
python3 "$ROOT/tests/truth/same.py" s.json whole.json
