command -v zip >/dev/null || { echo "no zip"; exit 77; }
cp "$SAMPLES"/postfix/reasons.log a.log
cp a.log b.log
zip -q -P secret logs.zip a.log
zip -q logs.zip b.log
status=0
mxtrend parse logs.zip >facts || status=$?
sed 's/.*"file":"\([^"]*\)".*/\1/' facts | sort | uniq -c
exit $status
