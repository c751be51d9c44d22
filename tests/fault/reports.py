#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fails one allocation, read or write after the other in runs of `ingest` and
`parse` over reports of each kind. However a run ends: the status is right, no
report is stored in part, and a run without fault then ends as if nothing had
happened. What libraries allocate for themselves does not fail here.

usage: reports.py BUILD-OF-VARIANT-FAULT [STRIDE]     prints TAP

STRIDE 1 tries every one; a larger one every so many (the default suits a
quick check)."""
import os
import shutil
import sqlite3
import sys
import tempfile

from common import Program, Tap, each, integrity, said, trouble

SAMPLES = "samples/reports/"
KINDS = [("bare DMARC", "dmarc-many.xml"), ("gzipped DMARC", "dmarc.xml.gz"),
         ("DMARC in a zip", "dmarc-members.zip"),
         ("repaired DMARC", "dmarc-unescaped.xml"),
         ("DMARC in a mail", "dmarc-microsoft.eml"),
         ("bare TLS-RPT", "tlsrpt-types.json"),
         ("TLS-RPT in a mail", "tlsrpt-microsoft.eml"),
         ("complaint", "arf.eml"), ("JMRP", "jmrp-2025.eml"),
         ("SNDS data", "snds-spreadsheet.csv"),
         ("SNDS status", "snds-ipstatus.csv"),
         ("DSN", "dsn-recipients.eml"), ("NDR", "ndr-exchange.eml"),
         ("bounce in words", "bounce-exim-text.eml"),
         ("mailbox", "mailbox-kinds.mbox")]
WANT = {"write": {74}, "read": {74}, "alloc": {71}}
QUICK = {"write": 61, "read": 1, "alloc": 89}
TABLES = ["dmarc_report", "dmarc_row", "tls_report", "tls_policy",
          "tls_failure", "complaint", "snds_data", "snds_status",
          "bounce_mail"]


def stored(state):
    """How many rows each table of reports has; None without a store."""
    path = os.path.join(state, "mxtrend.db")
    if not os.path.exists(path):
        return None
    db = sqlite3.connect(path)
    try:
        return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in TABLES]
    except sqlite3.OperationalError:
        return None # it ended before there was a schema
    finally:
        db.close()


class Reports:
    """One input, and what an undisturbed run makes of it."""

    def __init__(self, program, work, path):
        self.program = program
        self.work = work
        self.path = path
        whole = os.path.join(work, "whole")
        program.quick("--state", whole, "ingest", path)
        self.want = program.document("--state", whole)
        self.rows = stored(whole)
        self.facts = program.quick("parse", path).stdout
        shutil.rmtree(whole)

    def ingest_once(self, fault):
        """(was it hit, what went wrong)"""
        state = os.path.join(self.work, fault.replace(":", ""))
        done = self.program.run("--state", state, "-j", "1", "ingest",
                                self.path, fault=fault)
        hit = done.returncode != 0
        problem = trouble(done)
        if hit and not problem and done.returncode not in \
                WANT[fault.split(":")[0]]:
            problem = f"status {done.returncode}: {said(done)}"
        if not problem:
            problem = integrity(state)
        rows = stored(state)
        if not problem and rows is not None and any(rows) and \
                rows != self.rows:
            problem = f"stored in part: {rows}, of {self.rows}"
        if not problem:
            self.program.quick("--state", state, "ingest", self.path)
            if self.program.document("--state", state) != self.want or \
                    stored(state) != self.rows:
                problem = "run again without fault: another report"
        shutil.rmtree(state, ignore_errors=True)
        return hit, f"{fault}: {problem}" if problem else None

    def parse_once(self, fault):
        """What was printed before is a beginning of what there is."""
        done = self.program.run("parse", "-j", "1", self.path, fault=fault)
        hit = done.returncode != 0
        problem = trouble(done)
        if hit and not problem and done.returncode not in \
                WANT[fault.split(":")[0]]:
            problem = f"status {done.returncode}: {said(done)}"
        if not problem and not (self.facts.startswith(done.stdout) if hit
                                else self.facts == done.stdout):
            problem = "other facts"
        return hit, f"{fault}: {problem}" if problem else None


def sweep(kind, stride, job, suffix=""):
    """Faults at 1, 1 + STRIDE, ... until none is hit; how many were."""
    problems, tried, at, batch, reached = [], 0, 1, 4, False
    while not reached:
        numbers = [at + stride * i for i in range(batch)]
        for hit, problem in each([f"{kind}:{n}{suffix}" for n in numbers],
                                 job):
            tried += hit
            problems.append(problem)
            reached |= not hit
        at = numbers[-1] + stride
    if not tried:
        problems.append(f"no {kind} was ever hit")
    return tried, problems


def main():
    program = Program(os.path.abspath(sys.argv[1]))
    stride = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tap = Tap()
    for name, sample in KINDS:
        with tempfile.TemporaryDirectory() as work:
            path = os.path.join(work, sample)
            shutil.copy(SAMPLES + sample, path)
            os.utime(path, (1795435200, 1795435200))
            one = Reports(program, work, path)
            tried, problems = 0, []
            # parse opens again what could not be read at the first look
            for kind, job, suffix in (("read", one.ingest_once, ""),
                                      ("write", one.ingest_once, ""),
                                      ("alloc", one.ingest_once, ""),
                                      ("read", one.parse_once, "+"),
                                      ("alloc", one.parse_once, "")):
                more, wrong = sweep(kind, stride or QUICK[kind], job, suffix)
                tried += more
                problems += wrong
            tap.result(f"{name}: any read, write or allocation may fail",
                       problems, f" ({tried} faults)")
    return tap.finish()


sys.exit(main())
