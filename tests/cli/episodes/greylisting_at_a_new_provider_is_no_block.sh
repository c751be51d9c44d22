# Every first mail there waits half an hour.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import Log
log = Log("2026-11-01")
for i in range(100):
    log.message(i * 60, [(0, f"u{i}", "451 4.7.1 Greylisting in action, "
        "please come back later"), (30, f"u{i}", "250 2.0.0 Ok")])
log.write("log")
END
mxtrend --tz UTC --now 2026-11-06 episodes --all log
mxtrend --tz UTC --now 2026-11-06 report -f json log |
	python3 -c 'import json, sys
print(json.load(sys.stdin)["totals"]["deferred"])'
