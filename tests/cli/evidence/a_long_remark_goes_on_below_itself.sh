PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
log = Log("2026-11-01")
for i in range(60):
    log.message(i * 60, [(0, "u", BLOCK if i >= 30 else "250 2.0.0 Ok")])
log.write("log")
END
set -- --state "$PWD/state" --tz UTC --now 2026-11-04
mxtrend "$@" -q ingest log
mxtrend "$@" annotate "2026-11-02 20:00" "the desk answered that the address \
is not qualified for mitigation and closed the ticket without saying why"
mxtrend "$@" evidence mx:example.com >letter
grep -A2 'remark:\|note:\|desk answered' letter
awk 'length > 78' letter | wc -l
