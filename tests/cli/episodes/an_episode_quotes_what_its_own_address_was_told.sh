# One kind of reply, told to two addresses; the first that came quotes the
# other one.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
for host, ip in ("out1", "192.0.2.9"), ("out2", "192.0.2.10"):
    log = Log("2026-11-01", host=host)
    for i in range(60):
        log.message(i * 60 + (host == "out2"), [(0, "u", BLOCK.replace(
            "192.0.2.9", ip) if i >= 30 else "250 2.0.0 Ok")])
    log.write(host)
END
mxtrend --tz UTC --now 2026-11-04 report -f csv --table episodes out1 out2 |
	sed 's/^.*,\(192[0-9.]*\),.*Client host \[\([0-9.]*\)\].*/\1 \2/; 1d'
mxtrend --tz UTC --now 2026-11-04 report --ip 192.0.2.10 \
	-f csv --table replies out1 out2 | grep -o 'Client host .*\]'
mxtrend --tz UTC --now 2026-11-04 evidence mx:example.com --ip 192.0.2.10 \
	out1 out2 | grep -c 'Client host \[192.0.2.9\]' || true
