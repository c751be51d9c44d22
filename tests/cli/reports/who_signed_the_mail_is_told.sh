# Only what the configured server found counts: not a field that came with the
# mail, nothing without a configuration.
printf '[mailbox]\nauthserv_id = other.example MX.example.com\n' >mx.conf
show() {
	sed 's/.*"mail_from"/"mail_from"/; s/,"provider".*//'
}
for f in spoofed signed; do
	mxtrend -c mx.conf parse "$SAMPLES/reports/dmarc-$f.eml" | show
	mxtrend parse "$SAMPLES/reports/dmarc-$f.eml" | show
done
# a forwarded report: who forwarded it
mxtrend -c mx.conf parse "$SAMPLES/reports/dmarc-nested.eml" | show
