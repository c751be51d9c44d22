# Lines of the own directory come first; a line that says nothing, or names no
# provider, is told with its place.
show() {
	mxtrend -c own.conf parse "$SAMPLES/reports/dmarc.txt" \
	    "$SAMPLES/reports/dmarc-microsoft.eml" |
	    sed 's/.*"reporter":"\([^"]*\)".*"provider":"\([^"]*\)".*/\1 \2/'
}
mkdir own
printf '[rules]\ndirectory = %s/own\n' "$PWD" >own.conf
show
printf '# ours\nkey\tname\tdomain\nt-online\t-\thoster.example\nkpn\toutlook.COM\t-\n' \
    >own/reporters.tsv
show
for line in 'nobody\t-\thoster.example' 'kpn\t-\t-' 'kpn\ta\tb' 'kpn a'; do
	printf "$line"'\n' >own/reporters.tsv
	status=0
	mxtrend -c own.conf parse "$SAMPLES/reports/dmarc.txt" 2>err ||
	    status=$?
	echo "$status: $(sed 's/.*own\//own\//' err)"
done
