# Messages of many hosts and instances wait when a log ends; the next one holds
# their ends only, and no line that tells of a source.
python3 - <<'END'
HOSTS = 70
SAID = ("host mx.example.com[203.0.113.5] said: 451 4.7.1 try later "
        "(in reply to RCPT TO command)")
def lines(name, what):
    with open(name, "w") as log:
        for n in range(HOSTS):
            for minute, program, text in what:
                log.write(f"2026-11-16T09:{minute:02}:00+00:00 mx{n} "
                          f"postfix-out{n}/{program}[1]: 4AAAA{n:02}: {text}\n")
SENDER = "from=<a@example.org>, size=1, nrcpt=1 (queue active)"
lines("waits.log", [
    (0, "smtpd", "client=client.example.net[192.0.2.77]"),
    (0, "qmgr", SENDER),
    (1, "smtp", "to=<b@example.com>, relay=mx.example.com[203.0.113.5]:25, "
     "delay=1, delays=0/0/0/1, dsn=4.7.1, status=deferred (" + SAID + ")")])
lines("ends.log", [(30, "qmgr", "removed")])
END
mxtrend -q --state s ingest waits.log
mxtrend -q --state s ingest ends.log
mxtrend --state s --tz UTC --now 2026-11-17 report -f json | python3 -c 'import json, sys
it = json.load(sys.stdin)["totals"]
print(*(it[key] for key in ("messages", "deliveries", "deferred", "open")))'
