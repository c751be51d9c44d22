# SPDX-License-Identifier: BSD-2-Clause
"""Shared by the fault tests: logs, runs of the program, and what must be true
of a store whatever happened to it."""
import gzip
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from tap import Tap  # noqa: E402

OPTIONS = ["--tz", "Europe/Berlin", "--log-tz", "Europe/Berlin",
           "--now", "2027-06-01"]
TIMEOUT_S = 120
# What a run may end with: never by a signal, never as a sanitizer ends it.
STATUSES = {0, 64, 65, 66, 69, 70, 71, 73, 74, 75, 77, 78}


class Program:
    """The program of one variant, and the release one beside it."""

    def __init__(self, build):
        self.path = os.path.join(build, "mxtrend")
        release = os.path.join(os.path.dirname(build), "release")
        self.release = os.path.join(release, "mxtrend")
        self.genlog = os.path.join(release, "tests/gen/genlog")

    def run(self, *words, fault=None, size=None, path=None, stdin=None,
            **options):
        environment = dict(os.environ, MXTREND_CONFIG="/dev/null", TZ="UTC",
                           ASAN_OPTIONS="detect_leaks=1:exitcode=99",
                           UBSAN_OPTIONS="exitcode=99")
        if fault:
            environment["MXTREND_FAULT"] = fault
        if size:
            environment["MXTREND_FAULT_SIZE"] = str(size)
        return subprocess.run([path or self.path, *OPTIONS, *words],
                              env=environment, capture_output=True,
                              check=False, timeout=TIMEOUT_S, input=stdin,
                              **options)

    def quick(self, *words, **options):
        """A run of the release program that must succeed."""
        done = self.run(*words, path=self.release, **options)
        if done.returncode:
            raise AssertionError(f"{' '.join(words)}: status "
                                 f"{done.returncode}: {said(done)}")
        return done

    def document(self, *words):
        report = json.loads(self.quick("report", "-f", "json", *words).stdout)
        for key in ("generated", "inputs"):
            report.pop(key, None)
        return report


def said(done):
    return done.stderr.decode(errors="replace").strip()[:400]


def trouble(done):
    """What is wrong with how a run ended, None if nothing."""
    if done.returncode not in STATUSES:
        return f"status {done.returncode}: {said(done)[-400:]}"
    for line in done.stderr.decode(errors="replace").splitlines():
        if not line.startswith("mxtrend: "):
            return f"standard error says: {line[:200]}"
    if done.returncode and not done.stderr:
        return f"status {done.returncode} without a word"
    return None


def integrity(state):
    """What SQLite says of the file, None if all is well."""
    path = os.path.join(state, "mxtrend.db")
    if not os.path.exists(path):
        return None
    db = sqlite3.connect(path)
    try:
        answer = db.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    finally:
        db.close()
    return None if answer == "ok" else f"integrity_check: {answer}"


def make_logs(program, work, days=3, per_day=6, seed=41):
    """Daily files, the oldest packed."""
    folder = os.path.join(work, "log")
    subprocess.run([program.genlog, "--seed", str(seed), "--days", str(days),
                    "--per-day", str(per_day), "--zone", "Europe/Berlin",
                    "--style", "iso", "--random-episodes", "1", "--truth",
                    os.path.join(work, "truth"), "--rotate", "daily",
                    "--dir", folder], check=True)
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    paths.sort(key=first_stamp)
    with open(paths[0], "rb") as file:
        data = file.read()
    os.unlink(paths[0])
    if not paths[0].endswith(".gz"):
        data = gzip.compress(data, mtime=0)
        paths[0] += ".gz"
    with open(paths[0], "wb") as file:
        file.write(data)
    return paths


def first_stamp(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as file:
        return file.readline()[:32]


def each(items, job):
    """JOB of every item, two at a time; what each returned."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(job, items))


__all__ = ["Program", "Tap", "each", "integrity", "make_logs", "said",
           "trouble", "os", "shutil", "sqlite3", "subprocess", "sys",
           "tempfile"]
