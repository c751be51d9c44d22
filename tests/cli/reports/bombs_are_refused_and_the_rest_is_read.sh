# Each is told in one line; the good report behind it is read; little memory
# is enough.
python3 - <<'PY'
import gzip, io, zipfile

def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(name, data)
    return out.getvalue()

def put(name, data):
    open(name, "wb").write(data.encode() if isinstance(data, str) else data)

flood = b"<feedback>" + b" " * (200 << 20)
bomb = gzip.compress(flood, 6)
put("gzip", bomb)
put("zip", zipped("a.xml", flood))
put("gzip-nested", gzip.compress(gzip.compress(gzip.compress(gzip.compress(bomb)))))
put("zip-nested", zipped("c.zip", zipped("b.zip", zipped("a.xml", b"<feedback/>"))))
entities = '<!ENTITY a0 "ha">' + "".join(
    '<!ENTITY a%d "%s">' % (i, "&a%d;" % (i - 1) * 10) for i in range(1, 12))
put("laughs", '<!DOCTYPE feedback [%s]><feedback>&a11;</feedback>' % entities)
put("external", '<!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<feedback>&x;</feedback>')
put("xml-deep", "<feedback>" + "<a>" * 100000 + "</a>" * 100000 + "</feedback>")
put("json-deep", '{"report-id":"x","policies":' + "[" * 100000 + "]" * 100000 + "}")
put("mime-deep", "From: a@example.com\n" + "".join(
    'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i)
    for i in range(1000)))
put("messages-deep",
    "From: a@example.com\nContent-Type: message/rfc822\n\n" * 1000)
put("html", "<!DOCTYPE html>\n<html><head><meta charset=x></head></html>")
put("unused.gz", gzip.compress(b"unused"))
PY
good=$SAMPLES/reports/dmarc-no-rows.xml
for f in gzip zip gzip-nested zip-nested laughs external xml-deep json-deep \
    mime-deep messages-deep html unused.gz; do
	status=0
	(
		# the sanitizers' shadow needs more than any limit
		case $(command -v mxtrend) in
		*/release/*) ulimit -v 600000 ;;
		esac
		mxtrend parse "$f" "$good"
	) >out 2>err || status=$?
	echo "$f: status $status, $(wc -l <err) line(s), $(grep -c '"type":"dmarc"' out) fact(s)"
done
