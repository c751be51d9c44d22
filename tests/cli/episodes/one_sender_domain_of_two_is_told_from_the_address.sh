# The words name the address, but only one of two sender domains is refused,
# from each of two addresses. Then all mail of one address.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
for name, is_refused in ("senders", lambda sender, out: sender == "news"), \
        ("address", lambda sender, out: out == 1), \
        ("alone", lambda sender, out: sender == "news"):
    for out in 1, 2:
        log = Log("2026-11-01", f"mx{out}", f"postfix-out{out}")
        for i in range(200):
            sender = ("news", "shop")[i % 2] if name != "alone" else \
                ("news", "shop")[out - 1]
            log.message(i * 60, [(0, "u", BLOCK if 100 <= i < 160 and
                        is_refused(sender, out) else "250 2.0.0 Ok")],
                        sender=f"a@{sender.upper()}.example.org")
        log.write(f"{name}{out}")
    with open("config", "w") as config:
        config.write("[source-ip]\npostfix-out1 = 192.0.2.9\n"
                     "postfix-out2 = 192.0.2.10\n")
END
run() { mxtrend -c config --tz UTC --now 2026-11-10 "$@"; }
for name in senders address alone; do
	echo "$name:"
	COLUMNS=300 run episodes "$name"1 "$name"2 | grep extent
	run report -f csv --table scores "$name"1 "$name"2 |
		cut -d, -f4,5,8,9,12,13,19
done
run evidence example.com alone1 alone2 | grep -A3 'Nearly all'
