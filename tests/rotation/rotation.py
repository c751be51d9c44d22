#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A log grows, is rotated by the real logrotate, read by `mxtrend ingest` at
random moments and killed at random moments; in the end the report must be that
of one undisturbed run over the whole log.

usage: rotation.py MXTREND GENLOG [--days N] [--per-day N] [--kills N]
                   [--seed N] [MODE...]

Prints TAP, one test a mode. --kills is the least number of kills that must
have hit a running ingest, over all modes."""
import argparse
import glob
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.dont_write_bytecode = True
from tap import Tap  # noqa: E402

SAME = os.path.join(HERE, "..", "truth", "same.py")
# What stands in /etc/logrotate.d, less the schedule: each run is forced.
MODES = {
    "create": "create\n nocompress",
    "compress": "create\n compress",
    "delaycompress": "create\n compress\n delaycompress",
    "copytruncate": "copytruncate\n compress\n delaycompress",
    "copytruncate-plain": "copytruncate\n nocompress",
    # seconds in the name, as days pass quickly here
    "dateext": "create\n dateext\n dateformat -%s\n compress\n delaycompress",
}
# The clock is the real one: a file that was written just now may grow on.
ZONES = ["--tz", "UTC", "--log-tz", "UTC"]


class Host:
    """One log directory, one store, one way to rotate."""

    def __init__(self, options, mode, work, chance):
        self.options = options
        self.work = work
        self.chance = chance
        self.log = os.path.join(work, "log", "mail.log")
        self.conf = os.path.join(work, "logrotate.conf")
        self.kills = 0
        self.rotated_at = 0
        os.mkdir(os.path.dirname(self.log))
        with open(self.log, "wb"):
            pass
        with open(self.conf, "w", encoding="ascii") as file:
            file.write(f"{self.log} {{\n rotate 400\n {MODES[mode]}\n}}\n")
        os.chmod(self.conf, 0o644)

    def command(self, *words):
        return [self.options.mxtrend, "--state",
                os.path.join(self.work, "state"), *ZONES, *words]

    def start_ingest(self):
        return subprocess.Popen(
            self.command("-q", "ingest", *sorted(glob.glob(self.log + "*"))),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ingest(self, may_kill):
        """Run it, to its end or not. What it says of files that vanish or
        are half compressed does not matter; the end result does."""
        process = self.start_ingest()
        if may_kill and self.chance.random() < 0.8:
            time.sleep(self.chance.uniform(0.001, 0.05))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                self.kills += 1
        return process.wait()

    def append(self, data):
        with open(self.log, "ab") as file:
            file.write(data)

    def rotate(self):
        """Now and then with an ingest under way."""
        # time(2), which names the file, may lag behind by a clock tick
        while time.time() < self.rotated_at + 1.05:
            time.sleep(0.05)
        process = self.start_ingest() if self.chance.random() < 0.5 else None
        subprocess.run(["logrotate", "--force", "--state",
                        os.path.join(self.work, "logrotate.state"),
                        self.conf], check=True)
        self.rotated_at = int(time.time())
        if process is not None:
            process.wait()

    def day(self, data):
        """Pieces that end anywhere, also in the middle of a line."""
        cuts = sorted(self.chance.randrange(len(data) + 1)
                      for _ in range(self.chance.randrange(4, 9)))
        for begin, end in zip([0] + cuts, cuts + [len(data)]):
            self.append(data[begin:end])
            if self.chance.random() < 0.8:
                self.ingest(True)
        self.rotate()


def days_of(path):
    """The log in pieces of a day, by the date in front of its lines."""
    days = {}
    with open(path, "rb") as file:
        for line in file:
            days.setdefault(line[:10], []).append(line)
    return [b"".join(lines) for _, lines in sorted(days.items())]


def report(host, *words):
    return subprocess.run(host.command("report", "-f", "json", *words),
                          check=True, stdout=subprocess.PIPE).stdout


def run_mode(options, mode, whole, want, chance):
    """Returns the number of kills and what differs."""
    work = tempfile.mkdtemp(prefix="mxtrend-rotation.")
    try:
        host = Host(options, mode, work, chance)
        for day in days_of(whole):
            host.day(day)
        status = host.ingest(False)
        got = os.path.join(work, "got.json")
        with open(got, "wb") as file:
            file.write(report(host))
        same = subprocess.run([sys.executable, SAME, want, got],
                              stdout=subprocess.PIPE, text=True, check=False)
        said = same.stdout
        if status != 0:
            said += f"the last ingest ended with status {status}\n"
        return host.kills, said
    finally:
        shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mxtrend")
    parser.add_argument("genlog")
    parser.add_argument("modes", nargs="*", default=[])
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--per-day", type=int, default=150)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    kills = 0
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="mxtrend-rotation.") as top:
        whole = os.path.join(top, "whole.log")
        want = os.path.join(top, "want.json")
        subprocess.run([options.genlog, "--seed", str(options.seed), "--days",
                        str(options.days), "--per-day", str(options.per_day),
                        "--zone", "UTC", "--style", "iso",
                        "--random-episodes", "2", "-o", whole], check=True)
        with open(want, "wb") as file:
            file.write(subprocess.run(
                [options.mxtrend, *ZONES, "report", "-f", "json", whole],
                check=True, stdout=subprocess.PIPE).stdout)
        modes = options.modes or list(MODES)
        for mode in modes:
            hit, said = run_mode(options, mode, whole, want, chance)
            kills += hit
            tap.result(f"{mode}: {options.days} days, {hit} kills",
                       said.splitlines())
    tap.check(f"{kills} kills hit, at least {options.kills} wanted",
              kills >= options.kills)
    return tap.finish()


sys.exit(main())
