#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes tests/fuzz/RESULTS.md: what fuzz.py ran since ever, and which lines of
each file the stored inputs reach (VARIANT=cov, gcov). What afl.sh did is added
where BUILD has it; else the table of earlier stays.

usage: results.py        (after make VARIANT=cov test-programs)"""
import collections
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("BUILD", "build")
FINDINGS = os.path.join(HERE, "findings.md")
RESULTS = os.path.join(HERE, "RESULTS.md")
AFL_HEAD = "## AFL++"
LINES = re.compile(r"File '([^']+)'\nLines executed:([\d.]+)% of (\d+)")


def replay():
    """Every target over its stored inputs, to count lines."""
    for path in glob.glob(f"{BUILD}/cov/**/*.gcda", recursive=True):
        os.unlink(path)
    for program in sorted(glob.glob(f"{BUILD}/cov/replay/fuzz_*")):
        if not program.endswith("/fuzz_log_format"):
            subprocess.run([program], check=False, timeout=900,
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)


def covered():
    """{room: [(file, per cent, lines)]}"""
    rooms = collections.defaultdict(list)
    for path in sorted(glob.glob(f"{BUILD}/cov/*/*.gcda")):
        said = subprocess.run(["gcov", "-n", path], check=False,
                              capture_output=True, text=True).stdout
        for name, share, lines in LINES.findall(said):
            if name.endswith(".c") and not os.path.isabs(name) and \
                    os.path.basename(path)[:-5] == os.path.basename(name)[:-2]:
                rooms[os.path.dirname(name)].append(
                    (name, float(share), int(lines)))
    return rooms


def afl_stats():
    """(target, what AFL++ counted) of every target it ran."""
    for path in sorted(glob.glob(f"{BUILD}/afl/out/*/default/fuzzer_stats")):
        with open(path, encoding="utf-8") as file:
            yield path.split("/")[-3], dict(
                (word.strip() for word in line.split(":", 1))
                for line in file if ":" in line)


def afl_section():
    """What AFL++ did here; else what RESULTS.md says that it did."""
    rows = [(name, f"{int(one['run_time']) / 60:.1f}",
             f"{int(one['execs_done']):,}", one["edges_found"],
             one["corpus_count"], one["saved_crashes"], one["saved_hangs"])
            for name, one in afl_stats()]
    out = [AFL_HEAD, "",
           "The same targets in persistent mode under the same sanitizers "
           "(`make fuzz-afl`). Minutes are by the clock, edges "
           "AFL++'s own.", ""]
    if rows:
        table(out, ("target", "minutes", "inputs", "edges", "corpus",
                    "crashes", "hangs"), rows)
        return out
    with open(RESULTS, encoding="utf-8") as file:
        kept = re.search(AFL_HEAD.replace("+", r"\+") + r"\n.*?(?=^## )",
                         file.read(), re.DOTALL | re.MULTILINE)
    return kept.group(0).split("\n")[:-1] if kept else []


def table(out, head, rows):
    out.append("| " + " | ".join(head) + " |")
    out.append("|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|")
    out += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    out.append("")


def main():
    os.chdir(TOP)
    with open(f"{BUILD}/fuzz/campaign.json", encoding="utf-8") as file:
        state = json.load(file)
    replay()
    hours = sum(one["cpu_s"] for one in state.values()) / 3600
    inputs = sum(one["executed"] for one in state.values())
    out = ["# What fuzzing did", "",
           "Made by `tests/fuzz/results.py` from what `tests/fuzz/fuzz.py` "
           "counted: libFuzzer of clang with the address and "
           "undefined-behaviour sanitizers. Minutes are of the processor "
           "(user and system), in all and since the target's last finding. "
           "Edges and features are libFuzzer's, of all the code that a "
           "target runs.", "",
           f"In all {inputs:,} inputs in {hours:.1f} core hours.", ""]
    table(out, ("target", "minutes", "since", "inputs", "edges", "features",
                "corpus"),
          [(name, f"{one['cpu_s'] / 60:.1f}",
            f"{one['clean_s'] / 60:.1f}", f"{one['executed']:,}",
            one.get("cov", "-"), one.get("ft", "-"), one.get("corpus", "-"))
           for name, one in sorted(state.items())])
    with open(FINDINGS, encoding="utf-8") as file:
        out.append(file.read())
    out += afl_section()
    out += ["## Lines that the stored inputs reach", ""]
    for room, files in sorted(covered().items()):
        lines = sum(n for _, _, n in files)
        reached = sum(share * n / 100 for _, share, n in files)
        out += [f"`{room}/`: {reached:.0f} of {lines} lines "
                f"({100 * reached / lines:.1f} %) of the files that were "
                "run.", ""]
        if room == "parsers":
            table(out, ("file", "reached", "lines"),
                  [(f"`{name}`", f"{share:.1f} %", n)
                   for name, share, n in files])
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write("\n".join(out).rstrip() + "\n")
    return 0


sys.exit(main())
