# What a log says does not depend on what it is packed in, nor on the name.
for tool in xz zstd bzip2 tar python3; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
log=$SAMPLES/real-postfix/mail-iso.log
head -n 400 "$log" >one.log
tail -n +401 "$log" >two.log
facts() {
	mxtrend parse "$@" | sed 's/,"file":.*//' | sort
}
facts one.log two.log >want
xz -k one.log
zstd -q one.log
bzip2 -k two.log
gzip -k two.log
facts one.log.xz two.log.bz2 | cmp - want
mv one.log.zst one
facts one two.log.gz | cmp - want
cat one.log.xz | facts - two.log | cmp - want
tar cf plain.tar one.log two.log
tar czf logs.tar.gz one.log two.log.gz
tar cJf logs.tar.xz one.log.xz two.log
tar --zstd -cf logs.tar.zst one.log two.log
python3 -c '
import zipfile
with zipfile.ZipFile("logs.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.write("one.log")
    z.write("two.log.gz")
    z.writestr("__MACOSX/._one.log", "x")'
for archive in plain.tar logs.tar.gz logs.tar.xz logs.tar.zst logs.zip; do
	facts "$archive" | cmp - want
done
mkdir dir
mv logs.tar.gz dir
facts -r dir | cmp - want
facts plain.tar:one.log two.log | cmp - want
