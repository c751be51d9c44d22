# One report bare, packed, packed twice, under wrong names, in mails of every
# structure: the facts are the same but for the file and the mail's sender.
python3 - <<'PY'
import base64, gzip, io, os, zipfile

def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)
    return out.getvalue()

def encoded(data, width=76):
    text = base64.b64encode(data)
    return b"\n".join(text[i:i + width] for i in range(0, len(text), width)) + b"\n"

def part(kind, data, how=b"base64", more=b""):
    body = encoded(data) if how == b"base64" else data
    return b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: " + how + b"\n" + more + b"\n" + body

def mail(body):
    return (b"From: a@example.net\nTo: b@example.com\nSubject: x\n"
            b"Date: Mon, 24 Nov 2025 04:00:00 +0000\nMIME-Version: 1.0\n" + body)

def multi(kind, mark, *parts):
    return (b"Content-Type: multipart/" + kind + b'; boundary="' + mark + b'"\n\n' +
            b"".join(b"--" + mark + b"\n" + p + b"\n" for p in parts) + b"--" + mark + b"--\n")

def quoted(data):
    out, line = b"", b""
    for byte in data:
        piece = bytes([byte]) if 32 < byte < 127 and byte != 61 else b"=%02X" % byte
        if len(line) + len(piece) > 70:
            out, line = out + line + b"=\n", b""
        line += piece
    return out + line + b"\n"

xml = open(os.environ["SAMPLES"] + "/reports/dmarc-order.xml", "rb").read()
gz, text = gzip.compress(xml), b"Content-Type: text/plain\n\nSee the attachment.\n"
whole = mail(part(b"application/gzip", gz))
nested = mail(multi(b"mixed", b"n", text, b"Content-Type: message/rfc822\n\n" + whole))
forms = {
    "bare": xml, "gzip": gz, "gzip.txt": gz, "gzip.xml": gz, "twice": gzip.compress(gz),
    "two-members": gzip.compress(xml[:300]) + gzip.compress(xml[300:]),
    "junk-behind": gz + b"\r\n", "zip": zipped(("a.xml", xml)),
    "zip-of-gzip": zipped(("a.xml.gz", gz)), "named.gz": zipped(("a.xml", xml)),
    "base64": encoded(gz), "whole-body": whole,
    "whole-zip": mail(part(b"application/zip", zipped(("a.xml", xml)))),
    "whole-xml": mail(part(b"text/xml", xml, b"8bit")),
    "mixed": mail(multi(b"mixed", b"m", text, part(b"application/gzip", gz))),
    "wrong-type": mail(multi(b"mixed", b"m", text, part(b"application/zip", gz))),
    "no-type": mail(multi(b"mixed", b"m", text, b"Content-Transfer-Encoding: base64\n\n" + encoded(gz))),
    "long-line": mail(multi(b"mixed", b"m", text,
        b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(gz) + b"\n")),
    "quoted": mail(multi(b"mixed", b"m", text, part(b"application/xml", quoted(xml), b"quoted-printable"))),
    "split-name": mail(multi(b"mixed", b"m", text, part(b"application/octet-stream", gz,
        more=b"Content-Disposition: attachment;\n filename*0=\"a!example.com!1!2.xm\";\n filename*1=\"l.gz\"\n"))),
    "related": mail(multi(b"mixed", b"m", multi(b"related", b"r", multi(b"alternative", b"a", text)),
        part(b"application/gzip", gz))),
    "no-end": mail(multi(b"mixed", b"m", text, part(b"application/gzip", gz)).replace(b"--m--\n", b"")),
    "nested": nested, "nested-twice": mail(b"Content-Type: message/rfc822\n\n" + nested),
    "mbox": b"From a@example.net Mon Nov 24 04:00:00 2025\n" + whole + b"\n",
    "packed-mail": gzip.compress(whole),
}
os.mkdir("forms")
for name, data in forms.items():
    open("forms/" + name, "wb").write(data)
print(len(forms), "forms")
PY
mxtrend parse -r forms | sed 's/,"file":"[^"]*"//; s/"mail_from":"a@example.net",//' | sort | uniq -c | sed 's/^ *//'
