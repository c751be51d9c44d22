command -v tar >/dev/null || { echo "no tar"; exit 77; }
cp "$SAMPLES/postfix/reasons.log" a.log
tar cf logs.tar a.log
mxtrend parse logs.tar:b.log
