# Refused mail of six sender domains. Cut between the line that names a sender
# and the refusal, and again behind that: the order of reading does not matter.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
log = Log("2026-11-01")
for i in range(20):
    log.message(i, [(0, "u", "250 2.0.0 Ok")])
for i in range(6):
    later = [(10, "u", BLOCK)] if i % 2 else []
    reply = BLOCK.replace("554 5", "454 4") if later else BLOCK
    start = len(log.lines)
    log.message(30 + 2 * i, [(0, "u", reply)] + later)
    log.lines[start:] = [line.replace("a@example.org", f"a@s{i}.example")
                         for line in log.lines[start:]]
log.write("whole")
END
state() { mxtrend --state s --tz UTC --now 2026-11-03 "$@"; }
count() { grep -o '"sender_domains": [0-9]*'; }
grep -c 'from=<a@s' whole
mxtrend --tz UTC --now 2026-11-03 episodes -f json whole | count
for id in 0000000017 0000000018; do # bounced at once, deferred first
	named=$(grep -n "$id: from=" whole | cut -d : -f 1)
	tried=$(grep -n "$id: to=" whole | cut -d : -f 1 | head -n 1)
	head -n "$named" whole >one
	tail -n +"$((named + 1))" whole >rest
	sed -n "$((named + 1)),${tried}p" whole >two
	tail -n +"$((tried + 1))" whole >three
	for order in "one rest" "rest one" "one two three" "one three two" \
	    "two one three" "two three one" "three one two" "three two one"; do
		rm -rf s
		for file in $order; do
			state -q ingest "$file"
		done
		echo "$order: $(state episodes -f json | count)"
	done
done
