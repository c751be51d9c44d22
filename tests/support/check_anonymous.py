#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the logs name and the outputs must not.

usage: check_anonymous.py local|domains|ips[,...] LOG... -- OUTPUT...
Takes from the logs, with patterns of its own, every local part, every domain
and every address of ours, and looks for them as words in the outputs; a
workbook is unpacked. Prints what it finds; status 1 when there is any."""
import gzip
import os
import re
import sys
import zipfile

# What is no secret: all that the table of providers names.
TABLE = os.path.join(os.path.dirname(__file__), "..", "..", "analyzer",
                     "rules", "providers.tsv")
with open(TABLE, encoding="utf-8") as table:
    PUBLIC = re.compile(r"(^|\.)(" + "|".join(
        re.escape(name.lstrip("*."))
        for name in set(re.findall(r"[a-z0-9*-]+(?:\.[a-z0-9-]+)+",
                                   table.read()))) + r")$", re.I)


def text_of(path):
    if path.endswith(".gz"):
        with gzip.open(path, "rb") as file:
            return file.read().decode("latin-1")
    if path.endswith(".xlsx"):
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode("utf-8")
                             for name in book.namelist())
    with open(path, "rb") as file:
        return file.read().decode("latin-1")


def secrets(kinds, logs):
    found = set()
    for text in map(text_of, logs):
        for local, domain in re.findall(
                r"(?:from|to|orig_to)=<([^<>@]+)@([^<>@]+)>", text):
            if "local" in kinds and len(local) > 2:
                found.add(local)
            if "domains" in kinds and not PUBLIC.search(domain):
                found.add(domain)
        for host in re.findall(r"relay=([^\[, ]+)\[", text):
            if "domains" in kinds and not PUBLIC.search(host) and \
                    "." in host:
                found.add(host)
        if "ips" in kinds:
            found.update(re.findall(r"\b192\.0\.2\.\d+\b", text))
    return found


def main():
    kinds = sys.argv[1].split(",")
    split = sys.argv.index("--")
    names = {name.lower() for name in secrets(kinds, sys.argv[2:split])}
    bad = 0
    if len(names) < 3:
        print(f"only {len(names)} names in the logs: no test")
        return 1
    for path in sys.argv[split + 1:]:
        text = text_of(path).lower()
        words = set(re.findall(r"[a-z0-9_+=!#$%&'*/?^`{|}~.-]+", text))
        words |= set(re.findall(r"[a-z0-9_+.-]+", text))
        words |= {word.strip(".") for word in words}
        for name in sorted(names & words):
            print(f"{path}: {name}")
            bad += 1
    return 1 if bad else 0


sys.exit(main())
