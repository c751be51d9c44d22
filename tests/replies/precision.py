#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How often the rules are right about replies that people labelled.

usage: precision.py check MXTREND    fails when it got worse, or is too bad
       precision.py write MXTREND    writes CONFUSION.md anew
       precision.py wrong MXTREND    the replies that are answered wrongly
"""
import collections
import hashlib
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "CONFUSION.md")
MIN_PRECISION = 95.0      # per cent of the answers given
MAX_UNCLASSIFIED = 5.0    # per cent of the replies
MIN_REPLIES = 550
NONE = "unclassified"

Reply = collections.namedtuple(
    "Reply", "set source provider stage text reason token")


def read_replies():
    replies, name = [], "first"
    with open(os.path.join(HERE, "replies.tsv"), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("# set "):
                name = line[6:]
            elif line and not line.startswith("#"):
                replies.append(Reply(name, *line.split("\t")[:6]))
    return replies


def read_first_runs():
    with open(os.path.join(HERE, "first-runs.tsv"), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#")]


def ask(mxtrend, replies):
    """The answers, one object each; the context goes with every reply."""
    questions = []
    for reply in replies:
        question = {"reply": reply.text}
        if reply.provider != "-":
            question["provider"] = reply.provider
        if reply.stage == "own":  # the words of our own MTA
            question["said_by"] = "own"
        elif reply.stage != "-":
            question["stage"] = reply.stage
        questions.append(json.dumps(question))
    done = subprocess.run([mxtrend, "classify", "-f", "json"], check=False,
                          input="\n".join(questions) + "\n",
                          capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(replies):
        sys.exit(f"classify: status {done.returncode}, {len(answers)} answers"
                 f" for {len(replies)} replies\n{done.stderr[:2000]}")
    return answers


def half(reply):
    """Rules may be bettered by looking at half a; half b is only counted."""
    return "ab"[hashlib.sha256(reply.text.encode()).digest()[0] & 1]


class Figures:
    def __init__(self):
        self.replies = self.right = self.wrong = self.unclassified = 0
        self.tokens = self.tokens_right = 0

    def add(self, reply, answer):
        self.replies += 1
        if answer["reason"] == reply.reason:
            self.right += 1
        elif answer["reason"] == NONE:
            self.unclassified += 1
        else:
            self.wrong += 1
        if reply.token != "-":
            self.tokens += 1
            self.tokens_right += answer.get("token") == reply.token

    def precision(self):
        return 100.0 * self.right / max(1, self.right + self.wrong)

    def share_unclassified(self):
        return 100.0 * self.unclassified / max(1, self.replies)

    def row(self, name):
        return (f"| {name} | {self.replies} | {self.right} | {self.wrong} | "
                f"{self.unclassified} | {self.precision():.1f} % | "
                f"{self.share_unclassified():.1f} % | "
                f"{self.tokens_right} of {self.tokens} |")


def count(replies, answers):
    parts = collections.OrderedDict()
    names = ["all"] + list(dict.fromkeys(f"set {r.set}" for r in replies)) + \
        ["half a", "half b"]
    for name in names:
        parts[name] = Figures()
    for reply, answer in zip(replies, answers):
        for name in ("all", f"set {reply.set}", f"half {half(reply)}"):
            parts[name].add(reply, answer)
    return parts


HEAD = """# How often the rules are right

Made by `python3 tests/replies/precision.py write build/mxtrend`; `make check`
fails when a figure of the first table gets worse, when the precision of the
answers falls below 95 %, when more than 5 % are unclassified, or when this
page is not what the rules say today. README.md tells where the replies come
from, how they were labelled and what the halves are.

## Now

| replies | number | right | wrong | unclassified | precision of answers | unclassified | tokens right |
|---|---:|---:|---:|---:|---:|---:|---:|
"""
FIRST = """
## At first sight

What each set gave before any rule was written or changed with it in view: the
figure to expect of replies that nobody has seen yet.

| set | replies | right | wrong | unclassified | precision of answers |
|---|---:|---:|---:|---:|---:|
"""
CONFUSION = """
## Confusion

| label | replies | right | answered otherwise |
|---|---:|---:|---|
"""


def page(replies, answers):
    text = HEAD
    for name, figures in count(replies, answers).items():
        text += figures.row(name) + "\n"
    text += FIRST
    for name, number, right, wrong, unclassified in read_first_runs():
        share = 100.0 * int(right) / (int(right) + int(wrong))
        text += (f"| {name} | {number} | {right} | {wrong} | {unclassified} |"
                 f" {share:.1f} % |\n")
    text += CONFUSION
    cells = collections.defaultdict(collections.Counter)
    for reply, answer in zip(replies, answers):
        cells[reply.reason][answer["reason"]] += 1
    for reason in sorted(cells):
        row = cells[reason]
        others = ", ".join(f"{name} {number}" for name, number
                           in sorted(row.items()) if name != reason)
        text += (f"| {reason} | {sum(row.values())} | {row[reason]} | "
                 f"{others or '-'} |\n")
    return text


def stored_figures():
    """right, wrong, unclassified, tokens right of the row "all"."""
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) > 8 and cells[1] == "all":
                return (*map(int, cells[3:6]), int(cells[8].split()[0]))
    sys.exit(f"{TABLE}: no row of all replies")


def check(replies, answers):
    now = count(replies, answers)["all"]
    right, wrong, unclassified, tokens = stored_figures()
    faults = []
    if now.replies < MIN_REPLIES:
        faults.append(f"only {now.replies} replies")
    if now.precision() < MIN_PRECISION:
        faults.append(f"precision {now.precision():.1f} %")
    if now.share_unclassified() > MAX_UNCLASSIFIED:
        faults.append(f"{now.share_unclassified():.1f} % unclassified")
    if now.right < right:
        faults.append(f"{now.right} right, were {right}")
    if now.wrong > wrong:
        faults.append(f"{now.wrong} wrong, were {wrong}")
    if now.unclassified > unclassified:
        faults.append(f"{now.unclassified} unclassified, "
                      f"were {unclassified}")
    if now.tokens_right < tokens:
        faults.append(f"{now.tokens_right} tokens right, were {tokens}")
    with open(TABLE, encoding="utf-8") as file:
        if not faults and file.read() != page(replies, answers):
            faults.append("CONFUSION.md is old: precision.py write makes it")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def show_wrong(replies, answers):
    for reply, answer in zip(replies, answers):
        is_token = reply.token == "-" or answer.get("token") == reply.token
        if answer["reason"] != reply.reason or not is_token:
            print(f"want {reply.reason} {reply.token}, "
                  f"got {answer['reason']} {answer.get('token', '-')} "
                  f"by {answer.get('rule', '-')}\t{half(reply)}\t"
                  f"{reply.set}\t{reply.provider}\t{reply.stage}\t"
                  f"{reply.text}")


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "write", "wrong"):
        sys.exit(__doc__)
    replies = read_replies()
    answers = ask(sys.argv[2], replies)
    if sys.argv[1] == "check":
        return check(replies, answers)
    if sys.argv[1] == "wrong":
        show_wrong(replies, answers)
        return 0
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write(page(replies, answers))
    return 0


sys.exit(main())
