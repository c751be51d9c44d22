#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sums over DMARC reports, read by ElementTree, against a report document.

usage: dmarc_sums.py DIRECTORY REPORT.json
Each file of DIRECTORY is a report of its own; check_dmarc.py reads it."""
import collections
import json
import os
import sys

import check_dmarc

KEYS = ("messages", "pass", "dkim_pass", "spf_pass", "quarantine", "reject",
        "reports")


def add(sums, seen, name, row):
    key = (row["source_ip"], row.get("header_from", ""))
    dkim, spf = row.get("dkim") == "pass", row.get("spf") == "pass"
    done = row.get("disposition")
    for what, part in (("messages", True), ("pass", dkim or spf),
                       ("dkim_pass", dkim), ("spf_pass", spf),
                       ("quarantine", done == "quarantine"),
                       ("reject", done == "reject")):
        sums[key][what] += row["count"] if part else 0
    if (key, name) not in seen:
        seen.add((key, name))
        sums[key]["reports"] += 1


def main():
    folder, path = sys.argv[1:]
    want = collections.defaultdict(lambda: dict.fromkeys(KEYS, 0))
    seen = set()
    names = sorted(os.listdir(folder))
    for name in names:
        for row in check_dmarc.expected(os.path.join(folder, name)):
            add(want, seen, name, row)
    got = collections.defaultdict(lambda: dict.fromkeys(KEYS, 0))
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)["dmarc"]
    for row in rows:
        key = (row["source_ip"], row["header_from"])
        for what in KEYS:
            got[key][what] += row[what]
    wrong = [key for key in set(want) | set(got) if want[key] != got[key]]
    for key in sorted(wrong)[:5]:
        print(f"{key}: want {want[key]}, got {got[key]}")
    total = sum(row["messages"] for row in want.values())
    print(f"{len(names)} reports, {len(want)} rows, {total} messages: "
          f"{len(wrong)} differ")
    return 1 if wrong else 0


sys.exit(main())
