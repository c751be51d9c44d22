#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the nights of mxtrend told of the story against the record of the sink:
who refused, from which address, from when to when, how often, and what is
over. Prints TAP.   usage: check_nights.py MTA DIRECTORY"""

import datetime
import glob
import json
import os
import sys
import xml.etree.ElementTree
import zipfile

sys.dont_write_bytecode = True
import story  # noqa: E402

# Of a pass in which its host refused, an MTA may tell once what it did for
# all who waited, or not ask at all: only times are compared there.
COUNTED = ("microsoft-consumer", "microsoft365", "gmail", "apple")
TOLERANCE_S = 5
INSTANCES = {"postfix": ("main", "out1"), "exim": ("main", "out1"),
             "opensmtpd": ("main",), "sendmail": ("main",)}
TOKENS = {"microsoft-consumer": "S3140", "yahoo": "TSS04"}


def outcome_of(reply):
    return {"2": "accepted", "4": "deferred", "5": "bounced"}[reply[0][0]]


def events_of(session):
    """(time, outcome, sender, recipient, whether it was our address that was
    refused) of each attempt; no sender where the greeting refused it."""
    greeting = session.get("greeting")
    if greeting and greeting[0][0] != "2":
        yield session["begin"], outcome_of(greeting), None, None, True
    for one in session["transactions"]:
        sender = one["sender"]
        if sender not in story.RECIPIENTS:  # a notification
            continue
        mail = one.get("mail")
        if mail and mail[0][0] != "2":
            for recipient in story.RECIPIENTS[sender]:
                yield one["time"], outcome_of(mail), sender, recipient, True
            continue
        for asked in one["recipients"]:
            reply = asked["reply"]
            if reply[0][0] == "2":
                reply = one.get("eod")
            if reply:
                yield (one["time"], outcome_of(reply), sender,
                       asked["address"], False)


class Truth:
    def __init__(self, path):
        self.attempts = {}  # (provider, client) -> events by time
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                session = json.loads(line)
                key = story.KEY_OF[session["server"]], session["client"]
                self.attempts.setdefault(key, []).extend(events_of(session))
        for events in self.attempts.values():
            events.sort(key=lambda event: event[0])

    def block(self, key):
        """The times of an episode, by the names that the report has."""
        events = self.attempts[key]
        refused = [event[0] for event in events if event[4]]
        accepted = [event[0] for event in events if event[1] == "accepted"]
        return {
            "first_refusal": refused[0],
            "last_refusal": refused[-1],
            "last_accept_before": max(t for t in accepted if t < refused[0]),
            "first_accept_after": min((t for t in accepted
                                       if t > refused[-1]), default=None)}

    def counts(self, key):
        found = [event[1] for event in self.attempts.get(key, [])]
        return {word: found.count(word)
                for word in ("accepted", "deferred", "bounced")}

    def accepted(self, provider):
        return len({event[2:4] for key, events in self.attempts.items()
                    if key[0] == provider for event in events
                    if event[1] == "accepted"})


def seconds(text):
    return text and datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


class Check:
    def __init__(self, mta, directory):
        self.mta, self.directory = mta, directory
        self.number = 0
        self.truth = Truth(os.path.join(directory, "sink.jsonl"))
        self.report = json.loads(self.read("final/report.json"))

    def read(self, name):
        with open(os.path.join(self.directory, name),
                  encoding="utf-8") as file:
            return file.read()

    def equal(self, what, got, want):
        self.number += 1
        good = got == want
        print("%sok %d - %s: %s" % ("" if good else "not ", self.number,
                                    self.mta, what))
        if not good:
            print("# mxtrend %r\n# sink    %r" % (got, want))

    # ---- every night -------------------------------------------------------
    def night(self, day):
        text = self.read("nights/%02d.txt" % day)
        open_part = text.partition("OPEN EPISODES")[2] \
            .partition("PAST EPISODES")[0].partition("PROVIDER ")[0]
        start = story.moment(day, 0)
        told = [name for name, key in (
            ("Microsoft consumer", "microsoft-consumer"),
            ("Yahoo Mail", "yahoo"), ("GMX", "gmx-webde"))
            if " %s %s " % (name, story.BLOCKED) in open_part]
        wanted = []
        for name, span in (("Microsoft consumer", story.OUTLOOK),
                           ("Yahoo Mail", story.YAHOO), ("GMX", story.GMX)):
            evening = start + 19 * 3600
            # the last hour of a day decides whether it is still going on
            if span[0] < evening < span[1]:
                wanted.append(name)
        if "Yahoo Mail" in told and start < story.YAHOO[1] < start + 86400:
            told.remove("Yahoo Mail")  # over that evening: easing, or closed
        self.equal("night %d names who refuses" % (day + 1), told, wanted)
        touched = any(start < span[1] and span[0] < start + 86400
                      for span in (story.OUTLOOK, story.YAHOO, story.GMX))
        if not touched and start < story.GMX[0] and not any(
                0 <= start - span[1] < 86400
                for span in (story.OUTLOOK, story.YAHOO)):
            self.equal("night %d is silent" % (day + 1), text, "")
        elif touched:
            self.equal("night %d tells" % (day + 1), bool(text), True)

    # ---- in the end ----------------------------------------------------------
    def episode(self, provider, is_over):
        key = provider, story.BLOCKED
        found = [one for one in self.report["episodes"]
                 if (one["provider"], one["source_ip"]) == key]
        self.equal(provider + " has one episode", len(found), 1)
        if len(found) != 1:
            return
        one, want = found[0], self.truth.block(key)
        for name, moment in want.items():
            got = seconds(one.get(name))
            near = got is not None and moment is not None and \
                abs(got - moment) <= TOLERANCE_S
            self.equal("%s %s" % (provider, name),
                       moment if near else got, moment)
        self.equal(provider + " is over", one["state"] == "closed", is_over)
        if provider in TOKENS:
            self.equal(provider + " token", one.get("token"),
                       TOKENS[provider])
        if provider in COUNTED:
            refused = [event for event in self.truth.attempts[key]
                       if event[4]]
            self.equal(provider + " attempts, messages, lost",
                       (one["attempts"], one["messages"],
                        one["not_delivered"]),
                       (len(refused), len({e[2] for e in refused}),
                        len({e[2:4] for e in refused})))

    def counts(self):
        sent = {}
        for day in range(story.DAYS):
            for hour in story.HOURS:
                for instance, _, people in story.messages(day, hour):
                    if instance in INSTANCES[self.mta]:
                        key = story.PROVIDERS[people[0].split("@")[1]][1]
                        sent[key] = sent.get(key, 0) + len(people)
        for row in self.report["providers"]:
            key = row["provider"]
            self.equal(key + " deliveries, accepted",
                       (row["deliveries"], row["accepted"]),
                       (sent[key], self.truth.accepted(key)))
        self.equal("six providers", sorted(row["provider"] for row in
                                           self.report["providers"]),
                   sorted(sent))
        for row in self.report["pairs"]:
            key = row["provider"], row["source_ip"]
            if key[0] in COUNTED:
                self.equal("%s from %s" % key, row["attempts"],
                           self.truth.counts(key))

    def rest(self):
        blocked = sorted(one["provider"] for one in self.report["episodes"])
        self.equal("nobody else refuses", blocked,
                   ["gmx-webde", "microsoft-consumer", "yahoo"])
        files = json.loads(self.read("final/files.json"))
        self.equal("the files alone tell the same", files["totals"],
                   self.report["totals"])
        self.equal("every line was read once",
                   " 0 new lines" in self.read("final/again.txt"), True)
        self.equal("all was understood", self.report["skips"], [])
        letter = self.read("final/evidence.txt")
        first = self.truth.block(("microsoft-consumer", story.BLOCKED))
        when = datetime.datetime.fromtimestamp(
            first["first_refusal"], datetime.timezone.utc)
        self.equal("the dossier has the first refusal",
                   when.strftime("%Y-%m-%d %H:%M") in letter, True)
        self.equal("and the address", story.BLOCKED in letter, True)
        page = self.read("nights/report.html")
        self.equal("the last page is one", page.rstrip().endswith("</html>"),
                   True)
        with zipfile.ZipFile(os.path.join(
                self.directory, "nights/report.xlsx")) as book:
            for name in book.namelist():
                if name.endswith(".xml"):
                    xml.etree.ElementTree.fromstring(book.read(name))
            self.equal("the last workbook is one", book.testzip(), None)

    def run(self):
        for day in range(len(glob.glob(os.path.join(
                self.directory, "nights", "*.txt")))):
            self.night(day)
        self.equal("nights", day + 1, story.DAYS)
        self.episode("microsoft-consumer", True)
        self.episode("yahoo", True)
        self.episode("gmx-webde", False)
        self.counts()
        self.rest()
        print("1..%d" % self.number)


if __name__ == "__main__":
    Check(*sys.argv[1:]).run()
