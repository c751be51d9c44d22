# The block of the sample began on 12 November and is still open.
report() {
	mxtrend --tz Europe/Berlin --log-tz Europe/Berlin \
	    --now 2026-11-23T00:17:00+01:00 report "$@" \
	    "$SAMPLES"/demo/mail.log* >/dev/null || echo "  status $?"
}
echo default; report
echo open; report --fail-on=open
echo new; report --fail-on=new
echo new, begun before the window; report --fail-on=new --since 2026-11-16
echo any, before it began; report --fail-on=any --until 2026-11-12
