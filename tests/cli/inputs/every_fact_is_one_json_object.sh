mxtrend --log-tz Europe/Berlin --now 2026-11-23 parse "$SAMPLES"/demo/mail.log |
    python3 -c '
import json, sys
n = 0
for line in sys.stdin:
    fact = json.loads(line)
    assert fact["type"] == "delivery", line
    assert None not in fact.values(), line
    assert fact["time"].endswith("Z"), line
    n += 1
assert n > 100
'
