#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare what a real Postfix logged with what the sink knows, and write
truth.jsonl beside them.   usage: check_postfix.py DIRECTORY"""

import os
import re
import sys

sys.dont_write_bytecode = True
import truth  # noqa: E402

LINE = re.compile(r"^(?:\S+ +\d+ [\d:]+|\S+) \S+ (\S+)/([a-z]+)\[\d+\]: (.*)$")
ADDRESS = r'<((?:"(?:[^"\\]|\\.)*"|[^">])*)>'
FROM = re.compile(r"^(\w+): from=" + ADDRESS + r", (size=|status=expired)")
TO = re.compile(
    r"^(\w+): to=" + ADDRESS + r", (?:orig_to=<[^>]*>, )?relay=([^,]*), "
    r"(?:conn_use=\d+, )?delay=[\d.]+, delays=[\d./]+, dsn=([\d.]+), "
    r"status=(\w+) \((.*?)\)?$")
REMOVED = re.compile(r"^(\w+): removed$")
HOST = re.compile(r"^([^\[]*)\[(.*)\]:(\d+)$")
OUTCOME = {"sent": "accepted", "deferred": "deferred", "bounced": "bounced"}


def read(path):
    """Every remote attempt and expiry in one log."""
    sender, pending = {}, {}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = LINE.match(line.rstrip("\n"))
            if not found:
                continue
            tag, program, body = found.groups()
            if at := FROM.match(body):
                key = tag.split("/")[0], at[1]
                sender[key] = at[2]
                if at[3].startswith("status"):
                    for recipient in pending.pop(key, set()):
                        yield {"sender": at[2], "recipient": recipient,
                               "outcome": "expired", "relay": None}
            elif at := TO.match(body):
                key = tag.split("/")[0], at[1]
                waiting = pending.setdefault(key, set())
                if at[5] == "deferred":
                    waiting.add(at[2])
                else:
                    waiting.discard(at[2])
                if program not in ("smtp", "error") or \
                        at[3].startswith("127."):
                    continue
                if at[6].startswith("delivery temporarily suspended"):
                    continue
                host = HOST.match(at[3])
                yield {"sender": sender.get(key), "recipient": at[2],
                       "outcome": OUTCOME[at[5]], "tag": tag,
                       "relay": host[1].lower() if host else None,
                       "reply": at[6]}


def same_reply(text, lines):
    """Postfix joins the lines by spaces, and cuts at 2000 bytes."""
    want = truth.plain(" ".join(lines))[:1500]
    return want in truth.plain(text)


def main():
    directory = sys.argv[1]
    record = truth.load(os.path.join(directory, "sink.jsonl"))
    rows = truth.deliveries(record, truth.Habits())
    compare = truth.Comparison()
    lines = {name: list(read(os.path.join(directory, name))) for name in
             ("mail-iso.log", "mail-rfc3164.log", "out1-postlogd.log")}
    compare.equal("both styles say the same", lines["mail-iso.log"],
                  lines["mail-rfc3164.log"])
    both = lines["mail-iso.log"] + lines["out1-postlogd.log"]
    compare.attempts(rows, both, same_reply)
    truth.save(rows, os.path.join(directory, "truth.jsonl"))
    return compare.verdict()


if __name__ == "__main__":
    sys.exit(main())
