report() {
	mxtrend --tz Europe/Berlin --log-tz Europe/Berlin \
	    --now 2026-11-23T00:17:00Z report "$@"
}
report "$SAMPLES"/demo/mail.log* >a
# shellcheck disable=SC2046
report $(ls -r "$SAMPLES"/demo/mail.log*) >b
cmp a b
