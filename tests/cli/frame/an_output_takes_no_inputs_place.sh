# An output replaces what has its name: not the store, nor what it is made of.
cp "$SAMPLES/postfix/reasons.log" mail.log
ln -s mail.log link
mxtrend --state state -q ingest mail.log
try() {
	status=0
	mxtrend --state state --now 2026-11-26 "$@" || status=$?
	echo "$status"
}
try report -o state/mxtrend.db
try report -o state/mxtrend.lock
try report mail.log -o ./mail.log
try report link -o mail.log
try parse mail.log -o mail.log
printf '[inputs]\nfiles = mail.log\n[outputs]\ntext = state/mxtrend.db\n' >conf
try -c conf -q nightly
cmp mail.log "$SAMPLES/postfix/reasons.log"
try status | head -n 1
# a device is no file that could be lost
try report - -o /dev/null </dev/null
