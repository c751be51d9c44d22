mxtrend --now 2026-11-23 diff -f json 2026-11-02..2026-11-09 \
	2026-11-13..2026-11-20 "$SAMPLES"/demo/* >diff.json
python3 - <<'END'
import json
diff = json.load(open("diff.json"))
first = diff["providers"][0]
assert first["provider"] == "microsoft-consumer"
assert first["change"] == diff["change"] == "worse"
assert first["before"]["blocked"] == 0
assert first["after"]["blocked"] == first["after"]["deliveries"] == 176
print("worse")
END
