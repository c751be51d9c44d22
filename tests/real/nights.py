#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The steps of story.py, inside the namespaces of run.sh; see nights.sh.

usage: nights.py begin             the clock, the configuration of mxtrend
       nights.py steps             DAY HOUR, one a line, "last" behind a day's
       nights.py at DAY HOUR       it is that hour now
       nights.py send DAY HOUR INSTANCE=ADDRESS:PORT...
       nights.py take [LOG...]     wait until nothing more is logged; take
                                   over what these files hold, in the world's
                                   time
       nights.py night DAY         rotate, then `mxtrend -q nightly`
       nights.py end               what the last morning asks"""

import datetime
import glob
import gzip
import os
import re
import shutil
import smtplib
import subprocess
import sys
import time

import clock
import story

CONFIGURATION = """
[inputs]
files = "/out/log/*"
timezone = Europe/Berlin
[report]
timezone = Europe/Berlin
[source-ip]
postfix-out1 = %(out1)s
default = %(main)s
[store]
state = /out/state
[outputs]
json = /out/nights/report.json
xlsx = /out/nights/report.xlsx
html = /out/nights/report.html
""" % story.CLIENTS
STAMP = re.compile(rb"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?")
TEXT = """From: <{0}>
To: <undisclosed@example.org>
Subject: a message of the story
Message-ID: <{0}>

Text.
"""


def begin():
    clock.set_to(story.moment(0, 6))
    with open("/out/mxtrend.conf", "w", encoding="ascii") as file:
        file.write(CONFIGURATION)


def steps():
    for day in range(story.DAYS):
        for hour in story.HOURS:
            print(day, hour, "last" if hour == story.HOURS[-1] else "")


def at(day, hour):
    clock.set_to(story.moment(day, hour))


def send(day, hour, *doors):
    doors = dict(word.split("=", 1) for word in doors)
    for instance, sender, recipients in story.messages(day, hour):
        if instance not in doors:
            continue
        host, _, port = doors[instance].rpartition(":")
        with smtplib.SMTP(host, int(port), local_hostname="localhost") as to:
            refused = to.sendmail(sender, recipients,
                                  TEXT.format(sender).replace("\n", "\r\n"))
        if refused:
            raise SystemExit("not taken: %r" % refused)


def sizes(paths):
    return [os.path.getsize(path) for path in paths if os.path.exists(path)]


def settle(paths):
    """Until nothing was logged for a second and a half; half a minute at
    most."""
    quiet = 0
    before = sizes(paths)
    for _ in range(150):
        time.sleep(0.2)
        now = sizes(paths)
        quiet = quiet + 1 if now == before else 0
        before = now
        if quiet >= 7:
            return
    print("nights: still logging after 30 seconds")


def moved(line):
    """A line of a log with stamps of its own, in the world's time."""
    found = STAMP.match(line)
    if not found:
        return line
    real = datetime.datetime.fromisoformat(found[1].decode()).replace(
        tzinfo=story.ZONE).timestamp() + float(found[2] or 0)
    then = clock.stamp(clock.world(real), story.ZONE)
    rest = clock.retimed(line[found.end():].decode("latin-1"), real)
    return (then.strftime("%Y-%m-%d %H:%M:%S") +
            (then.strftime(".%f")[:4] if found[2] else "") + rest
            ).encode("latin-1")


def take(*logs):
    settle(glob.glob("/out/log/*") + list(logs))
    for log in logs:
        if not os.path.exists(log):
            continue
        with open(log, "rb") as file:
            lines = file.readlines()
        os.truncate(log, 0)
        with open("/out/log/" + os.path.basename(log), "ab") as file:
            file.writelines(moved(line) for line in lines)


def rotate(path):
    for number in range(story.DAYS, 0, -1):
        old = "%s.%d" % (path, number)
        if os.path.exists(old + ".gz"):
            os.rename(old + ".gz", "%s.%d.gz" % (path, number + 1))
    if os.path.exists(path + ".1"):
        with open(path + ".1", "rb") as plain, \
                gzip.open(path + ".2.gz", "wb") as packed:
            shutil.copyfileobj(plain, packed)
        os.remove(path + ".1")
    os.rename(path, path + ".1")


def mxtrend(day, output, *words):
    """As on the morning behind DAY."""
    date = story.FIRST_DAY + datetime.timedelta(days=day + 1)
    with open(output, "w", encoding="utf-8") as file:
        status = subprocess.call(
            ["mxtrend", "-c", "/out/mxtrend.conf", "--now",
             "%s 00:40" % date, *words], stdout=file, env={
                 **os.environ, "COLUMNS": "80"})
    if status:
        print("nights: mxtrend", *words, "ended with", status)


def night(day):
    for path in glob.glob("/out/log/*log"):
        rotate(path)
    mxtrend(day, "/out/nights/%02d.txt" % day, "-q", "nightly")


def end():
    last = story.DAYS - 1
    mxtrend(last, "/out/final/late.txt", "ingest", *glob.glob("/out/log/*"))
    mxtrend(last, "/out/final/report.txt", "report")
    mxtrend(last, "/out/final/report.json", "report", "-f", "json")
    mxtrend(last, "/out/final/evidence.txt", "evidence", "outlook",
            "--ip", story.BLOCKED)
    mxtrend(last, "/out/final/again.txt", "ingest", *glob.glob("/out/log/*"))
    mxtrend(last, "/out/final/files.json", "report", "-f", "json",
            *glob.glob("/out/log/*"))


if __name__ == "__main__":
    COMMAND, *WORDS = sys.argv[1:]
    if COMMAND in ("at", "send"):
        WORDS[:2] = map(int, WORDS[:2])
    if COMMAND == "night":
        WORDS = [int(WORDS[0])]
    globals()[COMMAND](*WORDS)
