# Names in an archive come in any order; so do logs on the command line.
command -v tar >/dev/null || { echo "no tar"; exit 77; }
report() {
	mxtrend --tz Europe/Berlin --log-tz Europe/Berlin \
	    --now 2026-11-23T00:17:00Z report "$@"
}
report "$SAMPLES"/demo/mail.log* >want
(cd "$SAMPLES"/demo && ls) >names
tar cf sorted.tar -C "$SAMPLES"/demo -T names
sort -r names >reversed
tar cf reversed.tar -C "$SAMPLES"/demo -T reversed
tail -n +8 names >late
head -n 7 names >early
tar cf late.tar -C "$SAMPLES"/demo -T late
tar cf early.tar -C "$SAMPLES"/demo -T early
report sorted.tar | cmp - want
report reversed.tar | cmp - want
report late.tar early.tar | cmp - want
mkdir dir
mv late.tar dir
while read -r name; do
	cp "$SAMPLES/demo/$name" dir
done <early
report -r dir | cmp - want
