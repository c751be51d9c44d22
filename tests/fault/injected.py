#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fails one allocation, read or write after the other in runs of `ingest` and
`report`. However a run ends: the store is sound, the status is right, and a
run without fault ends as if nothing had happened.

usage: injected.py BUILD-OF-VARIANT-FAULT [STRIDE]     prints TAP

STRIDE 1 tries every one; a larger one every so many (the default suits a
quick check)."""
import os
import shutil
import sys
import tempfile

from common import (Program, Tap, each, integrity, make_logs, said, trouble)

# So small that even these logs are many transactions.
SIZE = 2048
WANT = {"write": {74}, "read": {74}, "alloc": {71}}


class Faults:
    """One program, one set of logs, and what an undisturbed run says."""

    def __init__(self, program, work):
        self.program = program
        self.work = work
        self.logs = make_logs(program, work)
        whole = os.path.join(work, "whole")
        program.quick("--state", whole, "ingest", *self.logs)
        self.want = program.document("--state", whole)
        self.part = os.path.join(work, "part")
        program.quick("--state", self.part, "ingest", self.logs[0])

    def state(self, name, existing):
        state = os.path.join(self.work, name)
        if existing:
            shutil.copytree(self.part, state)
        return state

    def ingest_once(self, fault, existing, threads="1"):
        """(was it hit, what went wrong)"""
        kind = fault.split(":")[0]
        state = self.state(fault.replace(":", ""), existing)
        done = self.program.run("--state", state, "-j", threads, "ingest",
                                *self.logs, fault=fault, size=SIZE)
        hit = done.returncode != 0
        problem = trouble(done)
        if hit and not problem and done.returncode not in WANT[kind]:
            problem = f"status {done.returncode}: {said(done)}"
        if not problem:
            problem = integrity(state)
        if not problem:
            self.program.quick("--state", state, "ingest", *self.logs)
            if self.program.document("--state", state) != self.want:
                problem = "run again without fault: another report"
        shutil.rmtree(state, ignore_errors=True)
        return hit, f"{fault}: {problem}" if problem else None

    def whole_report(self, path):
        """As an undisturbed run writes it, byte by byte."""
        self.program.quick("report", "-j", "1", "-o", path, *self.logs)
        with open(path, "rb") as file:
            return file.read()

    def report_once(self, fault, form):
        """A report that fails leaves the file that was there, unless it is
        the closing of standard output, at the very end, that fails."""
        path = os.path.join(self.work, fault.replace(":", "") + "." + form)
        with open(path, "w", encoding="utf-8") as file:
            file.write("the former report\n")
        done = self.program.run("report", "-j", "1", "-o", path, *self.logs,
                                fault=fault)
        problem = trouble(done)
        hit = done.returncode != 0
        with open(path, "rb") as file:
            got = file.read()
        is_former = got == b"the former report\n"
        kind = fault.split(":")[0]
        if hit and not problem and kind != "read":
            if not is_former and got != self.whole_report(path):
                problem = "neither the former report nor a whole new one"
            if done.returncode not in WANT[kind]:
                problem = f"status {done.returncode}: {said(done)}"
        if not hit and is_former:
            problem = "status 0 and no report"
        left = [name for name in os.listdir(self.work)
                if name.startswith(os.path.basename(path) + ".")]
        if left and kind != "alloc":
            problem = f"left behind: {left[0]}"
        os.unlink(path)
        return hit, f"{fault}: {problem}" if problem else None


def sweep(tap, name, kind, stride, job):
    """Faults at 1, 1 + STRIDE, ... until none is hit any more."""
    problems, tried, at, batch = [], 0, 1, 16
    reached = False
    while not reached:
        numbers = [at + stride * i for i in range(batch)]
        results = each([f"{kind}:{n}" for n in numbers], job)
        for hit, problem in results:
            tried += hit
            problems.append(problem)
            reached |= not hit
        at = numbers[-1] + stride
    if not tried:
        problems.append("no fault was ever hit")
    tap.result(name, problems, f" ({tried} faults)")


def main():
    program = Program(os.path.abspath(sys.argv[1]))
    stride = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tap = Tap()
    with tempfile.TemporaryDirectory() as work:
        faults = Faults(program, work)
        for existing in (False, True):
            where = "an existing store" if existing else "a new store"
            for kind, quick in (("write", 7), ("alloc", 9), ("read", 1)):
                sweep(tap, f"any {kind} of ingest into {where} may fail",
                      kind, stride or quick,
                      lambda fault, e=existing: faults.ingest_once(fault, e))
            # these are counted alike: one thread at a time has the store
            sweep(tap, f"any write behind the counting into {where} may fail",
                  "write", stride or 7, lambda fault, e=existing:
                  faults.ingest_once(fault, e, "4"))
        sweep(tap, "all writes of ingest from some moment on may fail",
              "write", stride or 29, lambda fault:
              faults.ingest_once(fault + "+", False))
        for form in ("json", "xlsx", "html"):
            for kind, quick in (("write", 1), ("alloc", 41), ("read", 2)):
                sweep(tap, f"any {kind} of report -o x.{form} may fail",
                      kind, stride or quick,
                      lambda fault, f=form: faults.report_once(fault, f))
    return tap.finish()


sys.exit(main())
