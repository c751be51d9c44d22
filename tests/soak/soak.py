#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A year of nightly runs on two hosts, in minutes: logs that grow, rotate and
are compressed, days that arrive late, the second host's store merged every
week, detail pruned every month, DMARC reports that come twice, and runs killed
at random moments. In the end the numbers must be those of one undisturbed run
over everything, and on the way the stores must stay sound and of bounded size,
and the program's memory must not grow.

usage: soak.py MXTREND GENLOG [--days N] [--per-day N] [--seed N]
               [--work DIR]

Prints TAP, and the figures of each month as comments."""
import argparse
import datetime
import gzip
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

KEEP_DAYS = 60            # of detail
LATE_DAYS = 9             # at most; less than KEEP_DAYS
KEPT_FILES = 14           # rotated ones
MEMORY_PER_TOTAL = 150    # bytes of the program for each row of totals
FIRST = datetime.date(2026, 1, 1)
# What prune must not change; the rest is detail.
COMPARED = ("window", "totals", "series", "providers", "sources", "pairs",
            "reasons", "domains", "episodes", "dmarc", "witness")
# Of an episode whose detail is pruned there stays what the store knew of its
# neighbours at that time; another host's addresses came with the merge.
NEIGHBOURS = ("network_refused", "network_accepted", "elsewhere_refused",
              "elsewhere_accepted", "other_senders_refused",
              "other_senders_accepted", "extent", "sender_domain")

CONF = """[inputs]
files = "{logs}/mail.log*" "{late}/*" "{reports}/*"
timezone = UTC
[report]
timezone = Europe/Berlin
period = 7d
[store]
keep_detail = {keep}d
# longer than any file is late
queue_lifetime = 16d
[outputs]
json = {work}/night.json
prom = {work}/night.prom
"""

DMARC = """<?xml version="1.0"?><feedback><report_metadata>
<org_name>google.com</org_name><email>noreply@google.com</email>
<report_id>{number}</report_id><date_range><begin>{begin}</begin>
<end>{end}</end></date_range></report_metadata><policy_published>
<domain>example.com</domain><p>none</p></policy_published><record><row>
<source_ip>192.0.2.9</source_ip><count>{count}</count><policy_evaluated>
<disposition>none</disposition><dkim>pass</dkim><spf>pass</spf>
</policy_evaluated></row><identifiers><header_from>example.com</header_from>
</identifiers><auth_results><spf><domain>example.com</domain>
<result>pass</result></spf></auth_results></record></feedback>
"""


class Host:
    """One mail server: its logs, its store, its nightly job."""

    def __init__(self, soak, name):
        self.soak = soak
        self.work = os.path.join(soak.top, name)
        self.logs, self.late, self.reports = (
            os.path.join(self.work, part) for part in
            ("log", "late", "reports"))
        for path in (self.work, self.logs, self.late, self.reports):
            os.mkdir(path)
        self.conf = os.path.join(self.work, "mxtrend.conf")
        with open(self.conf, "w", encoding="ascii") as file:
            file.write(CONF.format(logs=self.logs, late=self.late,
                                   reports=self.reports, keep=KEEP_DAYS,
                                   work=self.work))
        self.state = os.path.join(self.work, "state")
        self.store = os.path.join(self.state, "mxtrend.db")
        self.withheld = []    # (day of arrival, name, text)

    def run(self, now, *words, may_kill=True):
        """Until it has run to its end; killed at most three times before."""
        command = [self.soak.mxtrend, "-c", self.conf, "--state", self.state,
                   "--now", now.isoformat() + "Z", *words]
        for attempt in range(4):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE)
            if may_kill and attempt < 3 and self.soak.chance.random() < 0.15:
                time.sleep(self.soak.chance.uniform(0.001, 0.08))
                # nobody has waited for it yet, so the number is still its own
                os.kill(process.pid, signal.SIGKILL)
            said = process.stderr.read().decode("utf-8", "replace")
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
            if process.returncode == -signal.SIGKILL:
                self.soak.kills += 1
                continue
            self.soak.runs += 1
            if "nightly" in words:
                self.soak.peaks.append(usage.ru_maxrss)
            if process.returncode != 0:
                self.soak.fault(f"{' '.join(words)} on {now}: status "
                                f"{process.returncode}: {said.strip()}")
            return

    def rotate(self):
        log = os.path.join(self.logs, "mail.log")
        name = "{}.{}.gz".format
        if os.path.exists(name(log, KEPT_FILES)):
            os.remove(name(log, KEPT_FILES))
        for number in range(KEPT_FILES - 1, 1, -1):
            if os.path.exists(name(log, number)):
                os.rename(name(log, number), name(log, number + 1))
        if os.path.exists(log + ".1"):
            with open(log + ".1", "rb") as plain, \
                    gzip.open(name(log, 2), "wb", 1) as packed:
                shutil.copyfileobj(plain, packed)
            os.remove(log + ".1")
        if os.path.exists(log):
            os.rename(log, log + ".1")

    def write(self, text):
        with open(os.path.join(self.logs, "mail.log"), "ab") as file:
            file.write(text)

    def day(self, number, lines):
        """The log of one day, and the night behind it."""
        chance = self.soak.chance
        if chance.random() < 0.04:
            name = f"copy-{number:03}.log.gz"
            self.withheld.append((number + chance.randint(1, LATE_DAYS), name,
                                  b"".join(lines)))
            # a log of its own that came late, no hole in one: what a file
            # holds is taken to be all of its time
            self.rotate()
            self.soak.late += 1
        else:
            cut = chance.randrange(len(lines) + 1)
            self.write(b"".join(lines[:cut]))
            if chance.random() < 0.5:
                self.rotate()
            self.write(b"".join(lines[cut:]))
            if chance.random() < 0.7:
                self.rotate()
        self.deliver(number)
        self.run(self.soak.night(number), "-q", "nightly")

    def deliver(self, number):
        for due, name, text in self.withheld:
            if due == number:
                with gzip.open(os.path.join(self.late, name), "wb",
                               1) as file:
                    file.write(text)
        self.withheld = [it for it in self.withheld if it[0] > number]

    def report_of(self, number):
        begin = datetime.datetime.combine(
            FIRST + datetime.timedelta(days=number), datetime.time(),
            datetime.timezone.utc)
        text = DMARC.format(number=1000 + number, count=number % 7 + 1,
                            begin=int(begin.timestamp()),
                            end=int(begin.timestamp()) + 86399).encode()
        copies = 2 if self.soak.chance.random() < 0.2 else 1
        for copy in range(copies):
            with gzip.open(os.path.join(self.reports, f"google.com!example"
                                        f".com!{number}!{copy}.xml.gz"),
                           "wb") as file:
                file.write(text)


class Soak:
    def __init__(self, options, top):
        self.mxtrend, self.genlog = (os.path.abspath(path) for path in
                                     (options.mxtrend, options.genlog))
        self.options = options
        self.top = top
        self.chance = random.Random(options.seed)
        self.kills = self.runs = self.late = 0
        self.peaks = []       # KiB, of nightly runs
        self.faults = []
        self.months = []      # (day, bytes, attempts, totals, peak KiB)

    def fault(self, text):
        self.faults.append(text)

    @staticmethod
    def night(number):
        return datetime.datetime.combine(
            FIRST + datetime.timedelta(days=number + 1),
            datetime.time(0, 17))

    def logs_of(self, name, seed):
        """The year of one host: the whole, and a directory with its days."""
        path = os.path.join(self.top, name + ".all")
        subprocess.run([self.genlog, "--seed", str(seed), "--days",
                        str(self.options.days), "--per-day",
                        str(self.options.per_day), "--start",
                        FIRST.isoformat(), "--zone", "UTC", "--style", "iso",
                        "--host-name", name, "--instances", "2", "--noise",
                        "20", "--random-episodes", "8", "-o", path],
                       check=True)
        # Day by day on disk: what this program holds when it starts another
        # counts as that one's peak.
        days = os.path.join(self.top, name + ".days")
        os.mkdir(days)
        with open(path, "rb") as file:
            number, out = -1, None
            for line in file:
                day = datetime.date.fromisoformat(line[:10].decode())
                # the last minutes may lie behind midnight
                wanted = min((day - FIRST).days, self.options.days - 1)
                if wanted != number:
                    if out is not None:
                        out.close()
                    number = wanted
                    out = open(os.path.join(days, str(number)), "ab")
                out.write(line)
            out.close()
        return path, days

    @staticmethod
    def lines_of(days, number):
        try:
            with open(os.path.join(days, str(number)), "rb") as file:
                return file.readlines()
        except FileNotFoundError:
            return []

    def look(self, number, host):
        """Is the store sound, how large is it?"""
        with sqlite3.connect(f"file:{host.store}?mode=ro", uri=True) as db:
            sound = db.execute("PRAGMA integrity_check").fetchone()[0]
            if sound != "ok":
                self.fault(f"day {number}: integrity_check says {sound}")
            attempts, = db.execute("SELECT count(*) FROM attempt").fetchone()
            totals, = db.execute("SELECT count(*) FROM total").fetchone()
        db.close()
        peaks = sorted(self.peaks)
        self.months.append((number, os.path.getsize(host.store), attempts,
                            totals, peaks[len(peaks) // 2]))
        self.peaks = []
        print("# day {}: {} bytes, {} attempts, {} totals, median peak {} KiB"
              .format(*self.months[-1]), flush=True)

    def month(self, number, hosts):
        for host in hosts:
            host.run(self.night(number), "-q", "prune")
        self.look(number, hosts[0])

    def year(self):
        hosts = [Host(self, "mx1"), Host(self, "mx2")]
        whole = [self.logs_of("mx1", self.options.seed),
                 self.logs_of("mx2", self.options.seed + 1)]
        last = self.options.days - 1
        for number in range(self.options.days):
            hosts[0].report_of(number)
            for host, (_, days) in zip(hosts, whole):
                host.day(number, self.lines_of(days, number))
            if number % 7 == 6:
                hosts[0].run(self.night(number), "-q", "merge",
                             hosts[1].store)
            if number % 30 == 29:
                self.month(number, hosts)
        for host in hosts:
            for due in range(last + 1, last + LATE_DAYS + 1):
                host.deliver(due)
            host.run(self.night(last + LATE_DAYS), "-q", "nightly",
                     may_kill=False)
        hosts[0].run(self.night(last + LATE_DAYS), "-q", "merge",
                     hosts[1].store, may_kill=False)
        return hosts, [path for path, _ in whole]

    def at_once(self, hosts, paths):
        """The same inputs, read in one go each and merged."""
        now = self.night(self.options.days - 1 + LATE_DAYS)
        fresh = []
        for number, path in enumerate(paths):
            host = Host(self, f"once{number + 1}")
            inputs = [path]
            if number == 0:
                inputs += sorted(os.path.join(hosts[0].reports, name)
                                 for name in os.listdir(hosts[0].reports))
            host.run(now, "-q", "ingest", *inputs, may_kill=False)
            fresh.append(host)
        fresh[0].run(now, "-q", "merge", fresh[1].store, may_kill=False)
        fresh[0].run(now, "-q", "prune", may_kill=False)
        return fresh[0]

    def document(self, host, since):
        now = self.night(self.options.days - 1 + LATE_DAYS)
        text = subprocess.run(
            [self.mxtrend, "-c", host.conf, "--state", host.state, "--now",
             now.isoformat() + "Z", "report", "-f", "json", "--since",
             since.isoformat()], check=True, stdout=subprocess.PIPE).stdout
        said = json.loads(text)
        pruned = now - datetime.timedelta(days=KEEP_DAYS)
        for episode in said["episodes"]:
            if episode["last_refusal"] < pruned.isoformat():
                for key in NEIGHBOURS:
                    episode.pop(key, None)
        return said

    def differences(self, got, want):
        """Of the whole time and of the last weeks."""
        found = []
        last = FIRST + datetime.timedelta(days=self.options.days)
        for since in (FIRST, last - datetime.timedelta(days=30)):
            a, b = self.document(got, since), self.document(want, since)
            for key in COMPARED:
                if a.get(key) != b.get(key):
                    found.append(f"since {since}: {key} differs: "
                                 f"{first_difference(a.get(key), b.get(key))}")
            if a["totals"]["deliveries"] == 0:
                found.append(f"since {since}: there is nothing to compare")
        return found


def first_difference(a, b, where=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if a.get(key) != b.get(key):
                return first_difference(a.get(key), b.get(key),
                                        f"{where}.{key}")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (left, right) in enumerate(zip(a, b)):
            if left != right:
                return first_difference(left, right, f"{where}[{index}]")
    return f"{where}: {str(a)[:200]} / {str(b)[:200]}"


def is_bounded(months):
    """Detail stays that of KEEP_DAYS, the rest grows with the totals alone;
    None where the time was too short to say."""
    if len(months) < 6:
        return None
    attempts = [it[2] for it in months]
    # the third month is the first that prune had something to drop of
    early, late = max(attempts[1:4]), max(attempts[-3:])
    per_total = [it[1] / it[3] for it in months]
    return late <= 1.5 * early and per_total[-1] <= 1.1 * per_total[3]


def is_steady(months):
    """A nightly run looks at the history of those who refused, so it may grow
    with what is stored, but by no more than MEMORY_PER_TOTAL."""
    if len(months) < 6:
        return None
    grown = (months[-1][4] - months[1][4]) * 1024
    return grown <= MEMORY_PER_TOTAL * (months[-1][3] - months[1][3])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mxtrend")
    parser.add_argument("genlog")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--per-day", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", help="an empty directory, which is kept")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory(prefix="mxtrend-soak.") as top:
        soak = Soak(options, options.work or top)
        hosts, paths = soak.year()
        hosts[0].run(soak.night(options.days - 1 + LATE_DAYS), "-q", "prune",
                     may_kill=False)
        found = soak.differences(hosts[0], soak.at_once(hosts, paths))
    results.append(("every run ends well and every store is sound",
                    not soak.faults, soak.faults))
    results.append((f"the numbers are those of one undisturbed run, though "
                    f"{soak.late} days came late",
                    not found and soak.late >= options.days // 40, found))
    results.append((f"{soak.kills} of {soak.runs + soak.kills} runs were "
                    "killed", soak.kills >= options.days // 10, []))
    results.append(("the store stays in bounds", is_bounded(soak.months), []))
    results.append(("memory grows with what is stored, and no more", is_steady(soak.months), []))
    for number, (name, good, why) in enumerate(results, 1):
        skip = " # SKIP too short to say" if good is None else ""
        print(f"{'not ' if good is False else ''}ok {number} - {name}{skip}")
        for line in why[:12]:
            print("#", line)
    print(f"1..{len(results)}")
    return 1 if any(good is False for _, good, _ in results) else 0


sys.exit(main())
