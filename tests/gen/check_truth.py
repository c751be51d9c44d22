#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Count a generated log independently, from its text alone, and compare with
the truth that the generator wrote from its model.

usage: check_truth.py --truth TRUTH.json --providers providers.tsv LOG...

LOGs are given oldest first; .gz is read too. Nothing is shared with the
generator or with mxtrend: regular expressions, zoneinfo, dictionaries.
Exit status 1 and one line for each difference when there is one."""

import argparse
import collections
import datetime as dt
import gzip
import json
import re
import sys
import zoneinfo

ENVELOPE = re.compile(
    rb"(?:(?P<bsd>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)"
    rb"|(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<frac>\.\d+)?"
    rb"(?P<off>[+-]\d\d:\d\d|Z)) (?P<host>\S+) "
    rb"(?P<tag>\S+)/(?P<prog>[a-z]+)\[\d+\]: (?P<body>.*)", re.S)
ADDRESS = rb'<((?:"(?:[^"\\]|\\.)*"|[^">])*)>'
DELIVERY = re.compile(
    rb"([0-9A-Za-z]{6,}): to=" + ADDRESS +
    rb"(?:, orig_to=<[^>]*>)?, relay=([^,]+)(?:, conn_use=\d+)?"
    rb", delay=[\d.]+, delays=[\d./]+(?:, tls=[^,]+)?, dsn=\d\.\d+\.\d+"
    rb", status=([a-z]+) \((.*)", re.S)
EXPIRED = re.compile(rb"([0-9A-Za-z]{6,}): from=" + ADDRESS +
                     rb", status=(?:force-)?expired, ")
REMOVED = re.compile(rb"([0-9A-Za-z]{6,}): removed$")
NAMED = re.compile(rb"connect to ([^\[\s]+)\[([^\]]*)\]:\d+: ")
RELAY = re.compile(rb"([^\[]+)\[(.*)\]:\d+$")
# Refusals that are about our address, in the words of each provider.
BLOCKED = re.compile(
    rb"\(S3140\)|\(S775\)|\[TSS0[49]\]|UnsolicitedIPError|"
    rb"UnsolicitedRateLimitError|block listed|policy violations\.|\[HCM1\]|"
    rb"listing in Spamhaus|zen\.spamhaus\.org|bl\.spamcop\.net|is in an RBL|"
    rb"\(BL\)|\(NOWL\)|banned sending IP|\(S77719\)|ipcheck\.proofpoint")
PRIVATE = re.compile(rb"127\.|10\.|192\.168\.|::1$|fe80:")
MONTHS = {m: i + 1 for i, m in enumerate(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}
UTC = dt.timezone.utc


class Clock:
    """RFC 3164 stamps to UTC: year and the repeated hour from the order."""

    def __init__(self, zone, begin):
        self.zone = zone
        self.previous = begin
        self.cache = {}

    def local(self, text):
        month, day = MONTHS[text[:3]], int(text[4:6])
        hour, minute, second = (int(x) for x in text[7:].split(":"))
        near = self.previous.astimezone(self.zone)
        best = None
        for year in (near.year - 1, near.year, near.year + 1):
            for fold in (0, 1):
                try:
                    t = dt.datetime(year, month, day, hour, minute, second,
                                    fold=fold, tzinfo=self.zone)
                except ValueError:
                    continue
                t = t.astimezone(UTC)
                distance = abs((t - self.previous).total_seconds())
                # a step back of some seconds is disorder, of an hour is not
                if t < self.previous - dt.timedelta(seconds=60):
                    distance += 1800
                if best is None or distance < best[0]:
                    best = (distance, t)
        return best[1]

    def utc(self, match):
        if match["bsd"]:
            text = match["bsd"].decode()
            if text not in self.cache:
                self.cache = {text: self.local(text)}
            t = self.cache[text]
        else:
            off = match["off"].decode().replace("Z", "+00:00")
            t = dt.datetime.fromisoformat(match["iso"].decode() + off)
            t = t.astimezone(UTC)
        self.previous = max(self.previous, t)
        return t


class Providers:
    """providers.tsv: columns by the names in its first line that is no
    comment; "-" is an empty field, "*" in a suffix any one label."""

    def __init__(self, path):
        self.suffixes, self.domains = {}, {}
        with open(path, encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines
                    if not line.startswith("#")]
        for cells in rows[1:]:
            row = dict(zip(rows[0], cells))
            key = row["key"] if "key" in row else row["provider_key"]
            for name, into in (("mx_suffixes", self.suffixes),
                               ("recipient_domains", self.domains)):
                for one in row[name].split(","):
                    if one not in ("", "-"):
                        into.setdefault(one, key)

    @staticmethod
    def registrable(name):
        # the model's own names are all of the form LABEL.example
        return ".".join(name.split(".")[-2:])

    def by_mx(self, host):
        labels = host.split(".")
        for i in range(len(labels)):
            tail = labels[i:]
            for star in range(len(tail) + 1):
                name = ".".join("*" if k == star - 1 else label
                                for k, label in enumerate(tail))
                if name in self.suffixes:
                    return self.suffixes[name]
        return "mx:" + self.registrable(host)


class Counter:
    def __init__(self, truth, providers):
        self.zone = zoneinfo.ZoneInfo(truth["zone"])
        begin = dt.datetime.fromisoformat(
            truth["begin"].replace("Z", "+00:00"))
        self.clock = Clock(self.zone, begin)
        self.providers = providers
        self.facts = collections.Counter()
        self.days = collections.Counter()      # (zone, day, pair, outcome)
        self.day_messages = collections.defaultdict(set)
        self.messages = collections.defaultdict(set)
        self.deliveries = {}                   # key -> [pair, state, flags]
        self.live = collections.defaultdict(dict)  # message -> recipients
        self.generation = collections.Counter()
        self.votes = collections.defaultdict(list)
        self.accepts = collections.defaultdict(list)
        self.domain_mx = {}
        self.lines = self.delivery_lines = self.expiry_lines = 0

    def line(self, raw):
        self.lines += 1
        match = ENVELOPE.match(raw.lstrip(b"\0"))
        if not match:
            return
        time = self.clock.utc(match)
        body, prog = match["body"], match["prog"]
        host, tag = match["host"].decode(), match["tag"].decode()
        owner = (host, tag.split("/")[0])
        if b"\0" in body:
            return
        found = DELIVERY.match(body)
        if found and prog in (b"smtp", b"lmtp", b"local", b"virtual",
                              b"pipe", b"error", b"discard"):
            self.delivery(time, host, tag, prog, owner, found)
        elif prog == b"qmgr" and (found := EXPIRED.match(body)):
            self.expired(owner, found[1])
        elif prog == b"qmgr" and (found := REMOVED.match(body)):
            key = (owner, found[1])
            self.live.pop((key, self.generation[key]), None)
            self.generation[key] += 1

    def hop(self, prog, relay, reason):
        if prog in (b"lmtp", b"local", b"virtual", b"pipe"):
            return "local"
        found = RELAY.match(relay) or NAMED.search(reason)
        if found and PRIVATE.match(found[2]):
            return "internal"
        return "remote"

    def provider(self, relay, reason, rcpt):
        domain = rcpt.rsplit("@", 1)[-1].lower()
        found = RELAY.match(relay) or NAMED.search(reason)
        if found:
            key = self.providers.by_mx(found[1].decode().lower())
            self.domain_mx[domain] = key
            return key
        return (self.domain_mx.get(domain) or
                self.providers.domains.get(domain) or
                "domain:" + self.providers.registrable(domain))

    def delivery(self, time, host, tag, prog, owner, found):
        qid, rcpt, relay, status, reason = found.groups()
        self.delivery_lines += 1
        key = (owner, qid)
        message = (key, self.generation[key])
        if status in (b"deliverable", b"undeliverable"):
            self.facts["probe"] += 1
            return
        if prog == b"discard":
            self.facts["discarded"] += 1
            return
        recipients = self.live[message]
        if reason.startswith(b"delivery temporarily suspended"):
            self.facts["suspended"] += 1
            recipients.setdefault(rcpt, ["suspended", "remote"])
            return
        outcome = {b"sent": "accepted"}.get(status, status.decode())
        hop = self.hop(prog, relay, reason)
        self.facts[hop, outcome] += 1
        recipients[rcpt] = [outcome, hop]
        if hop == "remote":
            self.remote(time, host, tag, message, rcpt.decode("latin-1"),
                        outcome, relay, reason)

    def remote(self, time, host, tag, message, rcpt, outcome, relay, reason):
        key = self.provider(relay, reason, rcpt)
        pair = (key, host, tag)
        for zone, local in (("utc", time), ("local",
                                            time.astimezone(self.zone))):
            cell = (zone, local.date().isoformat(), pair)
            self.days[cell + (outcome,)] += 1
            self.day_messages[cell].add(message)
        self.messages[pair].add(message)
        blocked = outcome != "accepted" and bool(BLOCKED.search(reason))
        entry = self.deliveries.setdefault(
            (message, rcpt), {"pair": pair, "state": None, "flags": set()})
        entry["state"] = outcome
        if outcome == "deferred":
            entry["flags"].add("deferred")
        if blocked:
            entry["flags"].add("blocked")
            self.votes[pair].append(time)
        if outcome == "accepted":
            self.accepts[pair].append(time)

    def expired(self, owner, qid):
        self.expiry_lines += 1
        key = (owner, qid)
        message = (key, self.generation[key])
        known = False
        for rcpt, (state, hop) in self.live[message].items():
            if state not in ("deferred", "suspended"):
                continue
            known = True
            self.facts[hop, "expired"] += 1
            entry = self.deliveries.get((message, rcpt.decode("latin-1")))
            if entry:
                entry["state"] = "expired"
        if not known:
            self.facts["expired_without_recipient"] += 1


class Report:
    def __init__(self):
        self.differences = self.checks = 0

    def equal(self, what, ours, theirs):
        self.checks += 1
        if ours != theirs:
            self.differences += 1
            if self.differences <= 40:
                print(f"{what}: text says {ours}, truth says {theirs}")


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def compare_totals(report, count, truth):
    report.equal("lines", count.lines, truth["lines"])
    report.equal("delivery lines", count.delivery_lines,
                 truth["delivery_lines"])
    report.equal("expiry lines", count.expiry_lines, truth["expiry_lines"])
    for hop in ("remote", "local", "internal"):
        for outcome, n in truth["facts"][hop].items():
            report.equal(f"facts {hop} {outcome}",
                         count.facts[hop, outcome], n)
    for kind in ("suspended", "probe", "discarded",
                 "expired_without_recipient"):
        report.equal(f"facts {kind}", count.facts[kind],
                     truth["facts"][kind])
    report.equal("facts total", sum(count.facts.values()),
                 truth["facts"]["total"])
    report.equal("messages", len(set().union(*count.messages.values())),
                 truth["all"]["messages"])


def compare_days(report, count, truth, zone):
    rows = {}
    for row in truth[f"attempts_by_{zone}_day"]:
        pair = (row["provider"], row["host"], row["instance"])
        rows[row["day"], pair] = row
    cells = {(day, pair) for z, day, pair in count.day_messages if z == zone}
    report.equal(f"{zone} days: rows", sorted(cells - set(rows)),
                 sorted(set(rows) - cells))
    for (day, pair), row in rows.items():
        for outcome in ("accepted", "deferred", "bounced"):
            report.equal(f"{zone} {day} {pair} {outcome}",
                         count.days[zone, day, pair, outcome], row[outcome])
        report.equal(f"{zone} {day} {pair} messages",
                     len(count.day_messages[zone, day, pair]),
                     row["messages"])


def compare_deliveries(report, count, truth):
    sums = collections.defaultdict(collections.Counter)
    names = {"accepted": "accepted", "bounced": "bounced",
             "expired": "expired", "deferred": "open"}
    for entry in count.deliveries.values():
        for where in (entry["pair"], entry["pair"][0], "all"):
            sums[where]["deliveries"] += 1
            sums[where][names[entry["state"]]] += 1
            for flag in entry["flags"]:
                sums[where][flag + "*"] += 1
    rows = [("all", truth["all"])]
    rows += [(r["provider"], r) for r in truth["by_provider"]]
    rows += [((r["provider"], r["host"], r["instance"]), r)
             for r in truth["by_provider_source"]]
    for where, row in rows:
        for column in ("deliveries", "accepted", "bounced", "expired", "open"):
            report.equal(f"deliveries {where} {column}", sums[where][column],
                         row[column])
        for flag in ("deferred", "blocked"):
            report.equal(f"deliveries {where} {flag}",
                         sums[where][flag + "*"], row[flag])
    for row in truth["by_provider_source"]:
        pair = (row["provider"], row["host"], row["instance"])
        report.equal(f"messages {pair}", len(count.messages[pair]),
                     row["messages"])
        votes = count.votes[pair]
        report.equal(f"refusals {pair}", len(votes), row["refusals"])
        if votes:
            report.equal(f"first refusal {pair}", stamp(min(votes)),
                         row["first_refusal"])
            report.equal(f"last refusal {pair}", stamp(max(votes)),
                         row["last_refusal"])


def compare_episodes(report, count, truth):
    for row in truth["episodes"]:
        pair = (row["provider"], row["host"], row["instance"])
        votes, accepts = count.votes[pair], count.accepts[pair]
        inside = [t for t in votes if stamp(t) >= row["start"]]
        if "first_refusal" not in row or not inside:
            report.equal(f"episode {pair} refusals", len(inside),
                         row["refusals"])
            continue
        first = dt.datetime.fromisoformat(
            row["first_refusal"].replace("Z", "+00:00"))
        report.equal(f"episode {pair} first", stamp(min(inside)), stamp(first))
        report.equal(f"episode {pair} last", stamp(max(inside)),
                     row["last_refusal"])
        # the stamps of RFC 3164 tell no order within a second
        before = [t for t in accepts if t <= first]
        after = [t for t in accepts if t >= max(inside)]
        if "last_accept_before" in row:
            report.equal(f"episode {pair} accept before",
                         row["last_accept_before"] in map(stamp, before[-3:]),
                         True)
        if "first_accept_after" in row:
            report.equal(f"episode {pair} accept after",
                         row["first_accept_after"] in map(stamp, after[:3]),
                         True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--truth", required=True)
    parser.add_argument("--providers", required=True)
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()
    with open(options.truth, encoding="utf-8") as file:
        truth = json.load(file)
    count = Counter(truth, Providers(options.providers))
    for path in options.logs:
        opened = gzip.open if path.endswith(".gz") else open
        with opened(path, "rb") as log:
            for raw in log:
                count.line(raw.rstrip(b"\n"))
    report = Report()
    compare_totals(report, count, truth)
    compare_days(report, count, truth, "utc")
    compare_days(report, count, truth, "local")
    compare_deliveries(report, count, truth)
    compare_episodes(report, count, truth)
    print(f"{report.checks} checks, {report.differences} differences")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
