#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare the episodes of a report with those that the generator injected.

usage: episodes.py --truth TRUTH.json --report REPORT.json

Where everything was refused (kinds block and defer) and the refusals are many
enough to confirm an episode, all four ends of its brackets and the number of
refusing attempts must be exact. A throttle lets mail through, so where its
episode begins and ends is the score's matter: it must lie inside what was
injected. No other pair of provider and source may have an episode."""
import argparse
import json
import sys

ENOUGH = 12  # refusals that confirm at any volume of these logs
ENDS = ("last_accept_before", "first_refusal", "last_refusal",
        "first_accept_after")


def exact(name, found, want):
    if len(found) != 1:
        yield f"{name}: {len(found)} episodes, want 1"
        return
    got = found[0]
    for key in ENDS:
        # stamps without fractions: an acceptance in the second of the first
        # refusal may stand on either side of it
        is_tie = key == "last_accept_before" and \
            want.get(key) == want["first_refusal"]
        if got.get(key) != want.get(key) and not is_tie:
            yield f"{name} {key}: got {got.get(key)}, want {want.get(key)}"
    if got["attempts"] != want["refusals"]:
        yield f"{name} attempts: got {got['attempts']}, " \
            f"want {want['refusals']}"


def inside(name, found, want):
    for got in found:
        if got["first_refusal"] < want["first_refusal"] or \
                got["last_refusal"] > want["last_refusal"]:
            yield f"{name}: {got['first_refusal']} .. " \
                f"{got['last_refusal']} is outside {want['first_refusal']}" \
                f" .. {want['last_refusal']}"


def compare(report, truth):
    found = {}
    for one in report["episodes"]:
        found.setdefault((one["provider"], one["source"]), []).append(one)
    for want in truth["episodes"]:
        key = want["provider"], f"{want['host']}/{want['instance']}"
        mine = found.pop(key, [])
        if want["refusals"] == 0:
            if mine:
                yield f"{key}: an episode without a refusal"
        elif want["kind"] != "throttle" and want["refusals"] >= ENOUGH:
            yield from exact(key, mine, want)
        else:
            yield from inside(key, mine, want)
    for key in found:
        yield f"{key}: nothing was injected there"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--truth", required=True)
    parser.add_argument("--report", required=True)
    options = parser.parse_args()
    with open(options.truth, encoding="utf-8") as file:
        truth = json.load(file)
    with open(options.report, encoding="utf-8") as file:
        report = json.load(file)
    count = 0
    for difference in compare(report, truth):
        count += 1
        print(difference)
    print(f"{len(truth['episodes'])} episodes, {count} differences")
    return 1 if count or not truth["episodes"] else 0


sys.exit(main())
