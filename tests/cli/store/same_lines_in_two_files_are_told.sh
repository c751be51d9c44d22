cp "$SAMPLES/demo/mail.log.1" mail.log
{
	echo 'Nov 20 22:00:00 mail cron[12]: (root) CMD (true)'
	cat mail.log
} >syslog
mxtrend --state s -q ingest mail.log
mxtrend --state s -q ingest syslog
