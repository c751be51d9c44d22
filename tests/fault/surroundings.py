#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What surrounds the store goes wrong: no room, no permission, somebody else
at work, a file that is damaged, of a newer version or no store at all. The
program says so in a line of its own, with the right status; nothing is lost.

usage: surroundings.py BUILD-OF-A-VARIANT [ROUNDS]     prints TAP

ROUNDS: so many damaged stores."""
import fcntl
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from common import (Program, Tap, each, integrity, make_logs, said, trouble)

NOBODY = 65534


def expect(done, status, *words):
    """One problem or none: the status, and what standard error names."""
    problem = trouble(done)
    if problem:
        return problem
    if done.returncode != status:
        return f"status {done.returncode}, want {status}: {said(done)}"
    for word in words:
        if word not in said(done):
            return f"standard error lacks \"{word}\": {said(done)}"
    if status and len(done.stderr.splitlines()) != 1:
        return f"not one line: {said(done)}"
    return None


class Surroundings:
    def __init__(self, program, work):
        self.program = program
        self.work = work
        self.logs = make_logs(program, work)
        self.whole = os.path.join(work, "whole")
        program.quick("--state", self.whole, "ingest", *self.logs)
        self.want = program.document("--state", self.whole)
        self.part = os.path.join(work, "part")
        program.quick("--state", self.part, "ingest", self.logs[0])
        self.part_kib = sum(os.path.getsize(os.path.join(self.part, name))
                            for name in os.listdir(self.part)) // 1024

    def copy(self, name, of=None):
        state = os.path.join(self.work, name)
        shutil.copytree(of or self.whole, state)
        return state

    def ends_well(self, state):
        """After trouble a further run makes the store whole."""
        problem = integrity(state)
        if problem:
            return problem
        self.program.quick("--state", state, "ingest", *self.logs)
        if self.program.document("--state", state) != self.want:
            return "run again: another report"
        return None

    # -- room --------------------------------------------------------------

    def limited(self, percent):
        """No file may grow over so much of what the store has at first."""
        kib = self.part_kib * percent // 100
        state = self.copy(f"limit{kib}", self.part)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE,
                               (kib * 1024, kib * 1024))
        done = self.program.run("--state", state, "ingest", *self.logs,
                                size=2048, preexec_fn=limit)
        problem = trouble(done)
        if not problem and done.returncode not in (0, 73, 74):
            problem = f"status {done.returncode}: {said(done)}"
        problem = problem or self.ends_well(state)
        shutil.rmtree(state)
        return f"{kib} KiB: {problem}" if problem else None

    def full_disk(self, percent):
        """A file system of so much of what the store has at first, in a
        mount namespace of its own."""
        kib = self.part_kib * percent // 100
        state = self.copy(f"disk{kib}", self.part)
        saved = os.path.join(self.work, f"saved{kib}")
        script = (f'mount -t tmpfs -o size={kib}k none "{state}.m" && '
                  f'cp -p "{state}"/* "{state}.m/" && '
                  '{ "$@"; status=$?; '
                  f'cp -pr "{state}.m" "{saved}"; exit $status; }}')
        os.mkdir(state + ".m")
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script, "sh", self.program.path,
             "--now", "2027-06-01", "--tz", "Europe/Berlin", "--log-tz",
             "Europe/Berlin", "--state", state + ".m", "ingest", *self.logs],
            env=dict(os.environ, MXTREND_CONFIG="/dev/null", TZ="UTC",
                     MXTREND_FAULT_SIZE="2048"),
            capture_output=True, check=False)
        problem = trouble(done)
        if not problem and done.returncode not in (0, 73, 74):
            problem = f"status {done.returncode}: {said(done)}"
        problem = problem or self.ends_well(saved)
        shutil.rmtree(state)
        shutil.rmtree(saved)
        return f"{kib} KiB: {problem}" if problem else None

    # -- damage ------------------------------------------------------------

    def damaged(self, round_number):
        """Some bytes of the store changed: whatever it does, it ends by
        itself, soon, and with a word."""
        chance = random.Random(round_number)
        state = self.copy(f"damaged{round_number}")
        path = os.path.join(state, "mxtrend.db")
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            for _ in range(chance.choice((1, 3, 20, 200))):
                where = chance.choice((size, 4096, 100))
                file.seek(chance.randrange(min(size, where)))
                file.write(bytes([chance.randrange(256)]))
            if round_number % 10 == 0:
                file.truncate(chance.randrange(size))
        problem = None
        for words in (["report", "-f", "json"], ["ingest", *self.logs],
                      ["report"], ["status"], ["episodes"]):
            try:
                done = self.program.run("--state", state, *words)
            except subprocess.TimeoutExpired:
                problem = f"{words[0]}: no end"
                break
            problem = trouble(done)
            # a changed head may also say: read-only, or of a format that
            # this SQLite does not know
            if not problem and done.returncode not in (0, 65, 74, 77):
                problem = f"status {done.returncode}: {said(done)}"
            if problem:
                problem = f"{words[0]}: {problem}"
                break
        shutil.rmtree(state)
        return f"round {round_number}: {problem}" if problem else None

    def with_file(self, name, content):
        state = os.path.join(self.work, name)
        os.mkdir(state)
        with open(os.path.join(state, "mxtrend.db"), "wb") as file:
            file.write(content)
        return state

    def not_a_store(self):
        state = self.with_file("text", b"Nov 20 this is a log\n" * 400)
        strange = os.path.join(self.work, "strange")
        os.mkdir(strange)
        with sqlite3.connect(os.path.join(strange, "mxtrend.db")) as db:
            db.execute("CREATE TABLE total (a)")
            db.execute("CREATE TABLE input (a)")
        db.close()
        return [expect(self.program.run("--state", where, *words), 65,
                       "mxtrend.db")
                for where in (state, strange)
                for words in (["report"], ["ingest", self.logs[0]])]

    def newer(self):
        state = self.copy("newer")
        with sqlite3.connect(os.path.join(state, "mxtrend.db")) as db:
            db.execute("PRAGMA user_version = 999")
        db.close()
        return [expect(self.program.run("--state", state, *words), 65,
                       "newer", "999")
                for words in (["report"], ["ingest", self.logs[0]])]

    def empty_file(self):
        state = self.with_file("empty", b"")
        problems = [expect(self.program.run("--state", state, "report"), 66,
                           "no store in")]
        self.program.quick("--state", state, "ingest", *self.logs)
        if self.program.document("--state", state) != self.want:
            problems.append("ingest into an empty file: another report")
        return problems

    def missing(self):
        state = os.path.join(self.work, "missing")
        return [expect(self.program.run("--state", state, "report"), 66,
                       "no store in")]

    # -- permission --------------------------------------------------------

    def as_nobody(self, *words):
        path = os.path.join(self.work, "mxtrend")
        if not os.path.exists(path):
            shutil.copy(self.program.path, path)
        wrap = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                "--clear-groups"] if os.geteuid() == 0 else []
        environment = dict(os.environ, MXTREND_CONFIG="/dev/null",
                           ASAN_OPTIONS="detect_leaks=0:exitcode=99",
                           HOME=self.work, TZ="UTC")
        return subprocess.run([*wrap, path, "--now", "2027-06-01", *words],
                              env=environment, capture_output=True,
                              check=False)

    def readable_state(self, name):
        state = self.copy(name)
        os.chmod(state, 0o555)
        for entry in os.listdir(state):
            os.chmod(os.path.join(state, entry), 0o444)
        return state

    def may_not_write(self):
        state = self.readable_state("readonly")
        problems = [expect(self.as_nobody("--state", state, "ingest",
                                          self.logs[0]), 77, "ermission")]
        empty = os.path.join(self.work, "closed")
        os.mkdir(empty, 0o555)
        problems.append(expect(self.as_nobody("--state", empty, "ingest",
                                              self.logs[0]), 77, "ermission"))
        os.chmod(state, 0o700)
        return problems

    def may_read(self):
        """Whoever may read the directory may report, also right after its
        owner did."""
        state = self.readable_state("shared")
        problems = [expect(self.as_nobody("--state", state, "report"), 0)]
        self.program.quick("--state", state, "report")
        problems.append(expect(self.as_nobody("--state", state, "report"), 0))
        os.chmod(state, 0o700)
        for entry in os.listdir(state):
            os.chmod(os.path.join(state, entry), 0o644)
        self.program.quick("--state", state, "ingest", *self.logs)
        os.chmod(state, 0o555)
        problems.append(expect(self.as_nobody("--state", state, "report"), 0))
        os.chmod(state, 0o700)
        return problems

    # -- others at work ----------------------------------------------------

    def locked(self):
        state = self.copy("locked")
        with open(os.path.join(state, "mxtrend.lock"), "r+",
                  encoding="utf-8") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            lock.truncate(0)
            lock.write("process 4711\n")
            lock.flush()
            began = time.monotonic()
            done = self.program.run("--state", state, "ingest", self.logs[0])
            took = time.monotonic() - began
            problems = [expect(done, 75, "process 4711")]
            if took > 5:
                problems.append(f"it took {took:.1f} s to say so")
            problems.append(expect(self.program.run("--state", state,
                                                    "report"), 0))
        problems.append(expect(self.program.run("--state", state, "ingest",
                                                self.logs[0]), 0))
        return problems

    def reader_meets_writer(self):
        """A report while a transaction is open shows what was before."""
        state = self.copy("busy")
        db = sqlite3.connect(os.path.join(state, "mxtrend.db"),
                             isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE meta SET value = value")
        problems = []
        if self.program.document("--state", state) != self.want:
            problems.append("another report")
        db.execute("ROLLBACK")
        db.close()
        return problems

    def writer_meets_reader(self):
        state = self.copy("read", self.part)
        db = sqlite3.connect(os.path.join(state, "mxtrend.db"),
                             isolation_level=None)
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM total").fetchone()
        problems = [self.ends_well(state)]
        db.execute("ROLLBACK")
        db.close()
        return problems


def main():
    program = Program(os.path.abspath(sys.argv[1]))
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    tap = Tap()
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        around = Surroundings(program, work)
        tap.result("a file that may not grow loses nothing",
                   each((25, 40, 55, 80, 110), around.limited))
        if subprocess.run(["unshare", "-m", "true"], check=False,
                          capture_output=True).returncode == 0:
            tap.result("a full disk loses nothing",
                       each((112, 130, 175), around.full_disk))
        else:
            tap.skip("a full disk loses nothing", "needs root")
        tap.result("what is no store is told", around.not_a_store())
        tap.result("a newer store is told", around.newer())
        tap.result("an empty file becomes a store", around.empty_file())
        tap.result("a missing store is told", around.missing())
        tap.result("who may not write is told", around.may_not_write())
        tap.result("who may read may report", around.may_read())
        tap.result("of two writers one is told at once", around.locked())
        tap.result("a reader does not wait", around.reader_meets_writer())
        tap.result("a writer does not wait for readers",
                   around.writer_meets_reader())
        tap.result(f"{rounds} damaged stores are told",
                   each(range(rounds), around.damaged))
    return tap.finish()


sys.exit(main())
