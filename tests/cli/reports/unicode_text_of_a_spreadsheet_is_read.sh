# UTF-16 of either order with its mark, in gzip too, and a line that names the
# separator: the facts are those of the plain file. TLS reports
# and DMARC reports are read so too.
facts() {
	mxtrend --now 2026-11-24 parse "$1" | sed 's/,"file":.*//'
}
for name in snds-data.csv snds-spreadsheet.csv snds-status-spreadsheet.csv \
    snds-tabs.txt tlsrpt-types.json dmarc-no-rows.xml; do
	sed 's/^\xef\xbb\xbf//' "$SAMPLES/reports/$name" >"plain-$name"
	sed -i 's/^<?xml[^>]*>//' "plain-$name"
	{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "plain-$name"; } >"le-$name"
	{ printf '\376\377'; iconv -f UTF-8 -t UTF-16BE "plain-$name"; } >"be-$name"
	gzip -k "le-$name"
	touch -d 2026-11-23T12:00:00Z ./*"$name"*
	facts "plain-$name" >want
	for file in "le-$name" "be-$name" "le-$name.gz"; do
		facts "$file" >got
		cmp want got || echo "$file"
	done
	wc -l <want
done
{ printf 'sep=;\r\n'; cat plain-snds-spreadsheet.csv; } >sep.csv
facts plain-snds-spreadsheet.csv >want
facts sep.csv | cmp want -
# a half of a pair, an odd byte; a log is no report
printf '\377\376%s' 'x' >odd.csv
mxtrend parse odd.csv || echo "status $?"
