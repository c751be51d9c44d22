# Every night 300 messages in an hour, of which 40 go to addresses that are gone:
# recipients' errors do not vote.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import Log
log = Log("2026-11-01")
for night in range(14):
    for i in range(300):
        gone = night > 6 and i >= 260
        log.message(night * 1440 + 120 + i // 5, [(0, f"u{i}",
            "550 5.1.1 User unknown" if gone else "250 2.0.0 Ok")])
log.write("log")
END
mxtrend --tz UTC --now 2026-11-15 episodes --all log
