#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The power fails during `ingest`. A run is traced (power_trace.c); for many
moments between two of its calls a disk is made up as it may be found later:
what was synced is there, and of what was written since any sectors, in any
order, torn or not. The store must be sound, and the next run must end like
one that was never disturbed.

usage: power.py BUILD-OF-VARIANT-FAULT [MOMENTS]     prints TAP"""
import os
import random
import shutil
import subprocess
import sys
import tempfile

from common import Program, Tap, each, integrity, make_logs

SECTOR = 512
# The shared-memory index is rebuilt whenever nobody else has it open.
VOLATILE = ("-shm", ".lock")


def read_trace(path):
    """[(op, path, offset, bytes)]"""
    calls = []
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        end = data.index(b"\n", at)
        op, name_len, offset, length = data[at:end].split()
        at = end + 1
        name = data[at:at + int(name_len)].decode()
        at += int(name_len)
        content = b""
        if op == b"W":
            content = data[at:at + int(length)]
            at += int(length)
        calls.append((op.decode(), name, int(offset), content))
    return calls


class Disk:
    """Files as they are for sure, and what was done to each since its last
    sync."""

    def __init__(self, start):
        self.files = dict(start)
        self.pending = {}

    def call(self, op, name, offset, content):
        if op == "S":
            self.settle(name, None)
        else:
            self.pending.setdefault(name, []).append((op, offset, content))

    def settle(self, name, chance):
        """All of what waits for NAME becomes true; with CHANCE some of it."""
        share = chance.choice((0.0, 0.3, 0.7, 0.95, 1.0)) if chance else 1.0
        for op, offset, content in self.pending.pop(name, []):
            if op in "CUT":
                if not chance or chance.random() < share:
                    self.shape(op, name, offset)
                continue
            for begin in range(0, len(content), SECTOR):
                if not chance or chance.random() < share:
                    self.write(name, offset + begin,
                               content[begin:begin + SECTOR])

    def shape(self, op, name, length):
        if op == "C":
            self.files.setdefault(name, bytearray())
        elif op == "U":
            self.files.pop(name, None)
        elif name in self.files:
            file = self.files[name]
            del file[length:]
            file.extend(bytes(length - len(file)))

    def write(self, name, offset, content):
        file = self.files.setdefault(name, bytearray())
        if len(file) < offset + len(content):
            file.extend(bytes(offset + len(content) - len(file)))
        file[offset:offset + len(content)] = content


class Power:
    def __init__(self, program, work):
        self.program = program
        self.work = work
        self.logs = make_logs(program, work)
        whole = os.path.join(work, "whole")
        program.quick("--state", whole, "ingest", *self.logs)
        self.want = program.document("--state", whole)
        self.shim = os.path.join(work, "trace.so")
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1",
                        "-o", self.shim, "tests/fault/power_trace.c",
                        "-ldl"], check=True)

    def trace(self, name, before):
        """The calls of a run over all logs, after one over BEFORE."""
        state = os.path.join(self.work, name)
        os.mkdir(state)
        if before:
            self.program.quick("--state", state, "ingest", *before)
        start = {}
        for entry in os.listdir(state):
            with open(os.path.join(state, entry), "rb") as file:
                start[os.path.join(state, entry)] = bytearray(file.read())
        path = state + ".trace"
        environment = dict(
            os.environ, LD_PRELOAD=self.shim, POWER_DIR=state,
            POWER_TRACE=path, MXTREND_FAULT_SIZE="2048", TZ="UTC",
            MXTREND_CONFIG="/dev/null",
            ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
        subprocess.run([self.program.path, "--tz", "Europe/Berlin",
                        "--log-tz", "Europe/Berlin", "--now", "2027-06-01",
                        "--state", state, "-q", "ingest", *self.logs],
                       env=environment, check=True)
        return state, start, read_trace(path)

    def fails_at(self, traced, moment, seed):
        state, start, calls = traced
        chance = random.Random(seed)
        disk = Disk({name: bytearray(data) for name, data in start.items()})
        for call in calls[:moment]:
            disk.call(*call)
        for name in list(disk.pending):
            disk.settle(name, chance)
        found = f"{state}.{moment}.{seed}"
        os.mkdir(found)
        for name, content in disk.files.items():
            if not name.endswith(VOLATILE):
                with open(os.path.join(found, os.path.basename(name)),
                          "wb") as file:
                    file.write(content)
        problem = integrity(found)
        if not problem:
            try:
                self.program.quick("--state", found, "ingest", *self.logs)
                if self.program.document("--state", found) != self.want:
                    problem = "the next run: another report"
            except AssertionError as error:
                problem = str(error)
        shutil.rmtree(found)
        return f"after call {moment} of {len(calls)}, seed {seed}: " \
            f"{problem}" if problem else None


def main():
    program = Program(os.path.abspath(sys.argv[1]))
    moments = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    tap = Tap()
    chance = random.Random(20261124)
    with tempfile.TemporaryDirectory() as work:
        power = Power(program, work)
        for name, before in (("new", []), ("old", power.logs[:1])):
            traced = power.trace(name, before)
            calls = traced[2]
            syncs = sum(call[0] == "S" for call in calls)
            picked = [(chance.randrange(len(calls) + 1), i)
                      for i in range(moments)]
            problems = each(picked, lambda it, t=traced:
                            power.fails_at(t, *it))
            if syncs < 2 or len(calls) < 50:
                problems.append(f"only {len(calls)} calls, {syncs} syncs")
            tap.result(f"the power may fail while a{'n' * (name == 'old')} "
                       f"{name} store is written", problems,
                       f" ({moments} moments of {len(calls)} calls, "
                       f"{syncs} syncs)")
    return tap.finish()


sys.exit(main())
