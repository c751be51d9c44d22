facts() {
	mxtrend --log-tz Europe/Berlin --now 2026-11-23T00:17:00Z parse "$@" |
	    sed 's/"file":"[^"]*"/"file":"X"/'
}
facts "$SAMPLES"/demo/mail.log >a
facts - <"$SAMPLES"/demo/mail.log >b
gzip -c "$SAMPLES"/demo/mail.log | facts - >c
facts --threads 1 "$SAMPLES"/demo/mail.log >d
cmp a b && cmp a c && cmp a d
test -s a
