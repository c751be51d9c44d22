# Every MTA's lines in one file, in order of time: the facts are those of the
# separate files, no more and no fewer. (Whose a domain is, is learned from all
# logs together.)
at=2027-06-01
facts() {
	mxtrend --now $at --log-tz Europe/Berlin parse "$@" |
	    sed 's/,"provider":.*//; s/,"file":.*//' | sort
}
for mta in postfix sendmail opensmtpd; do
	cp "$SAMPLES/real-$mta/mail-iso.log" $mta.log
	facts $mta.log >$mta.facts
	test "$(wc -l <$mta.facts)" -gt 50
done
# Exim through syslog, with its own stamp left in
sed -E 's/^([0-9-]{10}) ([0-9:]{8})(\.[0-9]+)?( \+[0-9]{4})?.*/\1T\2+01:00 mx exim[1]: &/' \
    "$SAMPLES"/real-exim/main-mainlog | grep '^2.*exim\[1\]' >exim.log
facts exim.log >exim.facts
test "$(wc -l <exim.facts)" -gt 50
sort postfix.facts sendmail.facts opensmtpd.facts exim.facts >want
facts postfix.log sendmail.log opensmtpd.log exim.log | cmp - want
sort -s -m -k1,1 postfix.log sendmail.log opensmtpd.log exim.log >one.log
facts one.log >got
cut -d, -f3 got | sort | uniq -c | sed 's/ *[0-9]* //'
diff want got | head -n 5
cmp got want
