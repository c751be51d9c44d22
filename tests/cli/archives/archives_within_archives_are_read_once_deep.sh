for tool in tar zip gzip; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
facts() {
	mxtrend parse "$@" | sed 's/,"file":.*//' | sort
}
cp "$SAMPLES"/postfix/reasons.log a.log
cp "$SAMPLES"/postfix/shapes.log b.log
cp "$SAMPLES"/postfix/hostile.log c.log
facts a.log b.log c.log >want
gzip -k b.log
tar czf inner.tar.gz a.log b.log.gz
zip -q inner.zip a.log b.log
tar cf outer.tar inner.tar.gz c.log
zip -q outer.zip inner.tar.gz c.log
tar cJf zipped.tar.xz inner.zip c.log
for archive in outer.tar outer.zip zipped.tar.xz; do
	facts $archive | cmp - want
done
# each by its name
facts outer.tar:inner.tar.gz:a.log zipped.tar.xz:inner.zip:b.log \
    outer.zip:c.log | cmp - want
mxtrend parse outer.tar | sed 's/.*"file":"\([^"]*\)".*/\1/' | sort -u
# no deeper, and nothing is missed in silence
tar cf third.tar outer.tar
status=0
mxtrend parse third.tar >facts 2>err || status=$?
echo "status $status"
cat err
mxtrend parse third.tar:outer.tar:inner.tar.gz:a.log || exit $?
