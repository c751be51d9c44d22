# LF, CRLF and bare CR: the same facts. What starts with "nothing" is read,
# and holds none.
python3 - <<'PY'
import glob, os
ends = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}
for end in ends:
    os.mkdir(end)
for kind in "eml", "xml", "csv", "json", "mbox", "txt":
    for path in glob.glob("%s/reports/*.%s" % (os.environ["SAMPLES"], kind)):
        text = open(path, "rb").read().replace(b"\r\n", b"\n")
        for end, mark in ends.items():
            copy = "%s/%s" % (end, os.path.basename(path))
            open(copy, "wb").write(text.replace(b"\n", mark))
            os.utime(copy, (1795435200, 1795435200))
PY
for end in lf crlf cr; do
	(cd $end && mxtrend parse -r . >../$end.facts)
done
cmp lf.facts crlf.facts
cmp lf.facts cr.facts
for f in lf/*; do
	name=${f##*/}
	count=$(grep -cF "\"./$name\"" lf.facts || true)
	case $name in
	nothing-*) test "$count" -eq 0 || echo "$name: facts of nothing" ;;
	*) test "$count" -ne 0 || echo "$name: no facts" ;;
	esac
done
