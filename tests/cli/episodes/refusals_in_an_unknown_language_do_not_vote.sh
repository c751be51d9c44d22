# Words that no rule knows may be about anything, and a bare 5.7.1 proves
# nothing: no episode is opened. They stand in the report as new words.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import Log
log = Log("2026-11-01")
for i in range(60):
    log.message(i * 60, [(0, "u", "250 2.0.0 Ok" if i < 30 else
                          "550 5.7.1 Xqz blorf wumpel gnarz")])
log.write("log")
END
mxtrend --tz UTC --now 2026-11-04 episodes --all log
mxtrend --tz UTC --now 2026-11-04 report -f json log | python3 -c 'import json, sys
report = json.load(sys.stdin)
print(report["totals"]["bounced"], report["totals"]["blocked"])
for it in report["replies"]:
    print(it["attempts"], it["reason"], it["new"], it["sample"])'
