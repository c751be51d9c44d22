#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Windows and days against Python's zoneinfo: periods asked for at moments by
chance, most of them near a change of clocks or the end of a year.

usage: check_windows.py SEED COUNT    (mxtrend is in PATH)"""
import datetime as dt
import json
import random
import subprocess
import sys
import zoneinfo

CHANCE = random.Random(int(sys.argv[1]))
COUNT = int(sys.argv[2])
# by an hour, by half of one, at midnight, at one in the night, not at all
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
         "America/Santiago", "Asia/Beirut", "Africa/Cairo", "America/Havana",
         "Atlantic/Azores", "Pacific/Chatham", "Asia/Kathmandu", "UTC")
PERIODS = ("today", "yesterday", "week", "last-week", "month", "last-month",
           "quarter", "last-quarter", "year", "last-year", "7d", "1d", "24h",
           "36h", "2w", "1month")
UTC = dt.timezone.utc
DAY = dt.timedelta(days=1)


def start(zone, date):
    """The day's first moment: where midnight is left out, the change."""
    return dt.datetime(date.year, date.month, date.day,
                       tzinfo=zone).astimezone(UTC)


def month(date, more):
    number = date.year * 12 + date.month - 1 + more
    return dt.date(number // 12, number % 12 + 1, 1)


def window(zone, now, period):
    """None where a wall clock's time does not exist or is there twice."""
    local = now.astimezone(zone)
    today = local.date()
    monday = today - today.weekday() * DAY
    quarter = month(today, -((today.month - 1) % 3))
    year = dt.date(today.year, 1, 1)
    whole = {"today": (today, None), "yesterday": (today - DAY, today),
             "week": (monday, None), "last-week": (monday - 7 * DAY, monday),
             "month": (month(today, 0), None),
             "last-month": (month(today, -1), month(today, 0)),
             "quarter": (quarter, None),
             "last-quarter": (month(quarter, -3), quarter),
             "year": (year, None), "last-year": (month(year, -12), year)}
    if period in whole:
        since, until = whole[period]
        return (start(zone, since),
                now if until is None else start(zone, until))
    if period[-1] == "h" and period != "1month":
        return now - dt.timedelta(hours=int(period[:-1])), now
    if period == "1month":
        first = month(today, -1)
        last = (month(today, 0) - DAY).day
        date = first.replace(day=min(today.day, last))
    else:
        days = int(period[:-1]) * (7 if period.endswith("w") else 1)
        date = today - days * DAY
    wall = local.replace(year=date.year, month=date.month, day=date.day,
                         fold=0)
    there = wall.astimezone(UTC)
    if (there.astimezone(zone).replace(tzinfo=None) !=
            wall.replace(tzinfo=None) or
            wall.replace(fold=1).astimezone(UTC) != there):
        return None
    return there, now


def changes(zone, year):
    """Days on which the clocks of that year change, and its ends."""
    days = [dt.date(year, 1, 1), dt.date(year, 12, 31)]
    date = dt.date(year, 1, 1)
    while date.year == year:
        if start(zone, date + DAY) - start(zone, date) != DAY:
            days += [date] * 3
        date += DAY
    return days


def moment(zone):
    year = CHANCE.randint(2019, 2027)
    if CHANCE.random() < 0.8:
        date = CHANCE.choice(changes(zone, year))
        date += CHANCE.choice((0, 0, 0, 1, 1, 6, 7, 8, 31)) * DAY
    else:
        date = dt.date(year, 1, 1) + CHANCE.randrange(365) * DAY
    return start(zone, date) + dt.timedelta(
        seconds=CHANCE.choice((0, 1, 1020, 3600, 7200, 43200, 86399,
                               CHANCE.randrange(86400))))


def days(zone, since, until):
    date, names = since.astimezone(zone).date(), []
    while start(zone, date) < until:
        names.append(date.isoformat())
        date += DAY
    return names


def check(zone_name):
    zone = zoneinfo.ZoneInfo(zone_name)
    now, period = moment(zone), CHANCE.choice(PERIODS)
    expected = window(zone, now, period)
    if expected is None or expected[0] == expected[1]:
        return False
    words = ["mxtrend", "--tz", zone_name, "--now", now.strftime(
        "%Y-%m-%dT%H:%M:%SZ"), "report", "--period", period, "-f", "json",
             "/dev/null"]
    got = json.loads(subprocess.run(words, check=True,
                                    capture_output=True).stdout)["window"]
    told = tuple(dt.datetime.strptime(got[key], "%Y-%m-%dT%H:%M:%S%z")
                 for key in ("since", "until"))
    if told != expected:
        sys.exit("%s: %s .. %s, want %s .. %s" % (
            " ".join(words), *told, *expected))
    listed = [day["day"] for day in got["days"]]
    if listed != days(zone, *expected):
        sys.exit("%s: days %s, want %s" % (
            " ".join(words), listed, days(zone, *expected)))
    return True


def main():
    checked = sum(check(CHANCE.choice(ZONES)) for _ in range(COUNT))
    print("%s windows as zoneinfo has them" % (
        "all" if checked > COUNT * 0.9 else "only %d" % checked))


main()
