# Beside Gmail's own reports, a forged one for a day without: 1000 messages of
# an address of ours. It is told, and no witness; nothing is known of any
# without a trusted server's name. Of two stores the better one is believed.
python3 "$ROOT/tests/support/witness_set.py" .
python3 - <<'EOF'
import glob
import gzip
def mail(name, text, found):
    with open(name + ".eml", "w") as file:
        file.write("Authentication-Results: mx.example.com; " + found + "\n"
                   "From: noreply-dmarc-support@google.com\n"
                   "To: dmarc@example.com\nMIME-Version: 1.0\n"
                   "Subject: Report domain: example.com\n"
                   "Content-Type: text/xml\n\n" + text + "\n")
first = None
for path in sorted(glob.glob("*.xml.gz")):
    text = gzip.open(path, "rt").read()
    first = first or text
    mail("day-" + path.split("!")[2].split(".")[0], text,
         "dkim=pass header.d=google.com; dmarc=pass header.from=google.com")
begin = int(first.split("<begin>")[1].split("<")[0])
for old, day in ((begin, begin + 8 * 86400),
                 (begin + 86399, begin + 9 * 86400 - 1)):
    first = first.replace(str(old), str(day))
mail("forged", first.replace("<count>50<", "<count>1000<")
     .replace("<report_id>100<", "<report_id>900<"),
     "dkim=pass header.d=forger.example; dmarc=fail header.from=google.com")
EOF
cp own.conf trust.conf
printf '[mailbox]\nauthserv_id = mx.example.com\n' >>trust.conf
show() {
	python3 -c 'import json, sys
document = json.load(open(sys.argv[1]))
for row in document["dmarc"]:
    print(row["source_ip"], row["reports"], row["messages"],
          row.get("not_signed", "-"))
for row in document["witness"]:
    if row["day"] == "2026-11-18" and row["source_ip"] == "192.0.2.9":
        print(row["provider"], row["reports"], row.get("reported", "-"),
              row["state"])' "$1"
}
for conf in own trust; do
	echo "== $conf"
	mxtrend -c $conf.conf --now 2026-11-20 --tz UTC report -f json \
	    mail.log ./*.eml >$conf.json
	show $conf.json
	mxtrend -c $conf.conf --now 2026-11-20 --tz UTC report mail.log \
	    ./*.eml | grep 'not signed' || true
	mxtrend -c $conf.conf --now 2026-11-20 --tz UTC report -f html mail.log \
	    ./*.eml | grep '^<p>.*not signed by' || true
done
/usr/bin/python3 "$ROOT/tests/support/check_schema.py" \
    "$ROOT/reports/report.schema.json" trust.json || [ $? -eq 77 ]
# the store keeps it, and so does a merge
mxtrend -q -c own.conf --now 2026-11-20 --state own ingest mail.log ./*.eml
mxtrend -q -c trust.conf --now 2026-11-20 --state trust ingest ./*.eml
mxtrend --now 2026-11-20 --state both merge own trust >merged
for state in trust both; do
	echo "== store $state"
	mxtrend -c own.conf --now 2026-11-20 --tz UTC --state $state report \
	    --since 2026-11-10 --until 2026-11-20 -f json >$state.json
	show $state.json
done
# TLS reports as well
cat >tls.eml <<'EOF'
Authentication-Results: mx.example.com; dkim=none
From: tlsrpt@example.net
MIME-Version: 1.0
Content-Type: application/tlsrpt+json

EOF
sed 's/2026-05-12/2026-11-12/g' "$SAMPLES/reports/tlsrpt.json" >>tls.eml
mxtrend -c trust.conf --now 2026-11-20 --tz UTC report -f csv --table tls \
    tls.eml | cut -d, -f1,6,12
mxtrend -c trust.conf --now 2026-11-20 --tz UTC report tls.eml |
    grep 'not signed'
