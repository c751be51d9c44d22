#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What `mxtrend parse` says of a real MTA's log against what the sink knows:
for each recipient the outcomes in order, who answered, which code, at which
stage, in which words, from which of our addresses, and how it ended.

usage: check_mxtrend.py MXTREND DIRECTORY     (as in samples/real-*)"""

import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import truth  # noqa: E402

LOGS = {
    "postfix": [["mail-iso.log", "out1-postlogd.log"],
                ["mail-rfc3164.log", "out1-postlogd.log"]],
    "exim": [["main-mainlog", "out1-mainlog"]],
    "sendmail": [["mail-iso.log"], ["mail-rfc3164.log"]],
    "opensmtpd": [["mail-iso.log"], ["mail-rfc3164.log"]],
}
CODES = re.compile(r"^\d{3}[- ]?(?:\d\.\d+\.\d+ *)?")
# What an MTA says of a reply line over its limit.
NO_REPLY = re.compile("Bad response: line too long|Malformed SMTP reply")


def facts_of(mxtrend, paths):
    run = subprocess.run(
        [mxtrend, "--log-tz", "Europe/Berlin", "parse"] + paths,
        stdout=subprocess.PIPE, check=True)
    for line in run.stdout.decode("utf-8", "strict").splitlines():
        fact = json.loads(line)
        if fact["type"] == "delivery":
            yield fact


def mta_of(rows_path):
    return os.path.basename(os.path.dirname(rows_path)).split("-", 1)[1]


class Check:
    def __init__(self):
        self.checks = self.differences = 0

    def equal(self, what, got, want):
        self.checks += 1
        if got != want:
            self.differences += 1
            if self.differences <= 40:
                print("%s: got %r, want %r" % (what, got, want))

    def words(self, what, mta, fact, reply):
        """The remote's words without codes and folds, as far as this MTA
        keeps them."""
        parts = [truth.plain(CODES.sub("", line)).strip() for line in reply]
        if mta == "sendmail":
            parts = [parts[0][:80].strip()]
        if sum(map(len, parts)) > 900:
            parts = parts[-1:] if mta == "opensmtpd" else [parts[0][:500]]
        got = truth.plain(fact["reply"])
        for part in parts:
            self.equal(what + " words", part in got or got, True)

    def attempt(self, what, mta, fact, attempt):
        self.equal(what + " relay_ip", fact.get("relay_ip"),
                   attempt["address"])
        if "source_ip" in fact:
            self.equal(what + " source_ip", fact["source_ip"],
                       attempt["client"])
        if not attempt["reply"] or "reply" not in fact or \
                NO_REPLY.match(fact["reply"]):
            return
        if "reply_code" in fact or mta != "opensmtpd":
            self.equal(what + " reply_code", fact.get("reply_code"),
                       int(attempt["reply"][0][:3])
                       if fact["outcome"] != "accepted" or mta != "sendmail"
                       else fact.get("reply_code"))
        # Postfix has one wording for refusals in the greeting and at EHLO.
        stage = attempt["stage"]
        if mta == "postfix" and stage == "ehlo":
            stage = fact.get("stage")
        if fact["outcome"] != "accepted" and "stage" in fact:
            self.equal(what + " stage", fact["stage"], stage)
        self.words(what, mta, fact, attempt["reply"])

    def row(self, mta, row, facts):
        what = "%s -> %s" % (row["sender"], row["recipient"])
        tried = [one for one in facts if one["hop"] == "remote" and
                 one["outcome"] in ("accepted", "deferred", "bounced") and
                 one.get("relay_ip") in truth.BY_ADDRESS]
        # a session that ends before any reply leaves no line of OpenSMTPD's
        want = [one for one in row["attempts"] if mta != "opensmtpd" or
                one["reply"] or one["stage"] not in ("connect", "ehlo")]
        self.equal(what + " outcomes", [one["outcome"] for one in tried],
                   [one["outcome"] for one in want])
        for fact, attempt in zip(tried, want):
            self.attempt(what, mta, fact, attempt)
        ends = [one["outcome"] for one in facts if one["outcome"] in
                ("accepted", "bounced", "expired") and
                one["hop"] != "internal"]
        # a final failure without an attempt may be called either
        want_end = row["end"]
        if ends == ["bounced"] and want_end == "expired" and \
                "failing for a long time" in facts[-1].get("reply", ""):
            want_end = "bounced"
        self.equal(what + " end", ends or ["open"], [want_end])


def main():
    mxtrend, directory = sys.argv[1:]
    rows_path = os.path.join(os.path.abspath(directory), "truth.jsonl")
    mta = mta_of(rows_path)
    with open(rows_path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    check = Check()
    for names in LOGS[mta]:
        by_key = {}
        for fact in facts_of(mxtrend, [os.path.join(directory, name)
                                       for name in names]):
            key = fact.get("sender"), fact.get("recipient", "").lower()
            by_key.setdefault(key, []).append(fact)
        for row in rows:
            check.row(mta, row, by_key.get(
                (row["sender"], row["recipient"].lower()), []))
    print("%s: %d checks, %d differences" % (mta, check.checks,
                                             check.differences))
    return 1 if check.differences else 0


if __name__ == "__main__":
    sys.exit(main())
