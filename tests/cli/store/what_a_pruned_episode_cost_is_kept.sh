# Messages deferred and accepted later, bounced, from two addresses and two
# sender domains: after the detail is gone the episode tells the same.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
DEFER = BLOCK.replace("554 5", "451 4")
for out in 1, 2:
    log = Log("2026-11-01", f"mx{out}", f"postfix-out{out}")
    for i in range(200):
        sender = ("news", "shop")[i % 2]
        refused = 100 <= i < 160 and out == 1
        tries = [(0, "u", "250 2.0.0 Ok")] if not refused else \
            [(0, "u", BLOCK)] if i < 140 else \
            [(0, "u", DEFER), ((170 - i) * 60, "u", "250 2.0.0 Ok")]
        log.message(i * 60, tries, sender=f"a@{sender}.example.org")
    log.write(f"log{out}")
with open("config", "w") as config:
    config.write("[source-ip]\npostfix-out1 = 192.0.2.9\n"
                 "postfix-out2 = 192.0.2.10\n")
END
run() { mxtrend -c config --state s --tz UTC --now 2027-03-01 "$@"; }
episodes() { run episodes --since 2026-11-01 "$@"; }
run -q ingest log1 log2
episodes >before
episodes -f json >before.json
cat before
run -q prune --keep 30d
episodes | diff before -
# the words of the sample are masked, all else is there
episodes -f json | grep -v '"sample"' >after.json
grep -v '"sample"' before.json | cmp - after.json && echo same
/usr/bin/python3 -c 'import sqlite3
store = sqlite3.connect("s/mxtrend.db")
for table in "attempt", "sender_total", "episode_cost":
    print(table, *store.execute(f"SELECT count(*) FROM {table}").fetchone())'
