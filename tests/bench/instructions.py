#!/usr/bin/env python3
"""Instructions of the hot paths, counted by callgrind, against the stored
counts: what a busy machine's clock does not show, this does.

instructions.py      BUILD=DIR  UPDATE=1 stores what was counted

Exits with 1 when a path takes more than its tolerance above the stored count.
Hash seeds differ from run to run, and libraries from one Debian to the next:
the first is well under one per cent, the second is seen in all rows at once.
"""
import os
import re
import shutil
import subprocess
import sys

BUILD = os.environ.get("BUILD", "build")
HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(BUILD + "/release/mxtrend")
GENLOG = os.path.abspath(BUILD + "/release/tests/gen/genlog")
WORK = os.path.abspath(BUILD + "/bench")
STORED = os.path.join(HERE, "instructions.tsv")
TOLERANCE = 3.0  # per cent
ENV = dict(os.environ, LC_ALL="C", TZ="UTC", MXTREND_CONFIG="/dev/null")
BASE = [PROGRAM, "-q", "--now", "2026-11-30T00:00:00Z", "-j", "1"]


def count(argv):
    """Instructions of ARGV, in millions."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] +
        argv, env=ENV, check=False, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    found = re.search(r"refs:\s+([\d,]+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit("instructions: failed: %s\n%s" % (
            " ".join(argv), done.stderr))
    return int(found.group(1).replace(",", "")) / 1e6


def log(name, *argv):
    path = os.path.join(WORK, name)
    if not os.path.exists(path):
        subprocess.run(list(argv) + ["-o", path] if argv[0] == GENLOG else
                       list(argv) + [path], check=True, env=ENV)
    return path


def fresh(name):
    path = os.path.join(WORK, name)
    shutil.rmtree(path, ignore_errors=True)
    os.mkdir(path)
    return path


def other(kind):
    return log("count." + kind, sys.executable, HERE + "/makelogs.py", kind,
               "5")


def paths():
    """Name and command of what is counted, in an order that holds."""
    plain = log("count.log", GENLOG, "--seed", "1", "--size", "20", "--days",
                "1")
    store = fresh("count.state")
    yield "start, nothing to read", BASE + ["report", "/dev/null"]
    yield "ingest, 20 MB of Postfix", BASE + ["--state", store, "ingest",
                                              plain]
    yield "ingest again, nothing new", BASE + ["--state", store, "ingest",
                                               plain]
    yield "report from the store, text", [a for a in BASE if a != "-q"] + [
        "--state", store, "report"]
    yield "parse, 20 MB of Postfix", BASE + ["parse", plain]
    for kind in ("exim", "sendmail", "kumomta", "noise", "all_refused",
                 "many_domains", "many_open", "long_lines"):
        yield "report, 5 MB, " + kind, BASE + ["report", other(kind)]


def stored():
    found = {}
    if os.path.exists(STORED):
        with open(STORED, encoding="utf-8") as source:
            for line in source:
                name, millions = line.rstrip("\n").split("\t")
                found[name] = float(millions)
    return found


def main():
    if not shutil.which("valgrind"):
        sys.exit("instructions: valgrind is not installed")
    os.makedirs(WORK, exist_ok=True)
    known, counted, is_worse = stored(), {}, False
    for name, argv in paths():
        counted[name] = count(argv)
        change = 100 * (counted[name] / known[name] - 1) if name in known \
            else 0
        word = "new" if name not in known else "MORE" if change > TOLERANCE \
            else "less" if change < -TOLERANCE else "same"
        is_worse |= word == "MORE"
        print("%-32s %10.1f million %+6.1f %%  %s" % (
            name, counted[name], change, word), flush=True)
    if os.environ.get("UPDATE"):
        with open(STORED, "w", encoding="utf-8") as out:
            for name, millions in counted.items():
                out.write("%s\t%.1f\n" % (name, millions))
    return 1 if is_worse and not os.environ.get("UPDATE") else 0


if __name__ == "__main__":
    sys.exit(main())
