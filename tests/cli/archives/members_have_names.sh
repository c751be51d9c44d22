command -v tar >/dev/null || { echo "no tar"; exit 77; }
log=$SAMPLES/postfix/reasons.log
cp "$log" mail.log
head -n 2 "$log" >mail.log.1
tar cf logs.tar mail.log.1
tar rf logs.tar mail.log
# the same name again: an archive that was added to
cp "$log" mail.log.1
tar rf logs.tar mail.log.1
mxtrend parse logs.tar | sed 's/.*"file":"\([^"]*\)".*/\1/' | sort -u
