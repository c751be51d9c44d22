# One message is one vote an hour, whoever gets it: suspected, no alarm. The
# second message confirms. And the 10,000 are counted.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
log = Log("2026-11-01")
for i in range(48):
    log.message(i * 30, [(0, "u", "250 2.0.0 Ok")])
log.message(1450, [(0, f"u{i}", BLOCK) for i in range(10000)])
log.write("one")
log.message(1500, [(0, "u", BLOCK)])
log.message(1510, [(0, "u", BLOCK)])
log.write("two")
END
for log in one two; do
	mxtrend --tz UTC --now 2026-11-03 episodes -f json $log |
		grep '"state"\|"messages"\|"recipients"\|"deliveries"'
done
