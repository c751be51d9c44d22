# What can be read is read; a bomb, a cut archive and one from a pipe are
# named.
for tool in tar zstd xz; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
cp "$SAMPLES"/postfix/reasons.log mail.log
dd if=/dev/zero bs=1048576 count=400 2>/dev/null | zstd -q -19 >bomb.zst
tar cf bomb.tar mail.log bomb.zst
cp "$SAMPLES"/real-postfix/mail-iso.log long.log
tar cf inner.tar mail.log long.log
head -c 60000 inner.tar >cut.tar
tar cf cut-inside.tar cut.tar mail.log
tar cJf whole.tar.xz mail.log long.log
head -c 9000 whole.tar.xz >cut.tar.xz
for archive in bomb.tar cut-inside.tar cut.tar.xz; do
	status=0
	mxtrend parse $archive >facts 2>err || status=$?
	echo "$archive: status $status"
	sed 's/.*"file":"\([^"]*\)".*/\1/' facts | sort | uniq -c
	sed "s|damaged or cut: .*|damaged or cut|" err
done
status=0
mxtrend parse - <inner.tar || status=$?
exit $status
