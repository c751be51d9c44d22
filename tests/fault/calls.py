#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every command, while calls of the C library fail underneath it and its
libraries (calls.c): an allocation, a read, a write with no room; all reads and
writes short; every other one interrupted; outputs that are full, closed or a
pipe that nobody reads. However a run ends: by an exit status of its own with
one word on standard error at least, or with status 0 and then exactly the
output of an undisturbed run; and the store is sound and goes on to the same
report.

usage: calls.py BUILD-OF-A-VARIANT [POINTS [COMMAND]]     prints TAP

POINTS: so many calls of each kind are tried, the first dozen and the last
among them, the others spread evenly (the default suits a quick check);
"places" tries every read and write, and of the allocations of a command that
have the same callers the first; "all" tries every one."""
import errno
import hashlib
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

# common knows the way to tests/support
from common import Program, Tap, each, integrity, make_logs, said, trouble
from accepting import Server

QUICK_POINTS = 6
TIMEOUT_S = 60
KINDS = {"alloc": errno.ENOMEM, "read": errno.EIO, "write": errno.ENOSPC}
# What a failure may end with: memory, input, output, system.
ENDS = {65, 66, 69, 70, 71, 73, 74, 75, 77, 78}
REPORTS = ["dmarc.xml.gz", "dmarc.zip", "dmarc-rfc9990.xml", "tlsrpt.json",
           "tlsrpt.eml", "arf.eml", "dsn-postfix.eml", "snds-data.csv",
           "reports.mbox"]


# Two rules fit the code, one of them by a pattern of its own.
NETWORK_BLOCK = ("550 5.7.1 Unfortunately, messages from [198.51.100.9] "
                 "weren't sent. part of their network is on our block list "
                 "(S3140).")
REFUSAL = ("2026-11-20T{:02}:00:01+01:00 mx postfix/smtp[9]: 3FA1B2C4D{:X}: "
           "to=<a@outlook.com>, relay=outlook-com.olc.protection.outlook.com"
           "[192.0.2.101]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, "
           "status=bounced (host outlook-com.olc.protection.outlook.com"
           "[192.0.2.101] said: " + NETWORK_BLOCK +
           " (in reply to MAIL FROM command))\n")


class Job:
    """A command line; what it leaves alone, and what it may change."""

    def __init__(self, name, *words, state="whole", output=None, stdin=None,
                 is_short=False):
        self.name = name
        self.words = list(words)
        self.state = state          # a directory to begin with
        self.output = output        # ending of an -o
        self.stdin = stdin
        self.writes = state != "whole"
        self.is_short = is_short    # so that every call may fail at any time


class Calls:
    def __init__(self, program, work):
        self.program = program
        self.work = work
        self.number = 0
        self.sound = set()          # stores that were found to go on
        self.tried = {}             # by command: callers whose call failed
        self.lock = threading.Lock()
        self.shim = os.path.join(work, "calls.so")
        subprocess.run([os.environ.get("CC", "gcc"), "-O1", "-fPIC",
                        "-shared", "-o", self.shim, "tests/fault/calls.c"],
                       check=True)
        self.logs = make_logs(program, work)
        self.logs.append(self.path("refused.log"))
        with open(self.logs[-1], "w", encoding="utf-8") as file:
            file.write("".join(REFUSAL.format(n, n) for n in range(12)))
        self.reports = [os.path.abspath(f"samples/reports/{name}")
                        for name in REPORTS]
        self.make_states()
        self.server = Server()
        self.jobs = self.make_jobs()

    def make_states(self):
        quick = self.program.quick
        for name, files in (("whole", self.logs + self.reports),
                            ("part", self.logs[:1]),
                            ("other", self.logs[1:2])):
            quick("--state", self.path(name), "ingest", *files)
        self.want = self.document(self.path("whole"))
        row = quick("--state", self.path("whole"), "episodes", "-f", "json",
                    "--all").stdout.decode()
        self.provider = re.search(r'"provider": *"([^"]+)"', row).group(1)
        self.episode = re.search(r'"id": *"([^"]+)"', row).group(1)
        row = quick("parse", *self.logs).stdout.decode()
        self.queue_id = re.search(r'"id": *"([^"]+)"', row).group(1)
        with open(self.path("nightly.conf"), "w", encoding="utf-8") as file:
            file.write("[inputs]\nfiles = " + os.path.dirname(self.logs[0]) +
                       "/*\n")

    def path(self, name):
        return os.path.join(self.work, name)

    def document(self, state):
        return self.program.document("--state", state)

    def make_jobs(self):
        files = self.logs + self.reports
        jobs = [Job(f"report -f {form}", "report", "-f", form)
                for form in ("text", "json", "csv", "tsv", "html", "prom")]
        jobs += [Job(f"report -o x.{form}", "report", output=form)
                 for form in ("xlsx", "html", "json")]
        jobs += [
            Job("report FILE...", "report", "-f", "json", "-j", "1", *files),
            Job("report FILE... on threads", "report", "-f", "json", "-j",
                "2", *files),
            Job("report --anonymize", "report", "--anonymize="
                + self.path("key")),
            Job("parse", "parse", "--skipped", *files),
            Job("classify", "classify", NETWORK_BLOCK, is_short=True),
            Job("classify -f json", "classify", "-f", "json",
                stdin=b"550 5.7.1 no (S3140)\n451 4.7.1 greylisted\n"),
            Job("episodes", "episodes", "--all"),
            Job("episodes --explain", "episodes", "--explain", self.episode),
            Job("evidence", "evidence", self.provider),
            Job("evidence -o x.xlsx", "evidence", self.provider,
                output="xlsx"),
            Job("diff", "diff", "2026-11-01..2026-11-10",
                "2026-11-11..2026-11-30"),
            Job("trace", "trace", self.queue_id, *self.logs),
            Job("trace --episode", "trace", "--episode", self.episode),
            Job("status", "status"),
            Job("status --limits", "status", "--limits"),
            Job("rules check", "rules", "check"),
            Job("rules list", "rules", "list"),
            Job("formats", "formats"),
            Job("formats --check", "formats", "--check",
                os.path.abspath("samples/own-format/acme.format")),
            Job("config --show", "config", "--show"),
            Job("config --init", "config", "--init"),
            Job("annotate --list", "annotate", "--list"),
            Job("prune --dry-run", "prune", "--keep", "1d", "--dry-run"),
            Job("ingest", "ingest", *files, state="new"),
            Job("ingest of more", "ingest", *files, state="part"),
            Job("ingest of nothing new", "ingest", *files, state="whole.w"),
            Job("nightly", "-c", self.path("nightly.conf"), "nightly",
                state="part"),
            Job("merge", "merge", self.path("other"), state="part"),
            Job("prune", "prune", "--keep", "1d", state="whole.w"),
            Job("annotate", "annotate", "2026-11-20", "a remark",
                state="whole.w"),
            Job("push", "push", "--to", self.server.url("{run}"),
                state="whole.w"),
        ]
        return jobs

    # -- one run -----------------------------------------------------------

    def place(self):
        with self.lock:
            self.number += 1
            place = self.path(f"run{self.number}")
        os.mkdir(place)
        return place

    def prepare(self, job, place):
        """(words, file of -o or None, state)"""
        state = named = self.path("whole")
        if job.writes:
            state = os.path.join(place, "state")
            named = "state"
            origin = self.path(job.state.split(".")[0])
            if os.path.isdir(origin):
                shutil.copytree(origin, state)
        # a server tells the runs apart by the user
        words = ["--state", named, *(word.replace(
            "{run}", os.path.basename(place)) for word in job.words)]
        output = None
        if job.output:
            output = os.path.join(place, "x." + job.output)
            words += ["-o", "x." + job.output]
        return words, output, state

    def run(self, job, spec, place, count=None, **options):
        """(how it ended, what it wrote, the state)"""
        words, output, state = self.prepare(job, place)
        environment = dict(os.environ, MXTREND_CONFIG="/dev/null", TZ="UTC",
                           LD_PRELOAD=self.shim, SOURCE_DATE_EPOCH="1800000000",
                           HOME=place, TMPDIR=place)
        if spec:
            environment["MXTREND_CALLS"] = spec
        if count:
            environment["MXTREND_CALLS_COUNT"] = count
        options.setdefault("stdout", subprocess.PIPE)
        who = place + ".who"
        # else it might become a standard output that was closed
        if spec and spec.startswith("alloc"):
            environment["MXTREND_CALLS_WHO"] = who
        done = subprocess.run(
            [self.program.release, "--tz", "Europe/Berlin", "--log-tz",
             "Europe/Berlin", "--now", "2027-06-01", *words],
            env=environment, cwd=place, stderr=subprocess.PIPE, check=False,
            timeout=TIMEOUT_S, input=job.stdin, **options)
        done.who = ""
        if os.path.exists(who):
            with open(who, encoding="utf-8") as file:
                done.who = file.read()
            os.remove(who)
        wrote = done.stdout
        if output:
            wrote = b""
            if os.path.exists(output):
                with open(output, "rb") as file:
                    wrote = file.read()
        return done, wrote, state

    def judge(self, job, spec, done, wrote, want):
        # libxlsxwriter leaves out what it has no memory for, and says that
        # all is well; where our own memory ends so does the program
        is_books = job.output == "xlsx" and spec.startswith("alloc")
        if wrote not in (b"", want) and job.output and not is_books:
            return "half an output"
        if self.is_library_s(job, spec, done):
            return None
        if job.output == "xlsx": # the library has its say, then we
            done.stderr = b"".join(
                line for line in done.stderr.splitlines(keepends=True)
                if not line.startswith(b"[ERROR]"))
        problem = trouble(done)
        if problem:
            return problem
        if done.returncode == 0:
            # glob(3) passes over a directory that it cannot open
            if job.name == "config --init":
                return None
            if is_books:
                return None
            # files that were hard to read may be read in another order
            is_same = sorted(wrote.splitlines()) == sorted(want.splitlines())
            return None if is_same else "status 0 and another output"
        if done.returncode not in ENDS:
            return f"status {done.returncode}: {said(done)}"
        return None

    def is_library_s(self, job, spec, done):
        """Where memory ends inside libxlsxwriter, which does not look at all
        that malloc gave it, inside GLib without a byte left for its last
        words, inside glibc's glob, which then frees its list twice, in its
        loader while libcurl is loaded, or inside libarchive, which reads the
        directory of a zip into what it did not get, or ends the program
        itself, the end of the run is theirs."""
        if not spec.startswith("alloc"):
            return False
        if done.returncode == 127 and b"thread-local data" in done.stderr:
            return True
        if job.output == "xlsx" and (
                b"Memory allocation failed" in done.stderr or
                done.returncode == -signal.SIGSEGV):
            return True
        if done.returncode == -signal.SIGSEGV and "libarchive" in done.who:
            return True
        if done.returncode == 1 and (
                b"Fatal Internal Error in libarchive" in done.stderr):
            return True
        if job.name in ("config --init", "nightly") and (
                done.returncode == -signal.SIGABRT):
            return b"free" in done.stderr
        return ("+" in spec and self.reports[0] in job.words and
                done.returncode == -signal.SIGSEGV)

    def pushed(self, job, place, state):
        """What did not arrive arrives now, and the next time nothing."""
        words = [word.replace("{run}", os.path.basename(place))
                 for word in job.words]
        self.program.quick("--state", state, *words)
        again = self.program.quick("--state", state, *words).stdout
        if not again.startswith(b"nothing new"):
            return f"a third push: {again!r}"
        missing = self.server.want - self.server.rows(os.path.basename(place))
        if self.server.want and missing:
            return f"never arrived: {sorted(missing)}"
        return None

    def afterwards(self, job, place, state):
        """The store is sound, and the next run goes on."""
        digest = (job.name, content(state) if job.writes else "")
        if digest in self.sound and job.name != "push":
            return None
        problem = self.goes_on(job, place, state)
        if not problem:
            self.sound.add(digest)
        return problem

    def goes_on(self, job, place, state):
        problem = integrity(state)
        if job.name == "push" and not problem:
            return self.pushed(job, place, state)
        if problem or not job.writes or job.name == "prune":
            return problem
        self.program.quick("--state", state, "ingest", *self.logs,
                           *self.reports)
        got = self.document(state)
        if job.name not in ("merge", "annotate") and got != self.want:
            return "run again: another report"
        return None

    def once(self, job, spec, want, **options):
        place = self.place()
        try:
            done, wrote, state = self.run(job, spec, place, **options)
        except subprocess.TimeoutExpired:
            return f"{spec}: no end"
        problem = self.judge(job, spec, done, wrote, want)
        problem = problem or self.afterwards(job, place, state)
        left = set(os.listdir(place)) - {"state", "x." + str(job.output)}
        # where memory ends nothing is cleaned up any more
        if left and not problem and not spec.startswith("alloc"):
            problem = f"left behind: {left.pop()}"
        shutil.rmtree(place)
        return f"{spec}: {problem}" if problem else None

    # -- all of one command ------------------------------------------------

    def undisturbed(self, job):
        place = self.place()
        count = os.path.join(place, "count")
        done, wrote, _ = self.run(job, None, place, count)
        self.server.want = self.server.rows(os.path.basename(place))
        with open(count, encoding="ascii") as file:
            lines = [line.split() for line in file]
        shutil.rmtree(place)
        return done, wrote, {kind: [callers for name, *callers in lines
                                    if name == kind + ":"] for kind in KINDS}

    def outputs(self, job, want):
        """Standard output that cannot be written to: full, closed, a pipe
        without reader; and files that may not grow."""
        problems = []
        with open("/dev/full", "wb") as full:
            done, _, _ = self.run(job, None, self.place(), stdout=full)
        if want and not job.output and done.returncode != 74:
            problems.append(f"/dev/full: status {done.returncode}: "
                            f"{said(done)}")
        done, _, _ = self.run(job, None, self.place(), stdout=None,
                              preexec_fn=lambda: os.close(1))
        if want and not job.output and done.returncode != 74:
            problems.append(f"closed: status {done.returncode}: {said(done)}")
        reader, writer = os.pipe()
        os.close(reader)
        done, _, _ = self.run(job, None, self.place(), stdout=writer)
        os.close(writer)
        if want and not job.output and (
                done.returncode != -signal.SIGPIPE or done.stderr):
            problems.append(f"pipe: status {done.returncode}: {said(done)}")
        if job.output:
            problems += self.small_files(job, want)
        return problems

    def small_files(self, job, want):
        def limit(size):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        problems = []
        for size in (0, 1, len(want) // 2, len(want) - 1):
            place = self.place()
            done, wrote, _ = self.run(job, None, place,
                                      preexec_fn=lambda s=size: limit(s))
            if done.returncode not in (73, 74) or wrote:
                problems.append(f"files of {size}: status {done.returncode},"
                                f" {len(wrote)} bytes: {said(done)}")
        return problems

    def chosen(self, job, kind, calls, points):
        """The numbers of those that fail once, and from which on all do."""
        if points != "places":
            return (spread(len(calls),
                           sys.maxsize if job.is_short else points),
                    spread(len(calls), points // 5))
        if kind != "alloc":
            return range(1, len(calls) + 1), range(1, len(calls) + 1)
        # what a report begins with is the same in every format
        command = job.name if job.writes else job.words[0]
        seen = self.tried.setdefault((job.writes, command), set())
        chosen = [], []
        for number, (near, far) in enumerate(calls, 1):
            for callers, numbers in ((far, chosen[0]), (near, chosen[1])):
                if callers not in seen:
                    seen.add(callers)
                    numbers.append(number)
        return chosen

    def sweep(self, tap, job, points):
        done, want, calls = self.undisturbed(job)
        if done.returncode != 0 and not done.stderr:
            tap.result(job.name, [f"undisturbed: status {done.returncode}"])
            return 0
        if done.returncode != 0:
            tap.result(job.name, [f"undisturbed: {said(done)}"])
            return 0
        specs = ["short", "eintr"]
        for kind, number in KINDS.items():
            once, lasting = self.chosen(job, kind, calls[kind], points)
            specs += [f"{kind}:{n}:{number}" for n in once]
            specs += [f"{kind}:{n}+:{number}" for n in lasting]
        problems = each(specs, lambda spec: self.once(job, spec, want))
        problems += self.outputs(job, want)
        tap.result(f"{job.name}: any call may fail", problems,
                   f" ({len(specs)} faults in"
                   f" {sum(map(len, calls.values()))} calls)")
        return len(specs)


def content(state):
    """A hash of the files of a store."""
    digest = hashlib.sha256()
    for name in sorted(os.listdir(state)) if os.path.isdir(state) else ():
        with open(os.path.join(state, name), "rb") as file:
            data = file.read()
        digest.update(f"{name} {len(data)} ".encode() + data)
    return digest.digest()


def spread(count, points):
    """Numbers of calls, the first and the last more closely."""
    if points >= count:
        return list(range(1, count + 1))
    first = min(12, points // 2)
    numbers = set(range(1, first + 1)) | {count, count - 1}
    step = max(1, (count - first) // max(1, points - first))
    return sorted((numbers | set(range(first + 1, count, step))) - {0})


def main():
    program = Program(os.path.abspath(sys.argv[1]))
    asked = sys.argv[2] if len(sys.argv) > 2 else str(QUICK_POINTS)
    points = {"all": sys.maxsize, "places": asked}.get(asked) or int(asked)
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    tap = Tap()
    tried = 0
    with tempfile.TemporaryDirectory() as work:
        calls = Calls(program, work)
        for job in calls.jobs:
            if job.name.startswith(only):
                tried += calls.sweep(tap, job, points)
    print(f"# {tried} faults")
    return tap.finish()


sys.exit(main())
