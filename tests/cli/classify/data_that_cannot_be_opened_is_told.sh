# A file of rules, providers or reporters that is not there is none; one that
# is there and cannot be opened is not passed over, as others would decide then
# who a reply is from.
mkdir own
printf '[rules]\ndirectory = %s/own\n' "$PWD" >own.conf
for file in providers.tsv reporters.tsv mine.rules; do
	mxtrend -c own.conf classify '550 5.7.1 blocked' >/dev/null
	ln -s "$file" "own/$file"
	status=0
	mxtrend -c own.conf classify '550 5.7.1 blocked' 2>err || status=$?
	echo "$status: $(sed 's/.*own\//own\//' err)"
	rm "own/$file"
done
