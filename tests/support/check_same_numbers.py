#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Text, CSV, TSV, HTML and Prometheus against the JSON of the same report.
usage: check_same_numbers.py DIR, with report.json, report.txt (made with
--top 100000), report.html (the same), report.prom, TABLE.csv and TABLE.tsv.
The workbook has a program of its own, tests/xlsx/check_xlsx.py."""
import csv
import html.parser
import json
import os
import re
import sys

problems = []


def expect(what, got, want):
    if got != want:
        problems.append(f"{what}: {got!r}, JSON says {want!r}"[:300])


def flat(value, prefix=""):
    """{"attempts": {"accepted": 1}} as {"attempts_accepted": "1"}."""
    cells = {}
    for key, part in value.items():
        if isinstance(part, dict):
            cells.update(flat(part, prefix + key + "_"))
        elif isinstance(part, bool):
            cells[prefix + key] = "true" if part else "false"
        elif isinstance(part, float):
            cells[prefix + key] = repr(part)
        elif not isinstance(part, list):
            cells[prefix + key] = str(part)
    return cells


def plain(cell):
    """Without the guard against formulas."""
    return cell[1:] if re.match(r"'\s*[-=+@\t\r]", cell) else cell


def check_tables(where, document):
    for name in os.listdir(where):
        table, kind = name.rsplit(".", 1)
        if kind not in ("csv", "tsv") or table == "report":
            continue
        with open(os.path.join(where, name), encoding="utf-8",
                  newline="") as file:
            if kind == "csv":
                rows = list(csv.reader(file))
            else:
                rows = [line.split("\t") for line in
                        file.read().split("\n")[:-1]]
        want = [document["totals"]] if table == "totals" else \
            document["window"]["days"] if table == "days" else \
            document[table]
        expect(f"{name}: rows", len(rows) - 1, len(want))
        for row, one in zip(rows[1:], want):
            cells = flat(one)
            for key, cell in zip(rows[0], row):
                if key == "sample" or isinstance(one.get(key), list):
                    continue # escaped, or a list in one cell
                expect(f"{name}: {key}", plain(cell), cells.get(key, ""))


def numbers(text):
    return [int(number) for number in re.findall(r"\d+", text)]


def check_text(where, document):
    with open(os.path.join(where, "report.txt"), encoding="utf-8") as file:
        text = file.read()
    totals = document["totals"]
    found = re.search(r"^TOTALS +((?:.|\n)*?)\n(?:BEFORE|\n)", text, re.M)
    words = re.sub(r"\([^)]*\)", "", found.group(1))
    expect("text: totals", numbers(words), [totals[key] for key in (
        "deliveries", "messages", "accepted", "bounced", "expired", "open",
        "deferred", "blocked")])
    header = re.search(r"^PROVIDER .*$", text, re.M).group(0).split()
    keys = {"deliv": "deliveries", "accept": "accepted", "defer": "deferred",
            "block": "blocked", "open": "open"}
    for one in document["providers"]:
        name = one.get("name", one["provider"])
        row = re.search(r"^" + re.escape(name) + r"\n? +(\d.*)$", text, re.M)
        if row is None:
            problems.append(f"text: no row for {name}")
            continue
        cells = dict(zip(header[1:], row.group(1).split()))
        for column, key in keys.items():
            if column in cells:
                expect(f"text: {name} {column}", cells[column],
                       str(one[key]))
        if "refuse" in cells:
            expect(f"text: {name} refuse", cells["refuse"],
                   str(one["bounced"] + one["expired"]))
    expect("text: check", "holds" in text, True)
    for one in document["episodes"]:
        expect(f"text: episode {one['id']}", re.search(
            f"#{one['id']} (?:.|\n)*? {one['attempts']} attempts?, "
            f"{one['messages']} messages?(?:,\\s+{one['recipients']} "
            "recipients? refused|\\s+refused;\\s+else\\s+as\\s+#)", text)
               is not None, True)


class Tables(html.parser.HTMLParser):
    """Every table's rows as lists of texts, by the heading before it."""

    def __init__(self):
        super().__init__()
        self.tables, self.heading, self.at = {}, "", None

    def handle_starttag(self, tag, attrs):
        if tag == "h2":
            self.heading, self.at = "", "heading"
        elif tag == "tr":
            self.tables.setdefault(self.heading, []).append([])
        elif tag in ("td", "th") and self.heading in self.tables:
            self.tables[self.heading][-1].append("")
            self.at = "cell"

    def handle_endtag(self, tag):
        if tag in ("h2", "td", "th"):
            self.at = None

    def handle_data(self, data):
        if self.at == "heading":
            self.heading += data
        elif self.at == "cell":
            self.tables[self.heading][-1][-1] += data


def check_html(where, document):
    page = Tables()
    with open(os.path.join(where, "report.html"), encoding="utf-8") as file:
        page.feed(file.read())
    for heading, key, name in (("Providers", "providers", "name"),
                               ("Sources", "sources", "source_ip"),
                               ("Recipient domains", "domains", "domain")):
        rows = page.tables[heading]
        by_name = {row[0]: dict(zip(rows[0], row)) for row in rows[1:]}
        for one in document[key]:
            row = by_name.get(one.get(name, one.get("source")))
            if row is None:
                problems.append(f"html: no {one.get(name)} in {heading}")
                continue
            for title, want in (
                    ("Deliveries", one["deliveries"]),
                    ("Accepted", one["accepted"]),
                    ("Deferred", one["deferred"]),
                    ("Refused", one["bounced"] + one["expired"]),
                    ("Open", one["open"]), ("Blocked", one["blocked"])):
                expect(f"html: {one.get(name)} {title}", row[title],
                       f"{want:,}")
    check_remarks(where, document, page)


def check_remarks(where, document, page):
    """Every remark in full; where it concerns an episode, in its card too."""
    with open(os.path.join(where, "report.txt"), encoding="utf-8") as file:
        text = " ".join(file.read().split())
    rows = page.tables.get("Remarks", [[]])[1:]
    expect("html: remarks", len(rows), len(document["annotations"]))
    for row, one in zip(rows, document["annotations"]):
        expect("html: remark", row[1:], [one.get(key, "") for key in (
            "provider", "source_ip", "kind", "text")])
        expect("text: remark", " ".join(
            (one["kind"] + ": " + one["text"]).split()) in text, True)


def check_prom(where, document):
    sums = {}
    with open(os.path.join(where, "report.prom"), encoding="utf-8") as file:
        for line in file:
            found = re.match(r"(\w+)(?:\{(.*)\})? (\S+)$", line)
            if not found:
                continue
            labels = dict(re.findall(r'(\w+)="([^"]*)"', found.group(2) or ""))
            key = (found.group(1), labels.get("outcome"))
            sums[key] = sums.get(key, 0) + float(found.group(3))
    totals = document["totals"]
    for outcome in ("accepted", "bounced", "expired", "open"):
        expect(f"prom: {outcome}", sums["mxtrend_deliveries", outcome],
               totals[outcome])
    for outcome in ("accepted", "deferred", "bounced"):
        expect(f"prom: attempts {outcome}",
               sums["mxtrend_attempts", outcome], totals["attempts"][outcome])
    expect("prom: blocked", sums["mxtrend_blocked_deliveries", None],
           totals["blocked"])
    expect("prom: deferred", sums["mxtrend_deferred_deliveries", None],
           totals["deferred"])


def check_identity(document):
    """Deliveries = accepted + bounced + expired + open, in every row."""
    rows = [document["totals"]] + document["providers"] + \
        document["sources"] + document["pairs"] + document["domains"]
    for one in rows:
        expect("identity", one["accepted"] + one["bounced"] +
               one["expired"] + one["open"], one["deliveries"])
    attempts = document["totals"]["attempts"]
    failed = attempts["deferred"] + attempts["bounced"]
    expect("failed attempts", document["failed_attempts"], failed)
    for key in ("reasons", "replies"):
        expect(f"attempts of {key}", sum(
            one["attempts"] for one in document[key]), failed)
    for key, rows in document.items():
        for one in rows if isinstance(rows, list) else ():
            # local and internal hops have totals of their own
            expect(f"hop in {key}", one.get("provider", "")[:1] == ":", False)
    for key in ("providers", "sources", "pairs", "domains"):
        expect(f"sum of {key}",
               sum(one["deliveries"] for one in document[key]),
               document["totals"]["deliveries"])


def main():
    where = sys.argv[1]
    with open(os.path.join(where, "report.json"), encoding="utf-8") as file:
        document = json.load(file)
    check_identity(document)
    check_tables(where, document)
    check_text(where, document)
    check_html(where, document)
    check_prom(where, document)
    print("\n".join(problems[:40]), end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())
