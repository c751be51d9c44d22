for tool in tar zip; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
facts() {
	mxtrend parse "$@" | sed 's/,"file":.*//' | sort
}
cp "$SAMPLES"/postfix/reasons.log mail.log
for name in dmarc.zip dmarc.xml.gz tlsrpt.eml tlsrpt.json arf.eml \
    reports.mbox snds-data.csv; do
	cp "$SAMPLES/reports/$name" .
	facts $name >one
	test -s one
done
set -- mail.log dmarc.zip dmarc.xml.gz tlsrpt.eml tlsrpt.json arf.eml \
    reports.mbox snds-data.csv
facts "$@" >want
tar czf all.tar.gz "$@"
zip -q all.zip "$@"
facts all.tar.gz | cmp - want
facts all.zip | cmp - want
mkdir dir
mv all.zip dir
facts -r dir | cmp - want
# files, an archive of reports and a directory at once
tar cf reports.tar dmarc.zip dmarc.xml.gz tlsrpt.eml tlsrpt.json arf.eml
mkdir rest
cp reports.mbox snds-data.csv rest
facts -r mail.log reports.tar rest | cmp - want
sed 's/^{"type":"\([^"]*\)".*/\1/' want | sort | uniq -c
