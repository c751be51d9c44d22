#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare what a real OpenSMTPD logged with what the sink knows, and write
truth.jsonl beside it.   usage: check_opensmtpd.py DIRECTORY"""

import os
import re
import sys

sys.dont_write_bytecode = True
import truth  # noqa: E402

DELIVERY = re.compile(
    r"smtpd\[\d+\]: \w{16} mta delivery evpid=(\w+) from=<(.*?)> to=<(.*?)> "
    r"rcpt=<.*?> source=\"(.*?)\" relay=\"\[?([^\] \"]*)\]?(?: \(.*?\))?\" "
    r"delay=\S+ result=\"(Ok|TempFail|PermFail)\" stat=\"(.*)\"$", re.S)
EXPIRED = re.compile(r"smtpd\[\d+\]: (?:mta|relay): Expire for (\w+): "
                     r"from=<(.*?)>, to=<(.*?)>|envelope-expired|"
                     r"evpid=(\w+).*Envelope expired")
BANNER = re.compile(r"mta error reason=BANNER rejected: (.*)$")
CODES = re.compile(r"^\d{3}[- ]?(?:\d\.\d+\.\d+ *)?")
OUTCOME = {"Ok": "accepted", "TempFail": "deferred", "PermFail": "bounced"}


def read(path):
    banners, facts = [], []
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if at := DELIVERY.search(line):
                facts.append({"sender": at[2], "recipient": at[3],
                              "outcome": OUTCOME[at[6]],
                              "relay": truth.BY_ADDRESS.get(at[5]),
                              "reply": at[7]})
            elif (at := EXPIRED.search(line)) and at[2] is not None:
                facts.append({"sender": at[2], "recipient": at[3],
                              "outcome": "expired", "relay": None})
            elif at := BANNER.search(line):
                banners.append(at[1])
    return facts, banners


def same_reply(text, lines):
    """The first line whole, later ones without their codes, joined by a space
    where they had an enhanced one and by nothing otherwise; of more than 2 KB
    only the last line. Bytes over 127 and control bytes as they come: the
    syslog daemon made octal of the latter."""
    if text == "Bad response: line too long":
        return max(map(len, lines)) > 2000
    text = truth.plain(re.sub(r"#([0-7]{3})", lambda m: chr(int(m[1], 8)),
                              text))
    parts = [truth.plain(CODES.sub("", line)) for line in lines]
    if sum(map(len, lines)) > 2000:
        parts = parts[-1:]
    return all(part.strip() in text for part in parts)


def main():
    directory = sys.argv[1]
    record = truth.load(os.path.join(directory, "sink.jsonl"))
    habits = truth.Habits(
        greeting_5xx="deferred", ehlo_5xx="deferred", hung_end="open",
        ends={"nosuchdomain.example": "bounced"},
        # A reply line over its limit is a malformed reply: try again.
        outcomes={"endless@hostile.example": "deferred"},
        not_taken=('"ok a, b"@multi.example', '"x> y"@tls.example'))
    rows = truth.deliveries(record, habits)
    compare = truth.Comparison()
    facts, banners = read(os.path.join(directory, "mail-iso.log"))
    compare.equal("both styles say the same", (facts, banners),
                  read(os.path.join(directory, "mail-rfc3164.log")))
    # What happens before MAIL is not told with the envelope.
    hidden = ("connect", "ehlo")
    compare.attempts(rows, facts, same_reply, hidden)
    for row in rows:
        for one in row["attempts"]:
            if one["stage"] == "connect" and one["reply"]:
                compare.equal("banner of " + one["mx"], any(
                    same_reply(text, one["reply"][:1]) for text in banners),
                    True)
    truth.save(rows, os.path.join(directory, "truth.jsonl"))
    return compare.verdict()


if __name__ == "__main__":
    sys.exit(main())
