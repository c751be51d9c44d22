#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sums over DMARC reports, read by ElementTree, against a report document.

usage: dmarc_sums.py DIRECTORY REPORT.json
Each file of DIRECTORY (plain, gzip or zip) is a report of its own."""
import collections
import gzip
import io
import ipaddress
import json
import os
import sys
import xml.etree.ElementTree as ET
import zipfile

KEYS = ("messages", "pass", "dkim_pass", "spf_pass", "quarantine", "reject",
        "reports")


def plain(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])
    return data


def text(node, path):
    found = node.find(path)
    return (found.text or "") if found is not None else ""


def add(sums, seen, name, record):
    address = ipaddress.ip_address(text(record, "row/source_ip")).compressed
    key = (address, text(record, "identifiers/header_from").lower())
    count = int(text(record, "row/count"))
    dkim = text(record, "row/policy_evaluated/dkim") == "pass"
    spf = text(record, "row/policy_evaluated/spf") == "pass"
    done = text(record, "row/policy_evaluated/disposition")
    for what, part in (("messages", True), ("pass", dkim or spf),
                       ("dkim_pass", dkim), ("spf_pass", spf),
                       ("quarantine", done == "quarantine"),
                       ("reject", done == "reject")):
        sums[key][what] += count if part else 0
    if (key, name) not in seen:
        seen.add((key, name))
        sums[key]["reports"] += 1


def main():
    folder, path = sys.argv[1:]
    want = collections.defaultdict(lambda: dict.fromkeys(KEYS, 0))
    seen = set()
    names = sorted(os.listdir(folder))
    for name in names:
        root = ET.fromstring(plain(os.path.join(folder, name)))
        for node in root.iter():
            node.tag = node.tag.rpartition("}")[2]
        for record in root.findall("record"):
            add(want, seen, name, record)
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
