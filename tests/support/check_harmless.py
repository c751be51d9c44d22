#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Outputs that were made of hostile texts: nothing may reach a terminal, a
cell, a page or a parser raw. What is harmful is said here from the formats'
own specifications, not from the program. usage: check_harmless.py FILE...
The name's extension says what to hold it against. Prints what is wrong."""
import csv
import html.parser
import io
import json
import re
import sys
import xml.etree.ElementTree
import zipfile

problems = []
# C0 but line feed, DEL, C1, bidirectional controls, separators,
# noncharacters, BOM.
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e"
                     "\u2066-\u2069\ufeff\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?\d+(\.\d+)?$")
ELEMENTS = set("html head meta title style body header h1 h2 h3 p ul li span b "
               "small section article blockquote bdi div table thead tbody "
               "tfoot tr th td i figure figcaption svg text line rect g path "
               "circle details summary footer code br dl dt dd a desc".split())
ATTRIBUTES = set("lang charset http-equiv content name class scope title role "
                 "aria-label viewbox x y x1 y1 x2 y2 cx cy r d width height "
                 "text-anchor colspan".split())


def wrong(path, what):
    problems.append(f"{path}: {what}"[:300])


def decoded(path, data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong(path, error)
        return ""
    hit = HARMFUL.search(text)
    if hit:
        wrong(path, f"{hit.group()!r} in {text[hit.start() - 30:hit.end()]!r}")
    return text


def check_text(path, data):
    decoded(path, data)
    if b"ascii" in path.encode() and re.search(rb"[^\n\x20-\x7e]", data):
        wrong(path, "not ASCII")


def strict(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key twice in {keys}")
    return dict(pairs)


def check_json(path, data):
    for line in decoded(path, data).splitlines() if \
            path.endswith("jsonl") else [data.decode("utf-8")]:
        json.loads(line, object_pairs_hook=strict)


def check_cells(path, rows):
    if len(rows) < 2 or len({len(row) for row in rows}) != 1:
        wrong(path, f"{len(rows)} rows of {({len(row) for row in rows})}")
    for row in rows:
        for cell in row:
            if cell.lstrip(" ").startswith(FORMULA) and \
                    not NUMBER.match(cell):
                wrong(path, f"formula {cell[:60]!r}")


def check_csv(path, data):
    text = data.decode("utf-8")
    # a tab within a value is a blank
    if HARMFUL.search(text.replace("\r\n", "\n").replace("\t", " ")):
        wrong(path, "control characters")
    check_cells(path, list(csv.reader(io.StringIO(text, newline=""),
                                      strict=True)))


def check_tsv(path, data):
    text = data.decode("utf-8")
    if HARMFUL.search(text.replace("\t", " ")):
        wrong(path, "control characters")
    check_cells(path, [line.split("\t") for line in text.split("\n")[:-1]])


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS:
            wrong(self.path, f"element {tag}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                wrong(self.path, f"attribute {name}={value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data):
        wrong(self.path, f"comment {data[:40]!r}")


def check_html(path, data):
    text = decoded(path, data)
    Page(path).feed(text)
    if "default-src 'none'" not in text:
        wrong(path, "no content security policy")


def check_xlsx(path, data):
    book = zipfile.ZipFile(io.BytesIO(data))
    for name in book.namelist():
        part = book.read(name)
        if re.search(r"vba|externalLink|macro|embed", name, re.I):
            wrong(path, name)
        tree = xml.etree.ElementTree.fromstring(part)
        for node in tree.iter():
            tag = node.tag.split("}")[-1]
            if tag in ("hyperlink", "ddeLink", "oleObject"):
                wrong(path, f"{name}: {tag}")
            if tag == "f" and re.search(r"cmd|HYPERLINK|A0|\|", node.text):
                wrong(path, f"{name}: formula {node.text[:60]}")
            for text in [node.text or ""] + list(node.attrib.values()):
                # a line feed is a cell's own
                if HARMFUL.search(text.replace("\n", "")):
                    wrong(path, f"{name}: {text[:60]!r}")


def check_prom(path, data):
    sample = re.compile(
        r'[a-z_]+(\{([a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? '
        r"[-+0-9.e]+$")
    for line in decoded(path, data).split("\n")[:-1]:
        if not line.startswith(("# HELP mxtrend_", "# TYPE mxtrend_")) and \
                not sample.match(line):
            wrong(path, f"no sample: {line[:80]!r}")


def main():
    checks = {"txt": check_text, "json": check_json, "jsonl": check_json,
              "csv": check_csv, "tsv": check_tsv, "html": check_html,
              "xlsx": check_xlsx, "prom": check_prom}
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            data = file.read()
        if len(data) < 40:
            wrong(path, f"only {len(data)} bytes")
        try:
            checks[path.rsplit(".", 1)[1]](path, data)
        except (ValueError, csv.Error, zipfile.BadZipFile,
                xml.etree.ElementTree.ParseError) as error:
            wrong(path, error)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())
