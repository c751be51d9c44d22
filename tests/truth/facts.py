#!/usr/bin/env python3
"""mxtrend parse of X.log against X.facts: facts.py MXTREND X.facts

Each line of X.facts is a fact with the keys that the log itself decides; what
rules and providers say of it is tested elsewhere. A fact that lacks a key
wants it absent. Facts of the same line may come in any order."""
import json
import subprocess
import sys

JUDGED = {"provider", "reason", "scope", "severity", "token", "tokens",
          "rule", "source_ip", "source_ip_from", "file"}
PER_MESSAGE = {"instance", "agent", "sender", "size", "hop"}


def facts_of(mxtrend, log):
    run = subprocess.run(
        [mxtrend, "--now=2026-11-23T12:00:00Z", "--log-tz=Europe/Berlin",
         "parse", "--skipped", log], capture_output=True, text=True,
        check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def plain(fact):
    """What is compared; expiry is told for a message, not for an attempt."""
    away = set() if fact["type"] == "skipped" else set(JUDGED)
    away.add("file")
    if fact.get("outcome") == "expired":
        away |= PER_MESSAGE
    return {key: value for key, value in fact.items() if key not in away}


def in_order(facts):
    return sorted((plain(fact) for fact in facts),
                  key=lambda fact: (fact["line"], fact.get("recipient", "")))


def main():
    mxtrend, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        want = in_order(json.loads(line) for line in file)
    got = in_order(facts_of(mxtrend, path[:-len(".facts")] + ".log"))
    for one, other in zip(got, want):
        if one != other:
            print("line %d" % other["line"])
            for key in sorted(set(one) | set(other)):
                if one.get(key) != other.get(key):
                    print("  %s: got %r, want %r"
                          % (key, one.get(key), other.get(key)))
    if len(got) != len(want):
        print("%d facts, want %d" % (len(got), len(want)))
    return got != want


sys.exit(main())
