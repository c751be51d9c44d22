#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Are two report documents the same but for the names of their inputs?

usage: same.py [--more] A.json B.json
--more: B may say more than A, as a newer version does."""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for key in ("generated", "inputs"):
        document.pop(key, None)
    return document


def walk(where, a, b, more, out):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) if more else set(a) | set(b)):
            walk(f"{where}.{key}", a.get(key), b.get(key), more, out)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (left, right) in enumerate(zip(a, b)):
            walk(f"{where}[{index}]", left, right, more, out)
    elif a != b:
        out.append(f"{where}: {str(a)[:120]} / {str(b)[:120]}")


def main():
    differences = []
    more = sys.argv[1] == "--more"
    old, new = sys.argv[1 + more:]
    walk("", load(old), load(new), more, differences)
    for line in differences[:20]:
        print(line)
    return 1 if differences else 0


sys.exit(main())
