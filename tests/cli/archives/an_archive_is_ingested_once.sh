command -v tar >/dev/null || { echo "no tar"; exit 77; }
cp "$SAMPLES/real-postfix/mail-iso.log" mail.log
tar czf logs.tar.gz mail.log
mxtrend --state state -q ingest logs.tar.gz
mxtrend --state state report -f json >first
mxtrend --state state -q ingest mail.log
mxtrend --state state -q ingest logs.tar.gz
mxtrend --state state report -f json >second
python3 - <<'P'
import json
a, b = (json.load(open(name))["totals"] for name in ("first", "second"))
print(a == b, a["messages"] > 0)
P
