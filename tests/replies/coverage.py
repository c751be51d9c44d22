#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Are the known codes and texts, and the known providers, covered?

facts-codes.tsv: a text that providers are known to write (a pattern, with its
codes and what public sources say it means), a sample of it, and what the
rules make of the sample. Where that is not what the fact says, a note says
why. Each must be decided by words or by the provider's own rule, but for the
facts about codes themselves.
facts-providers.tsv: MX suffixes and domains of each provider; each leads to
its key, and each key has rules of its own or stands in a line
"# no own rules:" of a rule file.

usage: coverage.py MXTREND RULE_DIR [codes|providers]"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MXTREND, RULES = sys.argv[1:3]
# The facts' older names for reasons.
NAMES = {"ip-blocklist": "ip-block", "ip-range": "ip-block",
         "ptr-missing": "ptr", "helo-invalid": "helo", "tls-required": "tls",
         "auth-required-missing": "auth-missing",
         "message-too-large": "size"}


def rows(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#")]


def classify(questions):
    done = subprocess.run([MXTREND, "classify", "-f", "json"], check=True,
                          input="".join(json.dumps(q) + "\n"
                                        for q in questions),
                          capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_about_codes(fragment):
    return re.match(r"(bare |x\.\d)", fragment) is not None


def codes():
    facts = rows("facts-codes.tsv")
    questions = []
    for provider, _, _, _, speaker, sample, *_ in facts:
        question = {"reply": sample}
        if provider != "generic":
            question["provider"] = provider
        if speaker == "own":
            question["said_by"] = "own"
        questions.append(question)
    for fact, answer in zip(facts, classify(questions)):
        provider, fragment, _, reason, _, sample, want, note = fact
        got, rule = answer["reason"], answer.get("rule", "")
        if not is_about_codes(fragment) and \
                not re.search(fragment, sample, re.I):
            print(f"{provider}: no sample of {fragment}: {sample}")
        if got != want:
            print(f"{provider}: {fragment}: {got} by {rule} in place of "
                  f"{want}: {sample}")
        if want != NAMES.get(reason, reason) and note == "-":
            print(f"{provider}: {fragment}: {want} is not {reason}, no note")
        if re.match(r"(code|dsn)-", rule) and note == "-" and \
                not is_about_codes(fragment):
            print(f"{provider}: {fragment}: only by its code, {rule}")
    print(f"{len(facts)} known texts")


def rule_keys():
    own, without = set(), set()
    for name in os.listdir(RULES):
        if not name.endswith(".rules"):
            continue
        with open(os.path.join(RULES, name), encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if line.startswith("# no own rules:"):
                    without.update(words[4:])
                elif words[:1] == ["provider"]:
                    own.update(words[1:])
                elif words[:2] == ["default", "provider"]:
                    own.update(words[2:])
    return own, without


def providers_of_domains(domains):
    """Deliveries that never reached an MX."""
    with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
        for number, domain in enumerate(domains, 1):
            log.write(f"Nov 20 10:00:01 mail postfix/smtp[1]: {number:010X}: "
                      f"to=<u@{domain}>, relay=none, delay=1, "
                      "delays=0/0/0/1, dsn=4.4.1, status=deferred "
                      "(Connection timed out)\n")
        log.flush()
        done = subprocess.run(
            [MXTREND, "--utc", "--now", "2026-11-21", "parse", log.name],
            capture_output=True, check=True, text=True)
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    return {fact["domain"]: fact["provider"] for fact in facts}


def providers():
    own, without = rule_keys()
    facts = rows("facts-providers.tsv")
    questions, wanted, domains = [], [], {}
    for key, suffixes, recipient_domains, _ in facts:
        if key not in own and key not in without:
            print(f"{key}: neither rules nor a word why not")
        if key in own and key in without:
            print(f"{key}: has rules and is said to have none")
        for suffix in suffixes.split(","):
            if suffix != "-":
                for host in (suffix, "mx1." + suffix):
                    questions.append({"reply": "550 x", "mx": host})
                    wanted.append((key, host))
        for domain in recipient_domains.split(","):
            if domain != "-":
                domains[domain] = key
    for (key, host), answer in zip(wanted, classify(questions)):
        if answer.get("provider") != key:
            print(f"{host}: {answer.get('provider')} in place of {key}")
    found = providers_of_domains(sorted(domains))
    for domain, key in sorted(domains.items()):
        if found.get(domain) != key:
            print(f"{domain}: {found.get(domain)} in place of {key}")
    print(f"{len(facts)} providers, {len(questions)} hosts, "
          f"{len(domains)} domains")


{"codes": codes, "providers": providers}[sys.argv[3]]()
