#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Days in packed form change no number: stores made by reading in any order
and pieces, merging and pruning are reported as they are, with some packed days
taken out, and with none; the three documents must be the same, for windows,
zones and filters by chance.

usage: check_packed_days.py GENLOG SEED [REPORTS]    (mxtrend is in PATH)"""
import glob
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys

GENLOG, SEED = sys.argv[1], int(sys.argv[2])
REPORTS = int(sys.argv[3]) if len(sys.argv) > 3 else 4
CHANCE = random.Random(SEED)
# days of 23 and 25 hours lie within; Kolkata's begin at half past
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York",
         "Pacific/Apia")
NOW = "2026-11-06T00:00:00Z"
PACKED = "SELECT DISTINCT day FROM day_part"
WITH_ROWS = "SELECT DISTINCT slot / 86400 * 86400 FROM total"


def mxtrend(*words, state):
    done = subprocess.run(
        ["mxtrend", "--state", state, "--now", NOW, "--log-tz", "UTC", *words],
        capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit("%s: %s" % (" ".join(words), done.stderr.decode()))
    return done.stdout


def make_log(name, seed, host):
    os.mkdir(name)
    subprocess.run(
        [GENLOG, "--seed", str(seed), "--start", "2026-10-20", "--days", "14",
         "--per-day", "60", "--domains", "40", "--zone", "UTC", "--hosts", "2",
         "--host-name", host, "--rotate", "daily", "--dir", name,
         "--episode", "provider=microsoft-consumer,start=2026-10-23T00:00:00Z,"
         "kind=block", "--random-episodes", "2", "--noise", "0",
         # messages of several days: what is read late changes days before
         "--episode", "provider=gmail,start=2026-10-22T00:00:00Z,"
         "end=2026-10-30T00:00:00Z,kind=defer"], check=True)
    return sorted(glob.glob(name + "/*"))


def unpack_some(state):
    """As a store looks that an older version wrote to."""
    db = sqlite3.connect(state + "/mxtrend.db")
    for (day,) in db.execute(PACKED).fetchall():
        if CHANCE.random() < 0.5:
            db.execute("DELETE FROM day_part WHERE day = ?", (day,))
    db.commit()
    db.close()


def ingest(files, state):
    """In any order; not twenty files in one run, but some in each of many."""
    CHANCE.shuffle(files)
    while files:
        count = CHANCE.randint(1, 3)
        mxtrend("ingest", *files[:count], state=state)
        del files[:count]
        if files and CHANCE.random() < 0.7:
            unpack_some(state)


def copy_without(state, to, which):
    shutil.rmtree(to, ignore_errors=True)
    os.mkdir(to)
    source = sqlite3.connect(state + "/mxtrend.db")
    copy = sqlite3.connect(to + "/mxtrend.db")
    source.backup(copy)
    for (day,) in copy.execute(PACKED).fetchall():
        if which(day):
            copy.execute("DELETE FROM day_part WHERE day = ?", (day,))
    copy.commit()
    copy.close()
    source.close()


def window():
    options = ["--tz", CHANCE.choice(ZONES), "report", "-f", "json"]
    form = CHANCE.randrange(4)
    first = CHANCE.randint(20, 31)
    if form > 0:
        options += ["--since", "2026-10-%02d" % first]
    if form > 1:
        clock = CHANCE.choice(("", "T%02d:30:00Z" % CHANCE.randrange(24)))
        options += ["--until", "2026-11-%02d%s" % (CHANCE.randint(1, 4),
                                                   clock)]
    if form == 3:
        options += ["--compare", "prev"]
    return options + CHANCE.choice((
        [], [], ["--provider", "microsoft-consumer"], ["--ip", "192.0.2.9"],
        ["--provider", "gmail", "--ip", "192.0.2.10"]))


def compare(state, what):
    copy_without(state, "some", lambda day: CHANCE.random() < 0.5)
    copy_without(state, "none", lambda day: True)
    for _ in range(REPORTS):
        options = window()
        texts = [mxtrend(*options, state=it) for it in (state, "some",
                                                        "none")]
        if texts[1] != texts[0] or texts[2] != texts[0]:
            sys.exit("%s: packed days change %s" % (what, " ".join(options)))
        json.loads(texts[0])


def check_all_packed(state, what):
    db = sqlite3.connect(state + "/mxtrend.db")
    packed = {day for (day,) in db.execute(PACKED)}
    with_rows = {day for (day,) in db.execute(WITH_ROWS)}
    most = db.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM day_part"
                      " GROUP BY day)").fetchone()[0]
    db.close()
    if packed != with_rows or not packed:
        sys.exit("%s: %d days have rows, %d are packed" % (
            what, len(with_rows), len(packed)))
    if most > 8:
        sys.exit("%s: a day in %d parts" % (what, most))


def main():
    here = make_log("here", SEED, "mail.example.org")
    there = make_log("there", SEED + 1, "mx.example.net")
    later = [there.pop() for _ in range(4)]
    for state, files in (("a", here), ("b", there)):
        ingest(files, state)
        check_all_packed(state, "ingest")
        compare(state, "ingest")
    mxtrend("merge", "b", state="a")
    check_all_packed("a", "merge")
    compare("a", "merge")
    ingest(later, "b")
    mxtrend("merge", "b", state="a")
    compare("a", "merge again")
    with open("keep.conf", "w", encoding="ascii") as file:
        file.write("[store]\nkeep_detail = 8d\nkeep_totals = 9d\n")
    # in the middle of a day
    mxtrend("-c", "keep.conf", "--now", "2026-11-05T15:20:00Z", "prune",
            state="a")
    check_all_packed("a", "prune")
    compare("a", "prune")
    print("seed %d: as packed as not" % SEED)


main()
