PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
for host in "out1", "out2":
    log = Log("2026-11-01", host=host)
    for i in range(60):
        log.message(i * 60, [(0, "u", BLOCK if host == "out2" and i >= 30
                              else "250 2.0.0 Ok")])
    log.write(host)
END
mxtrend --tz UTC --now 2026-11-04 episodes -f json out1 out2 |
	grep '"source"\|"extent"\|"state"\|_refusal\|_accept\|"attempts": 30$'
