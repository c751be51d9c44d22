# What Gmail's reports count beside what the log says, day by day: see
# tests/support/witness_set.py for what was sent.
python3 "$ROOT/tests/support/witness_set.py" .
mxtrend -c own.conf --now 2026-11-20 --tz UTC report -f json mail.log \
    ./*.xml.gz >r.json
python3 - <<'END'
import json
document = json.load(open("r.json"))
for row in document["witness"]:
    print(row["day"], row["provider"], row["source_ip"], row["messages"],
          row["accepted"], row["blocked"], row["reports"],
          row.get("reported", "-"), row["state"])
for row in document["dmarc"]:
    print(row["source_ip"], row["ours"], row["messages"], row["pass"],
          row["dkim_pass"], row["spf_pass"], row.get("spf_share", "-"),
          row["reject"])
END
# whose an address is cannot be told without one of ours
mxtrend --now 2026-11-20 --tz UTC report -f json ./*.xml.gz |
    python3 -c 'import json, sys
print({row["ours"] for row in json.load(sys.stdin)["dmarc"]})'
mxtrend -c own.conf --now 2026-11-20 --tz UTC report -f csv --table witness \
    mail.log ./*.xml.gz | head -n 2
/usr/bin/python3 "$ROOT/tests/support/check_schema.py" \
    "$ROOT/reports/report.schema.json" r.json || [ $? -eq 77 ]
