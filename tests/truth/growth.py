#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Four times as much of what strangers can make up costs about four times as
much, not sixteen: usage: growth.py MXTREND    prints TAP"""
import json
import os
import resource
import subprocess
import sys
import tempfile

FEW, MANY = 10000, 40000
# Of processor time; sixteen times as much is far beyond it.
MOST, GRACE_S = 6, 0.15
SAID = ("host mx.example.com[203.0.113.5] said: 450 4.7.1 blocked {word} "
        "(in reply to RCPT TO command)")


def word(number):
    """Letters alone: digits are masked in replies."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def line(number, host="mx", tag="postfix", message=None, recipient="u",
         domain="example.com", said=""):
    at = f"2026-11-20T{number // 3600 % 24:02}:{number // 60 % 60:02}:" \
         f"{number % 60:02}+00:00"
    message = message or f"{0xA000000000 + number * 7:X}"
    return (f"{at} {host} {tag}/smtp[2]: {message}: "
            f"to=<{recipient}@{domain}>, "
            "relay=mx.example.com[203.0.113.5]:25, delay=1, "
            "delays=0/0/0/1, dsn=4.7.1, status=deferred "
            f"({SAID.format(word=said)})\n")


SHAPES = {
    "log hosts": (lambda n: line(n, host="h" + word(n)), "coverage"),
    "instances": (lambda n: line(n, tag=f"postfix-{n}"), "sources"),
    "replies": (lambda n: line(n, said=word(n)), "replies"),
    "domains": (lambda n: line(n, domain=f"d{n}.example"), None),
    "recipients of a message":
        (lambda n: line(n, message="4AAAA1", recipient=f"u{n}"), None),
}


def spent(*words):
    """Standard output, and seconds of the processor in the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    out = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    return out, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(mxtrend, make, count):
    """Seconds of ingest and of report; the report."""
    with tempfile.TemporaryDirectory() as work:
        log = os.path.join(work, "log")
        with open(log, "w", encoding="ascii") as file:
            file.writelines(map(make, range(count)))
        run = (mxtrend, "--state", os.path.join(work, "s"), "--tz", "UTC",
               "--now", "2026-11-21")
        _, reading = spent(*run, "-q", "ingest", log)
        out, reporting = spent(*run, "report", "-f", "json")
        return reading, reporting, json.loads(out)


def main():
    print(f"1..{len(SHAPES) * 2}")
    number = 0
    for name, (make, table) in SHAPES.items():
        few = measure(sys.argv[1], make, FEW)
        many = measure(sys.argv[1], make, MANY)
        rows = MANY if table is None else len(many[2][table])
        for what, a, b in zip(("read", "reported"), few, many):
            number += 1
            is_fine = b < a * MOST + GRACE_S and rows >= MANY
            print(f"{'' if is_fine else 'not '}ok {number} - many {name} are "
                  f"{what} in time that grows with them")
            if not is_fine:
                print(f"# {FEW}: {a:.2f} s, {MANY}: {b:.2f} s, {rows} rows")


main()
