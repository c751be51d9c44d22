#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare what a real sendmail logged with what the sink knows, and write
truth.jsonl beside it.   usage: check_sendmail.py DIRECTORY"""

import os
import re
import sys

sys.dont_write_bytecode = True
import truth  # noqa: E402

LINE = re.compile(r"^(?:\S+ +\d+ [\d:]+|\S+) \S+ \S+\[\d+\]: (\w{14,15}): "
                  r"(.*)$", re.S)
FROM = re.compile(r"^from=<?([^>,]*)>?, size=")
TO = re.compile(r"^to=(.*?), (?:\[more\], )?(?:ctladdr=|delay=)")
FIELD = re.compile(r", (mailer|relay|dsn|reply|stat)=")
RELAY = re.compile(r"\[(?:IPv6:)?([^\]]*)\]")
EXPIRED = re.compile(r"^\w{14,15}: DSN: Cannot send message for ")
CODES = re.compile(r"^\d{3}[- ]?(?:\d\.\d+\.\d+ *)?")
ADDRESS = re.compile(r'<((?:"(?:[^"\\]|\\.)*"|[^">])*)>')


def fields(text):
    """The named fields, in their order; the last one takes the rest."""
    found, at = {}, FIELD.search(text)
    while at:
        name, start = at[1], at.end()
        at = FIELD.search(text, start) if name not in ("stat",) else None
        if name == "reply":  # may hold commas: up to the last stat=
            end = text.rfind(", stat=")
            at = FIELD.search(text, end)
        found[name] = text[start:at.start() if at else len(text)]
    return found


def expand(address):
    return truth.BY_ADDRESS.get(
        address if ":" not in address else "2001:db8:6::25")


def read(path):
    sender, waiting = {}, {}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = LINE.match(line.rstrip("\n"))
            if not found:
                continue
            ident, body = found.groups()
            if at := FROM.match(body):
                sender[ident] = at[1]
            elif EXPIRED.match(body):
                for recipient in waiting.pop(ident, set()):
                    yield {"sender": sender.get(ident), "relay": None,
                           "recipient": recipient, "outcome": "expired"}
            elif at := TO.match(body):
                part = fields(body)
                if part.get("mailer", "").startswith("local") or \
                        part.get("stat") == "queued":
                    continue
                digit = part.get("dsn", "4")[0]
                outcome = {"2": "accepted", "4": "deferred",
                           "5": "bounced"}[digit]
                relay = RELAY.search(part.get("relay", ""))
                for recipient in ADDRESS.findall(at[1]):
                    open_ones = waiting.setdefault(ident, set())
                    if outcome == "deferred":
                        open_ones.add(recipient)
                    else:
                        open_ones.discard(recipient)
                    yield {"sender": sender.get(ident),
                           "recipient": recipient, "outcome": outcome,
                           "relay": relay and expand(relay[1]),
                           "reply": part.get("reply", "") + " " +
                           part.get("stat", "")}


def unescape(text):
    raw = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), text)
    raw = raw.replace("\\t", "\t")
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")


def same_reply(text, lines):
    """Only the first line, its dash sometimes gone, cut near 200 bytes; an
    acceptance without its codes."""
    first = CODES.sub("", lines[0]).strip()
    return truth.plain(first)[:80].strip() in truth.plain(unescape(text))


def main():
    directory = sys.argv[1]
    record = truth.load(os.path.join(directory, "sink.jsonl"))
    habits = truth.Habits(greeting_5xx="bounced", ehlo_5xx="bounced",
                          hidden_by_next_mx=("connect", "ehlo"))
    rows = truth.deliveries(record, habits)
    compare = truth.Comparison()
    lines = {name: list(read(os.path.join(directory, name)))
             for name in ("mail-iso.log", "mail-rfc3164.log")}
    compare.equal("both styles say the same", lines["mail-iso.log"],
                  lines["mail-rfc3164.log"])
    compare.attempts(rows, lines["mail-iso.log"], same_reply)
    truth.save(rows, os.path.join(directory, "truth.jsonl"))
    return compare.verdict()


if __name__ == "__main__":
    sys.exit(main())
