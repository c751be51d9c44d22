# The greeting refuses in the last lines of one night's reading; the envelopes
# that waited for it are deferred in the next one's, or in the next file.
reasons() {
	mxtrend --state s --tz UTC --now 2026-11-27 report -f csv \
	    --table reasons --since 2026-11-20 | cut -d, -f1-6
}
refusal() {
	cat <<'END'
2026-11-20T03:00:00.000000+00:00 mx smtpd[7]: 1122334455667788 mta connecting address=smtp://203.0.113.5:25 host=mx.example.com
2026-11-20T03:00:01.000000+00:00 mx smtpd[7]: 1122334455667788 mta connected
2026-11-20T03:00:01.200000+00:00 mx smtpd[7]: 1122334455667788 mta error reason=BANNER rejected: 554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org
END
}
deferral() {
	cat <<'END'
2026-11-20T03:00:02.000000+00:00 mx smtpd[7]: 0000000000000000 mta delivery evpid=aabbccdd11223344 from=<a@example.org> to=<b@example.com> rcpt=<-> source="-" relay="example.com" delay=2s result="TempFail" stat="No valid route to remote MX"
END
}
for kind in whole grown rotated; do
	rm -rf s maillog*
	case $kind in
	whole)
		{ refusal && deferral; } >maillog
		;;
	grown)
		refusal >maillog
		mxtrend --state s -q ingest maillog
		{ refusal && deferral; } >maillog
		;;
	rotated)
		refusal >maillog
		mxtrend --state s -q ingest maillog
		mv maillog maillog.0
		deferral >maillog
		;;
	esac
	mxtrend --state s -q ingest maillog*
	echo "$kind:"
	reasons
done
