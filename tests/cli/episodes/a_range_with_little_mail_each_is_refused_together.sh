# Twelve addresses of one network with a mail in two days each: of each one is
# refused, which confirms nothing alone. An address elsewhere passes.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
with open("config", "w") as config:
    config.write("[source-ip]\n")
    for number in range(13):
        ip = f"198.51.100.{number + 1}" if number < 12 else "192.0.2.9"
        config.write(f"postfix-out{number} = {ip}\n")
        log = Log("2026-11-01", f"mx{number}", f"postfix-out{number}")
        for day in range(0, 12, 2):
            refused = number < 12 and day == 8
            log.message(day * 1440 + number * 60, [(0, "u", BLOCK if refused
                        else "250 2.0.0 Ok")])
        log.write(f"out{number}")
END
run() { mxtrend -c config --tz UTC --now 2026-11-13 "$@"; }
run episodes --all out* | grep -c suspected\\\|dismissed
run episodes out*
run report out* | sed -n '/^REFUSED TOGETHER/,/^$/p'
run report -f csv --table scores out* | cut -d, -f4,5,8,9,12,13,19
# its votes are all of the network's
id=$(run report -f csv --table scores out* | sed -n '2s/,.*//p')
run episodes --explain "$id" out* | grep -c refusal
run episodes --explain "$id" out* | sed -n '/CONFIRMED/p;/closed/p'
