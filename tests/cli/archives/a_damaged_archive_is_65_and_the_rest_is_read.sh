command -v tar >/dev/null || { echo "no tar"; exit 77; }
cp "$SAMPLES/real-postfix/mail-iso.log" a.log
cp "$SAMPLES/postfix/reasons.log" b.log
tar cf whole.tar a.log b.log
head -c 100000 whole.tar >cut.tar
head -n 1 b.log >mail.log
status=0
mxtrend parse cut.tar mail.log >facts || status=$?
sed 's/.*"file":"\([^"]*\)".*/\1/' facts | sort -u
exit $status
