#!/usr/bin/env python3
"""Rows of tests/unit/zone_rows.h: offsets as Python's zoneinfo has them.

Run by hand after an update of the zone database:
    tests/support/zone_rows.py > tests/unit/zone_rows.h
"""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London",
         "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tehran",
         "Africa/Casablanca", "Pacific/Apia", "America/St_Johns",
         "Europe/Dublin", "Antarctica/Troll", "Asia/Kathmandu",
         "Pacific/Auckland", "America/Havana"]
FIRST, LAST = 0, 4133980799


def offset(zone, utc):
    moment = datetime.fromtimestamp(utc, tz=timezone.utc).astimezone(zone)
    return int(moment.utcoffset().total_seconds())


def change_near(zone, low, high):
    """The first second after a change between LOW and HIGH, by bisection."""
    before = offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def main():
    chance = random.Random(20261123)
    print("/* SPDX-License-Identifier: BSD-2-Clause */")
    print("/* Made by tests/support/zone_rows.py from Python's zoneinfo. */")
    for name in ZONES:
        zone = ZoneInfo(name)
        moments = [chance.randint(FIRST, LAST) for _ in range(12)]
        for year in (1987, 2010, 2026, 2039, 2075):
            day = int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp())
            for _ in range(12):
                later = day + 31 * 86400
                if offset(zone, day) != offset(zone, later):
                    change = change_near(zone, day, later)
                    moments += [change - 1, change]
                day = later
        for utc in sorted(moments):
            print('\t{ "%s", %d, %d },' % (name, utc, offset(zone, utc)))


main()
