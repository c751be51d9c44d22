#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every rule that says where a reply quotes our own address, on its own
examples, as Postfix would log them: the address must come out, IPv4 and IPv6,
as it does for the rule's provider; and only when it can be ours.

usage: own_ip.py MXTREND RULE_DIR"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

MXTREND, RULES = sys.argv[1:3]
V4 = re.compile(r"\b192\.0\.2\.\d+\b")
V6 = "2001:db8::25"
COMMAND = {"mail": "MAIL FROM command", "rcpt": "RCPT TO command",
           "data": "DATA command", "eod": "end of DATA command",
           "ehlo": "EHLO command", "starttls": "STARTTLS command",
           "auth": "AUTH command", "": "RCPT TO command"}
Case = collections.namedtuple("Case", "rule provider stage text want")


def mx_of():
    """A host below the first MX suffix of each provider."""
    hosts = {}
    with open(os.path.join(RULES, "providers.tsv"), encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if not line.startswith("#") and cells[0] != "key":
                suffix = cells[3].split(",")[0].replace("*", "x")
                hosts[cells[0]] = "" if suffix == "-" else "mx." + suffix
    return hosts


def rules():
    """(id, providers, examples) of every remote rule with own-ip."""
    for name in sorted(os.listdir(RULES)):
        if not name.endswith(".rules"):
            continue
        with open(os.path.join(RULES, name), encoding="utf-8") as file:
            lines = file.read().split("\n")
        default, rule = [], None
        for line in lines + ["rule end"]:
            key, _, value = line.partition(" ")
            if key in ("rule", "default") and rule and rule["own-ip"]:
                yield rule["id"], rule["providers"], rule["examples"]
            if key == "rule":
                rule = {"id": value, "providers": default, "examples": [],
                        "own-ip": False}
            elif key == "default":
                rule = None
                if value.startswith("provider"):
                    default = keys_of(value.partition(" ")[2])
            elif key == "provider":
                rule["providers"] = keys_of(value)
            elif key == "own-ip":
                rule["own-ip"] = True
            elif key == "=":
                rule["examples"].append(value)


def keys_of(value):
    return [word for word in value.split() if word != "*"]


def cases():
    for rule, providers, examples in rules():
        for text in examples:
            stage = ""
            if text.startswith("@"):
                stage, text = text[1:].split(" ", 1)
            addresses = sorted(set(V4.findall(text)))
            if len(addresses) == 1 and text[0] in "45":
                provider = providers[0] if providers else ""
                yield Case(rule, provider, stage, text, addresses[0])
                yield Case(rule, provider, stage,
                           V4.sub(V6, text), V6)


def log_line(number, case, hosts):
    host = hosts.get(case.provider) or "mx.example.com"
    said = (f"refused to talk to me: {case.text}" if case.stage == "connect"
            else f"said: {case.text} (in reply to {COMMAND[case.stage]})")
    return (f"Nov 20 10:00:01 mail postfix/smtp[1]: {number:010X}: "
            f"to=<u@example.com>, relay={host}[198.51.100.1]:25, delay=1, "
            f"delays=0/0/0/1, dsn=5.0.0, status=bounced (host {host}"
            f"[198.51.100.1] {said})\n")


def quoted(lines, config):
    """source_ip of every fact, "-" for none, by queue id."""
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "mail.log")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)
        conf = os.path.join(work, "conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(config)
        done = subprocess.run(
            [MXTREND, "-c", conf, "--utc", "--now", "2026-11-21", "parse",
             path], capture_output=True, check=True, text=True)
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    return {fact["id"]: (fact.get("source_ip", "-"),
                         fact.get("source_ip_from", "-"))
            for fact in facts if fact["type"] == "delivery"}


def main():
    hosts, all_cases = mx_of(), list(cases())
    # each line in a log of its own kind of source: the first quote labels it
    lines = [log_line(number, case, hosts)
             for number, case in enumerate(all_cases, 1)]
    found = quoted(lines, "")
    for number, case in enumerate(all_cases, 1):
        got = found.get(f"{number:010X}")
        if got != (case.want, "reply"):
            print(f"{case.rule}: {got} in place of {case.want}: {case.text}")
    # addresses that cannot be ours: the other end's, and inner ones
    for address in ("198.51.100.1", "10.1.2.3", "127.0.0.1", "fe80::1"):
        other = [line.replace("192.0.2.9", address)
                 for line, case in zip(lines, all_cases) if case.want != V6]
        for value in quoted(other, "").values():
            if value[0] == address:
                print(f"{address} is taken for ours")
                break
    # configured addresses: no other can be ours
    found = quoted(lines, "[source-ip]\nout9 = 203.0.113.9\n")
    strange = [value for value in found.values() if value[1] == "reply"]
    print(f"{len(set(c.rule for c in all_cases))} rules, "
          f"{len(set(c.provider for c in all_cases))} providers: "
          f"{len(strange)} addresses of others")
    return 0


sys.exit(main())
