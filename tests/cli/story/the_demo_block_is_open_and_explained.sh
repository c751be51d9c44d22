# The generator's record of the demo log says when the block began.
mxtrend --now 2026-11-23 episodes -f json "$SAMPLES"/demo/* >episodes.json
python3 - "$SAMPLES/demo-truth.json" <<'END'
import json
import sys
truth = json.load(open(sys.argv[1]))["episodes"][0]
it, = json.load(open("episodes.json"))["episodes"]
for key in ("last_accept_before", "first_refusal", "last_refusal"):
    assert it[key] == truth[key], key
assert it["attempts"] == truth["refusals"]
assert it["state"] == "confirmed"
open("id", "w").write(it["id"])
END
mxtrend --now 2026-11-23 episodes --explain "$(cat id)" "$SAMPLES"/demo/* |
	grep -c -e suspected -e CONFIRMED
# Six for each refusal, up to twice the threshold.
mxtrend --now 2026-11-23 episodes --explain "$(cat id)" "$SAMPLES"/demo/* |
	awk '/refusal/ && $3 ~ "/" { split($3, a, "/"); print a[1] }' |
	head -n 5 | tr '\n' ' '
