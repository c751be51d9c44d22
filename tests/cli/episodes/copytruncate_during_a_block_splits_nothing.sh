# Twenty refusals; the log is emptied behind the tenth while its name stays.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
log = Log("2026-11-01")
for i in range(40):
    log.message(i * 60, [(0, "u", "250 2.0.0 Ok" if i < 20 else BLOCK)])
log.write("whole")
END
awk '/ 0000000015:|blocked/ { n++ } { print > (n <= 10 ? "first" : "second") }' whole
state() { mxtrend --state s --tz UTC --now 2026-11-03 "$@"; }
cp first mail.log && state -q ingest mail.log
: >mail.log && cat second >>mail.log && state -q ingest mail.log
state episodes | grep -v deliveries
mxtrend --tz UTC --now 2026-11-03 episodes -f json whole >whole.json
state episodes -f json | cmp - whole.json && echo same
