# SPDX-License-Identifier: BSD-2-Clause
"""The time of the scripted world: the real one, moved by what the file
$REAL_CLOCK says, where there is one. So days pass in seconds, and what is
written within a step lies as far apart as it really was. Each line of the file
is a moment of real time and how many seconds the world is ahead from then on.
"""

import bisect
import datetime
import math
import os
import re
import time

PATH = os.environ.get("REAL_CLOCK")
UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


def history():
    try:
        with open(PATH, encoding="ascii") as file:
            return [tuple(map(float, line.split())) for line in file]
    except (TypeError, FileNotFoundError):
        return []


def world(real, steps=None):
    """The world's time at that real moment."""
    steps = history() if steps is None else steps
    at = bisect.bisect(steps, (real, math.inf)) - 1
    return real + (steps[max(at, 0)][1] if steps else 0.0)


def now():
    return world(time.time())


def set_to(moment):
    """From now on it is MOMENT, in seconds since 1970; never back, but for
    the first time."""
    if history() and moment <= now():
        raise ValueError("the clock only goes forward")
    real = time.time()
    with open(PATH, "a", encoding="ascii") as file:
        file.write("%f %f\n" % (real, moment - real))


def is_within(since, until):
    return (since or -math.inf) <= now() < (until or math.inf)


# What an MTA says of how long something took: from it and the moment of the
# line follows when it began, and so how long it took in the world.
def seconds(text):
    """4h3m2s, 12.345s, 2+01:02:03 or a bare number."""
    if found := re.fullmatch(r"(?:(\d+)\+)?(\d+):(\d\d):(\d\d)", text):
        days, *rest = (int(part or 0) for part in found.groups())
        return ((days * 24 + rest[0]) * 60 + rest[1]) * 60 + rest[2]
    return sum(float(number) * UNITS[unit or "s"]
               for number, unit in re.findall(r"([\d.]+)([wdhms]?)", text))


def in_units(value):
    value = round(value)
    text = ""
    for unit, size in UNITS.items():
        if value >= size and unit != "w":
            text += "%d%s" % (value // size, unit)
            value %= size
    return text or "0s"


def in_days(value):
    value = round(value)
    days = "%d+" % (value // 86400) if value >= 86400 else ""
    return days + "%02d:%02d:%02d" % (value % 86400 // 3600,
                                      value % 3600 // 60, value % 60)


def retimed(text, real):
    """A line that was written at that real moment, with the world's times."""
    steps = history()
    if not steps:
        return text

    def longer(value):
        return world(real, steps) - world(real - value, steps)

    def postfix(found):
        more = longer(float(found[1])) - float(found[1])
        return "delay=%.2g, delays=%.2g/" % (
            float(found[1]), float(found[2])) if more < 1 else \
            "delay=%.0f, delays=%.0f/" % (float(found[1]) + more,
                                          float(found[2]) + more)

    text = re.sub(r"\bdelay=([\d.]+), delays=([\d.]+)/", postfix, text)
    text = re.sub(r"(?<= delay=)(?:\d+\+)?\d+:\d\d:\d\d(?=,)",
                  lambda found: in_days(longer(seconds(found[0]))), text)
    return re.sub(r"(?<= delay=)(?:\d+[dhms])+(?= result=)|"
                  r"(?<= QT=)[\d.wdhms]+",
                  lambda found: found[0] if longer(seconds(found[0])) -
                  seconds(found[0]) < 1 else
                  in_units(longer(seconds(found[0]))), text)


def stamp(moment, zone=None):
    return datetime.datetime.fromtimestamp(moment, zone).astimezone(zone)
