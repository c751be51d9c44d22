#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Blocks in written logs, read by the whole program, against the true ones.

usage: sim_logs.py MXTREND BLOCKS [RESULTS]

Postfix logs in local time of Berlin, without year: over New Year, and over
both nights in which the clocks change. Each made-up provider has a block
that begins or ends in that night or at some other time, of one address of
two, of the two addresses of one network, of all three, of mail of one sender
domain (the provider says so), or of one sender domain of two in words about
the address. Prints TAP; RESULTS gets a table."""
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import zoneinfo

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
UTC = datetime.timezone.utc
HOUR, DAY = 3600, 86400
INSTANCES = {"postfix-out1": "192.0.2.9", "postfix-out2": "192.0.2.10",
             "postfix-out3": "198.51.100.7"}
ADDRESS = "554 5.7.1 Service unavailable; Client host [{ip}] blocked using " \
    "zen.spamhaus.org; https://check.spamhaus.org/query/ip/{ip}"
DOMAIN = "550 5.7.1 Message rejected: URL or sender domain example.org is " \
    "listed in dbl.spamhaus.org"
# what is refused -> extent that must be told
KINDS = {"one": ("source", ["postfix-out1"], ["postfix-out1", "postfix-out2"]),
         "range": ("range", ["postfix-out1", "postfix-out2"],
                   list(INSTANCES)),
         "all": ("all", list(INSTANCES), list(INSTANCES)),
         "domain": ("domain", ["postfix-out1"],
                    ["postfix-out1", "postfix-out2"]),
         "sender": ("domain", ["postfix-out1", "postfix-out2"],
                    ["postfix-out1", "postfix-out2"])}
SENDERS = ("example.org", "example.net")
NIGHTS = {"New Year": datetime.datetime(2026, 1, 1, tzinfo=BERLIN),
          "clocks go forward": datetime.datetime(2026, 3, 29, 2,
                                                 tzinfo=BERLIN),
          "clocks go back": datetime.datetime(2026, 10, 25, 2,
                                              tzinfo=BERLIN)}
DAILY = 10


def stamp(utc):
    local = datetime.datetime.fromtimestamp(utc, BERLIN)
    return f"{local:%b} {local.day:2} {local:%H:%M:%S}"


def rfc3339(text):
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp() if text else None


class Provider:
    def __init__(self, number, kind, night, chance):
        self.key = f"p{number}.example"
        self.kind = kind
        self.extent, self.blocked, self.sources = KINDS[kind]
        near = chance.choice(("begins", "ends", "covers"))
        length = int(chance.uniform(6, 10) * DAY)
        edge = night + int(chance.uniform(-6, 6) * HOUR)
        self.begin = {"begins": edge, "ends": edge - length,
                      "covers": night - length // 2}[near]
        self.end = self.begin + length


def write_log(path, providers, night, chance):
    """One line an attempt and one when the message is done; a refusal is
    final. As a real log: in order, no two at one place in time matter."""
    lines = []
    number = 0
    for provider in providers:
        for source in provider.sources:
            at = night - 20 * DAY
            while at < night + 20 * DAY:
                at += chance.expovariate(DAILY / DAY)
                number += 1
                sender = chance.choice(SENDERS)
                refused = source in provider.blocked and \
                    provider.begin <= at < provider.end and \
                    (provider.kind != "sender" or sender == SENDERS[0])
                words = (DOMAIN if provider.kind == "domain" else
                         ADDRESS).format(ip=INSTANCES[source])
                end = f"dsn=5.7.1, status=bounced (host mx.{provider.key}" \
                    f"[203.0.113.5] said: {words} (in reply to RCPT TO " \
                    "command))" if refused else \
                    "dsn=2.0.0, status=sent (250 2.0.0 Ok)"
                lines.append((int(at), number, f"mail {source}/qmgr[9]: "
                              f"{number:010X}: from=<a@{sender}>, size=1, "
                              "nrcpt=1 (queue active)"))
                lines.append((int(at), number, f"mail {source}/smtp[99]: "
                              f"{number:010X}: to=<u{number}@{provider.key}>"
                              f", relay=mx.{provider.key}[203.0.113.5]:25, "
                              f"delay=1, delays=0/0/0/1, {end}"))
                lines.append((int(at), number, f"mail {source}/qmgr[9]: "
                              f"{number:010X}: removed"))
    lines.sort(key=lambda line: line[:2])
    with open(path, "w", encoding="ascii") as log:
        log.writelines(f"{stamp(at)} {text}\n" for at, _, text in lines)
    os.utime(path, (lines[-1][0], lines[-1][0]))


def read_log(mxtrend, work, path, night):
    config = os.path.join(work, "config")
    with open(config, "w", encoding="ascii") as to:
        to.write("[source-ip]\n" + "".join(
            f"{name} = {ip}\n" for name, ip in INSTANCES.items()))
    now = datetime.datetime.fromtimestamp(night + 21 * DAY, UTC)
    done = subprocess.run(
        [mxtrend, "-c", config, "--tz", "UTC", "--log-tz", "Europe/Berlin",
         "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ"), "report", "-f", "json",
         path], capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"status {done.returncode}: {done.stderr.decode()[:400]}")
    return json.loads(done.stdout)["episodes"]


def is_between(low, truth, high):
    """Stamps are whole seconds, the truth is not."""
    return (low is None or low <= truth + 1) and \
        (high is None or truth <= high + 1)


def judge(providers, episodes, score):
    found = {}
    for one in episodes:
        if one.get("confirmed"):
            found.setdefault(one["provider"], []).append(one)
    for provider in providers:
        mine = found.pop("mx:" + provider.key, [])
        score["providers"] += 1
        score["extent"] += bool(mine) and all(
            one["extent"] == provider.extent for one in mine)
        score["number"] += sorted(one["source_ip"] for one in mine) == sorted(
            INSTANCES[source] for source in provider.blocked)
        score["blocks"] += len(provider.blocked)
        for one in mine:
            score["begin"] += is_between(
                rfc3339(one.get("began_after")), provider.begin,
                rfc3339(one["began_by"]))
            score["end"] += is_between(
                rfc3339(one["ended_after"]), provider.end,
                rfc3339(one.get("ended_by")))
    score["false"] += sum(len(rest) for rest in found.values())


def main():
    mxtrend, blocks = sys.argv[1], int(sys.argv[2])
    rows = []
    good = True
    count = 0
    print(f"1..{len(NIGHTS) * len(KINDS)}")
    for name, night in NIGHTS.items():
        night = int(night.timestamp())
        for kind in KINDS:
            chance = random.Random(f"{name} {kind}")
            providers = [Provider(i, kind, night, chance)
                         for i in range(blocks)]
            score = dict.fromkeys(("providers", "extent", "number", "blocks",
                                   "begin", "end", "false"), 0)
            with tempfile.TemporaryDirectory() as work:
                path = os.path.join(work, "log")
                write_log(path, providers, night, chance)
                judge(providers, read_log(mxtrend, work, path, night), score)
            share = {key: 100 * score[key] / score[
                "blocks" if key in ("begin", "end") else "providers"]
                for key in ("extent", "number", "begin", "end")}
            ok = min(share.values()) >= 99 and score["false"] == 0
            good &= ok
            count += 1
            print(f"{'ok' if ok else 'not ok'} {count} - {name}, {kind}")
            rows.append(f"| {name} | {kind} | {score['blocks']} | " + " | ".join(
                f"{share[key]:.1f}" for key in
                ("number", "extent", "begin", "end")) +
                f" | {score['false']} |")
            print("#", rows[-1], flush=True)
    if len(sys.argv) > 3:
        with open(sys.argv[3], "w", encoding="ascii") as to:
            to.write("\n".join(rows) + "\n")
    sys.exit(not good)


main()
