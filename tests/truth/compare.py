#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare what mxtrend says of a generated log with what the generator knows.

usage: compare.py --truth TRUTH.json [--report REPORT.json] [--facts FACTS]
                  [--days local|utc]

REPORT is the output of `mxtrend report -f json`, FACTS that of `mxtrend
parse`. Prints one line for each difference; the exit status is 1 if there is
any."""
import argparse
import json
import sys

DELIVERY_KEYS = ("messages", "deliveries", "accepted", "bounced", "expired",
                 "open", "deferred", "blocked")


class Differences:
    """Counts differences and prints the first of them."""

    def __init__(self):
        self.count = 0
        self.checked = 0

    def check(self, what, got, want):
        self.checked += 1
        if got == want:
            return
        self.count += 1
        if self.count <= 40:
            print(f"{what}: got {got}, want {want}")


def source_key(row):
    """The sending source of a report's row is HOST/INSTANCE."""
    source = row.get("source") or f"{row['host']}/{row['instance']}"
    return (row["provider"], source)


def check_rows(diff, what, got, want, key, keys):
    got = {key(row): row for row in got}
    want = {key(row): row for row in want}
    for name in sorted(set(got) | set(want)):
        for column in keys:
            diff.check(f"{what} {name} {column}",
                       got.get(name, {}).get(column, 0),
                       want.get(name, {}).get(column, 0))


def check_days(diff, series, want):
    """Attempts and distinct messages a day, provider and instance."""
    def key(row):
        return (row["day"],) + source_key(row)

    got = {key(row): row for row in series}
    want = {key(row): row for row in want}
    for name in sorted(set(got) | set(want)):
        for outcome in ("accepted", "deferred", "bounced"):
            diff.check(f"series {name} {outcome}",
                       got.get(name, {}).get("attempts", {}).get(outcome, 0),
                       want.get(name, {}).get(outcome, 0))
        diff.check(f"series {name} messages",
                   got.get(name, {}).get("messages", 0),
                   want.get(name, {}).get("messages", 0))


def check_report(diff, report, truth, days):
    for column, value in truth["all"].items():
        diff.check(f"totals {column}", report["totals"].get(column, 0), value)
    for outcome in ("accepted", "deferred", "bounced"):
        diff.check(f"attempts {outcome}",
                   report["totals"]["attempts"][outcome],
                   truth["facts"]["remote"][outcome])
        for hop in ("local", "internal"):
            diff.check(f"{hop} attempts {outcome}",
                       report["totals"][hop]["attempts"][outcome],
                       truth["facts"][hop][outcome])
    diff.check("suspended", report["totals"]["suspended"],
               truth["facts"]["suspended"])
    check_rows(diff, "provider", report["providers"], truth["by_provider"],
               lambda row: row["provider"], DELIVERY_KEYS)
    check_rows(diff, "pair", report["pairs"], truth["by_provider_source"],
               source_key, DELIVERY_KEYS)
    check_days(diff, report["series"], truth[f"attempts_by_{days}_day"])
    for row in report["providers"] + [report["totals"]]:
        diff.check(f"identity of {row.get('provider', 'totals')}",
                   row["accepted"] + row["bounced"] + row["expired"] +
                   row["open"], row["deliveries"])


def check_facts(diff, lines, truth):
    """One object for each delivery line, and not one more."""
    got = {}
    for line in lines:
        fact = json.loads(line)
        if fact["type"] != "delivery":
            continue
        outcome, hop = fact["outcome"], fact["hop"]
        if outcome in ("suspended", "probe", "discarded"):
            got[outcome] = got.get(outcome, 0) + 1
        elif outcome == "expired" and "recipient" not in fact:
            name = "expired_without_recipient"
            got[name] = got.get(name, 0) + 1
        else:
            by_hop = got.setdefault(hop, {})
            by_hop[outcome] = by_hop.get(outcome, 0) + 1
        got["total"] = got.get("total", 0) + 1
    for name, want in truth["facts"].items():
        if isinstance(want, dict):
            for outcome, count in want.items():
                diff.check(f"facts {name} {outcome}",
                           got.get(name, {}).get(outcome, 0), count)
        else:
            diff.check(f"facts {name}", got.get(name, 0), want)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--truth", required=True)
    parser.add_argument("--report")
    parser.add_argument("--facts")
    parser.add_argument("--days", choices=("local", "utc"), default="local")
    options = parser.parse_args()
    diff = Differences()
    with open(options.truth, encoding="utf-8") as file:
        truth = json.load(file)
    if options.report:
        with open(options.report, encoding="utf-8") as file:
            check_report(diff, json.load(file), truth, options.days)
    if options.facts:
        with open(options.facts, encoding="utf-8") as file:
            check_facts(diff, file, truth)
    print(f"{diff.checked} figures compared, {diff.count} differ")
    return 1 if diff.count or not diff.checked else 0


sys.exit(main())
