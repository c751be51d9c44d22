# As many as the header has, each with a reason.
mxtrend status --limits -f json >limits.json
python3 - "$ROOT/base/limits.h" <<'END'
import json
import re
import sys
rows = json.load(open("limits.json"))["limits"]
names = re.findall(r"^#define (LIMIT_\w+)", open(sys.argv[1]).read(), re.M)
assert [row["name"] for row in rows] == names
assert all(row["value"] > 0 and len(row["reason"]) > 10 for row in rows)
value = {row["name"]: row["value"] for row in rows}
assert value["LIMIT_LINE_BYTES"] == 64 * 1024
END
mxtrend status --limits | awk 'length > 80' | wc -l
