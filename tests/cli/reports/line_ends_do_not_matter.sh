# LF, CRLF and bare CR: the same facts.
for f in "$SAMPLES"/reports/*.eml "$SAMPLES"/reports/*.xml \
    "$SAMPLES"/reports/*.csv "$SAMPLES"/reports/*.json \
    "$SAMPLES"/reports/*.mbox; do
	for end in lf crlf cr; do
		mkdir -p $end
		python3 -c 'import sys
text = open(sys.argv[1], "rb").read().replace(b"\r\n", b"\n")
end = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}[sys.argv[2]]
open("in", "wb").write(text.replace(b"\n", end))' "$f" $end
		touch -d 2026-11-23T12:00:00Z in
		mxtrend parse in >"$end/${f##*/}"
	done
	cmp "lf/${f##*/}" "crlf/${f##*/}" || echo "$f: CRLF differs"
	cmp "lf/${f##*/}" "cr/${f##*/}" || echo "$f: CR differs"
	test -s "lf/${f##*/}" || echo "$f: no facts"
done
