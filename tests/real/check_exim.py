#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare what a real Exim logged with what the sink knows, and write
truth.jsonl beside it.   usage: check_exim.py DIRECTORY"""

import os
import re
import sys

sys.dont_write_bytecode = True
import truth  # noqa: E402

LINE = re.compile(r"^\S+ \S+ (?:[+-]\d{4} )?(\w{6}-\w{6,11}-\w{2,4}) "
                  r"(<=|=>|->|\*\*|==|Completed)(.*)$", re.S)
HOST = re.compile(r" H=(\S+) \[([^\]]*)\]")
# A quoted local part is logged without its quotes; the original follows.
ADDRESS = re.compile(r"^ (.+?)(?: <([^ ]*|\".*?\"@\S+)>)?(?: F=<.*?>)?"
                     r"(?: [RT]=|: )")
NO_ATTEMPT = re.compile(r" defer \(-5[2-7]\)")


def unescape(text):
    text = text.replace("\\\\n", " ").replace("\\n", " ")
    text = text.replace("\\b", "\b").replace("\\t", "\t")
    raw = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), text)
    raw = raw.replace('\\"', '"').replace("\\\\", "\\")
    data = raw.encode("latin-1", "replace")
    return data.decode("utf-8", "replace")


def read(path):
    sender = {}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = LINE.match(line.rstrip("\n"))
            if not found:
                continue
            ident, flag, rest = found.groups()
            if flag == "<=":
                sender[ident] = rest.split()[0].strip("<>")
                continue
            if flag == "Completed" or " T=mailbox" in rest or \
                    " T=inside" in rest or NO_ATTEMPT.search(rest):
                continue
            address = ADDRESS.match(rest)
            host = HOST.search(rest)
            recipient = address[2] or address[1]
            outcome = {"=>": "accepted", "->": "accepted", "**": "bounced",
                       "==": "deferred"}[flag]
            if "retry timeout exceeded" in rest or \
                    "have been failing for a long time" in rest:
                outcome, host = "expired", None
            yield {"sender": sender.get(ident), "recipient": recipient,
                   "outcome": outcome, "relay": host and host[1].lower(),
                   "reply": unescape(rest)}


def same_reply(text, lines):
    """Lines stand apart by \\n; C= holds 1024 bytes."""
    want = truth.plain(" ".join(lines))[:900]
    return want in truth.plain(text)


def main():
    directory = sys.argv[1]
    record = truth.load(os.path.join(directory, "sink.jsonl"))
    # A reply line over its limit is a malformed reply: try again.
    habits = truth.Habits(greeting_5xx="bounced", ehlo_5xx="bounced",
                          outcomes={"endless@hostile.example": "deferred"})
    rows = truth.deliveries(record, habits)
    compare = truth.Comparison()
    both = [one for name in ("main-mainlog", "out1-mainlog")
            for one in read(os.path.join(directory, name))]
    compare.attempts(rows, both, same_reply)
    truth.save(rows, os.path.join(directory, "truth.jsonl"))
    return compare.verdict()


if __name__ == "__main__":
    sys.exit(main())
