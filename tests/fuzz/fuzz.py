#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the fuzz targets over and over, the one with the least processor time
(since its last finding, where --until is given) first, at idle priority.

usage: fuzz.py [--minutes N] [--until HH:MM] [--jobs N] [--round SECONDS]
               [TARGET...]
       fuzz.py --keep [TARGET...]

--minutes N   stop when each target has had so many minutes on the processor
              in this run (1 unless --until says when to stop)
--until HH:MM go on until then (UTC), whatever each target has had
--round       a target's turn, in seconds by the clock (120)
--keep        do not fuzz, but take the few inputs that together cover what
              the corpus covers into tests/fuzz/seeds, under their hashes

A target is named like its seeds: log_exim, mail, whole. What it learns stays
in BUILD/fuzz/corpus/TARGET; an input that breaks it is written to
BUILD/fuzz/crash-TARGET-*. With the fix, store that input in
tests/fuzz/seeds/TARGET, and `make fuzz-replay` guards it. What was run since
ever is counted in BUILD/fuzz/campaign.json; results.py makes
tests/fuzz/RESULTS.md of it."""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(os.environ.get("BUILD", "build"), "fuzz")
STATE = os.path.join(BUILD, "campaign.json")
IDLE = ["chrt", "-i", "0", "nice", "-n", "19"]
# Of one target's turn: its number of inputs, and what the last line says.
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
HASHED = re.compile("[0-9a-f]{40}")
# Of what is kept for each target, in all.
SEED_BYTES = 24 * 1024
COVERED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


def all_targets():
    sources = glob.glob(f"{HERE}/fuzz_*.c")
    names = {os.path.basename(path)[5:-2] for path in sources}
    names |= {os.path.basename(path)[:-5]
              for path in glob.glob(f"{HERE}/log_*.dict")}
    return sorted(names - {"log_format"})


def read_state():
    try:
        with open(STATE, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


class Campaign:
    """Which target is next, and what each has had."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.state = read_state()
        self.had = {name: 0.0 for name in options.targets}
        self.busy = set()
        self.failed = 0

    def next_target(self):
        with self.lock:
            free = [n for n in self.had if n not in self.busy and
                    os.path.exists(f"{BUILD}/fuzz_{n}") and
                    (self.options.until or
                     self.had[n] < self.options.minutes * 60)]
            if not free or (self.options.until and
                            time.time() >= self.options.until):
                return None
            name = min(free, key=lambda n: (
                self.state.get(n, {}).get("clean_s", 0)
                if self.options.until else self.had[n]))
            self.busy.add(name)
            return name

    def seconds(self):
        left = self.options.round
        if self.options.until:
            left = min(left, self.options.until - time.time())
        return max(1, int(left))

    def command(self, name, turn):
        corpus = f"{BUILD}/corpus/{name}"
        os.makedirs(corpus, exist_ok=True)
        words = [f"{BUILD}/fuzz_{name}", f"-max_total_time={self.seconds()}",
                 "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1",
                 f"-artifact_prefix={BUILD}/crash-{name}-", corpus]
        if name.startswith("log_") or name in ("whole", "report"):
            words.append("-max_len=16384")
        # Every third turn looks at what is compared, not at edges alone.
        if turn % 3 == 2:
            words.append("-use_value_profile=1")
        if os.path.isdir(f"{HERE}/seeds/{name}"):
            words.append(f"{HERE}/seeds/{name}")
        if os.path.exists(f"{HERE}/{name}.dict"):
            words.append(f"-dict={HERE}/{name}.dict")
        return words

    def turn(self, name):
        """One turn; how it ended is added to the state."""
        log_path = f"{BUILD}/{name}.log"
        number = self.state.get(name, {}).get("turns", 0)
        with open(log_path, "wb") as log:
            child = subprocess.Popen(IDLE + self.command(name, number),
                                     stdout=log, stderr=log, cwd=TOP,
                                     stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
        with open(log_path, encoding="utf-8", errors="replace") as log:
            said = log.read()
        with self.lock:
            self.add(name, status, usage.ru_utime + usage.ru_stime,
                     said)
            self.busy.discard(name)

    def add(self, name, status, cpu_s, said):
        one = self.state.setdefault(name, {
            "cpu_s": 0.0, "clean_s": 0.0, "executed": 0, "turns": 0,
            "findings": 0})
        one["cpu_s"] += cpu_s
        # on the processor since the last finding
        one["clean_s"] = 0.0 if status != 0 else one["clean_s"] + cpu_s
        one["turns"] += 1
        one["executed"] += sum(map(int, EXECUTED.findall(said)[-1:]))
        # The value profile counts other features.
        found = COVERED.findall(said)
        if found and one["turns"] % 3 != 0:
            one["cov"], one["ft"], one["corpus"] = map(int, found[-1])
        self.had[name] += cpu_s
        if status != 0:
            one["findings"] += 1
            self.failed += 1
            print(f"{name}: failed, see {BUILD}/crash-{name}-* and "
                  f"{BUILD}/{name}.log")
            os.replace(f"{BUILD}/{name}.log", f"{BUILD}/{name}.failed.log")
        print(f"{time.strftime('%H:%M:%S', time.gmtime())} {name}: "
              f"{cpu_s:.0f} s, {one['cpu_s'] / 60:.1f} min in all, "
              f"{one['clean_s'] / 60:.1f} since a finding, "
              f"{one['executed']} inputs, cov {one.get('cov', 0)}",
              flush=True)
        with open(STATE + ".new", "w", encoding="utf-8") as file:
            json.dump(self.state, file, indent=1, sort_keys=True)
        os.replace(STATE + ".new", STATE)

    def work(self):
        while (name := self.next_target()) is not None:
            self.turn(name)

    def sum_up(self):
        had = [self.state[name] for name in self.had if name in self.state]
        print(f"{len(had)} targets, "
              f"{sum(one['executed'] for one in had)} inputs in "
              f"{sum(one['cpu_s'] for one in had) / 60:.1f} min, "
              f"{sum(one.get('corpus', 0) for one in had)} kept, "
              f"{self.failed} crashes or hangs now")


def keep(name):
    """A small set of inputs that covers (nearly) what the corpus does, small
    inputs first; seeds that people named stay."""
    seeds = f"{HERE}/seeds/{name}"
    chosen = f"{BUILD}/chosen/{name}"
    shutil.rmtree(chosen, ignore_errors=True)
    os.makedirs(chosen)
    os.makedirs(seeds, exist_ok=True)
    subprocess.run([f"{BUILD}/fuzz_{name}", "-set_cover_merge=1",
                    "-timeout=20", "-rss_limit_mb=2048", "-max_len=16384",
                    chosen, f"{BUILD}/corpus/{name}"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for path in glob.glob(f"{seeds}/*"):
        if HASHED.fullmatch(os.path.basename(path)):
            os.unlink(path)
    room = SEED_BYTES
    for path in sorted(glob.glob(f"{chosen}/*"), key=os.path.getsize):
        room -= os.path.getsize(path)
        if room < 0:
            break
        shutil.copy(path, seeds)
    print(f"{name}: {len(os.listdir(seeds))} seeds", flush=True)


def moment_of(text):
    """The next HH:MM in UTC."""
    now = time.time()
    hours, minutes = map(int, text.split(":"))
    day = now - now % 86400
    at = day + hours * 3600 + minutes * 60
    return at if at > now else at + 86400


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--until", type=moment_of)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--round", type=int, default=120)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    options = parser.parse_args()
    known = all_targets()
    for name in options.targets:
        if name not in known:
            parser.error(f"no target {name}; there are {' '.join(known)}")
    options.targets = options.targets or known
    if not options.until:
        options.round = min(options.round, int(options.minutes * 60) or 1)
    os.chdir(TOP)
    os.makedirs(BUILD, exist_ok=True)
    if options.keep:
        for name in options.targets:
            keep(name)
        return 0
    campaign = Campaign(options)
    workers = [threading.Thread(target=campaign.work)
               for _ in range(options.jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    campaign.sum_up()
    return 1 if campaign.failed else 0


if __name__ == "__main__":
    sys.exit(main())
