# A file that is opened while a standard stream is closed would get its number,
# and what is said would be written into that file: the lock, or a report.
log=$SAMPLES/postfix/reasons.log
run() {
	status=0
	mxtrend --state state --now 2026-11-26 "$@" || status=$?
	echo "$1: $status" >&3
}
exec 3>&1
run ingest "$log" nowhere >&-
grep -v '^process [0-9]*$' state/mxtrend.lock >&3 || :
run ingest "$log" nowhere 2>&-
grep -v '^process [0-9]*$' state/mxtrend.lock >&3 || :
run report "$log" nowhere -f json -o report.json 2>&-
python3 -c 'import json; json.load(open("report.json"))'
run report -o report.txt <&- >&- 2>&-
head -c 7 report.txt >&3
echo >&3
run report - <&-
run status >&-
