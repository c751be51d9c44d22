#!/usr/bin/env python3
"""DMARC aggregate reports, made by chance and read by ElementTree, against
what `mxtrend parse` says of them.

    check_dmarc.py make COUNT DIR         COUNT files, plain, gzip or zip
    check_dmarc.py compare DIR FACTS      FACTS: output of mxtrend parse DIR/*
"""
import collections
import gzip
import io
import ipaddress
import json
import os
import random
import sys
import xml.etree.ElementTree as ET
import zipfile
from datetime import datetime, timezone
from xml.sax.saxutils import escape

NEW = "urn:ietf:params:xml:ns:dmarc-2.0"


def element(name, body, prefix):
    return "<%s%s>%s</%s%s>" % (prefix, name, body, prefix, name)


def make_record(chance, e):
    address = chance.choice([
        str(ipaddress.IPv4Address(0xC0000200 + chance.randrange(256))),
        str(ipaddress.IPv6Address((0x20010DB8 << 96) + chance.getrandbits(64))),
    ])
    if chance.random() < 0.2:
        address = address.upper()
    evaluated = [e("disposition", chance.choice(["none", "quarantine", "reject"])),
                 e("dkim", chance.choice(["pass", "fail"])),
                 e("spf", chance.choice(["pass", "fail"]))]
    for _ in range(chance.randrange(3)):
        evaluated.append(e("reason", e("type", chance.choice(["mailing_list", "other"])) +
                           e("comment", escape(chance.choice(["arc=pass", "a & b < c", "x"])))))
    row = [e("source_ip", address), e("count", str(chance.randrange(1, 5000))),
           e("policy_evaluated", "".join(chance.sample(evaluated, len(evaluated))))]
    names = [e("header_from", chance.choice(["example.com", "Sub.Example.com"]))]
    if chance.random() < 0.6:
        names.append(e("envelope_from", chance.choice(["bounce.example.com", ""])))
    if chance.random() < 0.3:
        names.append(e("envelope_to", "example.net"))
    results = []
    for _ in range(chance.randrange(4)):
        results.append(e("dkim", e("domain", "example.com") +
                         e("selector", "s%d" % chance.randrange(9)) +
                         e("result", chance.choice(["pass", "fail", "temperror"]))))
    results.append(e("spf", e("domain", "bounce.example.com") +
                     e("result", chance.choice(["pass", "softfail", "none"]))))
    parts = [e("row", "".join(chance.sample(row, 3))),
             e("identifiers", "".join(chance.sample(names, len(names)))),
             e("auth_results", "".join(results))]
    return e("record", chance.choice(["", "\n  "]).join(chance.sample(parts, 3)))


def make_report(chance, number):
    prefix = chance.choice(["", "", "d:"])

    def e(name, body):
        return element(name, body, prefix)

    begin = 1763856000 + 86400 * chance.randrange(300)
    metadata = [e("org_name", escape("Org & Söhne %d" % number)),
                e("email", "dmarc@provider%d.example" % (number % 7)),
                e("report_id", "id-%d" % number),
                e("date_range", e("begin", str(begin)) + e("end", str(begin + 86399)))]
    policy = [e("domain", "example.com"), e("p", chance.choice(["none", "reject"])),
              e("adkim", "r"), e("pct", str(chance.randrange(101)))]
    if chance.random() < 0.5:
        policy.append(e("sp", "quarantine"))
    parts = [e("report_metadata", "".join(chance.sample(metadata, 4))),
             e("policy_published", "".join(chance.sample(policy, len(policy))))]
    parts += [make_record(chance, e) for _ in range(chance.randrange(1, 12))]
    if chance.random() < 0.3:
        chance.shuffle(parts)
    space = ' xmlns:d="%s"' % NEW if prefix else chance.choice(["", ' xmlns="%s"' % NEW])
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%sfeedback%s>%s</%sfeedback>\n" % (
        prefix, space, chance.choice(["", "\n"]).join(parts), prefix)


def make(count, folder):
    chance = random.Random(20261123)
    os.makedirs(folder)
    for number in range(count):
        data = make_report(chance, number).encode()
        kind = chance.choice(["xml", "gz", "zip"])
        if kind == "gz":
            data = gzip.compress(data)
        elif kind == "zip":
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("report.xml", data)
            data = out.getvalue()
        with open(os.path.join(folder, "%04d.%s" % (number, kind)), "wb") as file:
            file.write(data)


def plain(path):
    data = open(path, "rb").read()
    if path.endswith(".gz"):
        return gzip.decompress(data)
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read("report.xml")
    return data


def strip(tree):
    for node in tree.iter():
        node.tag = node.tag.rpartition("}")[2]
    return tree


def put(row, key, node, fold=str):
    if node is not None and node.text:
        row[key] = fold(node.text)


def results(record, kind, keys):
    rows = []
    for node in record.findall("auth_results/" + kind):
        row = {}
        for key in keys:
            put(row, key, node.find(key))
        rows.append(row)
    return rows


def expected(path):
    root = strip(ET.fromstring(plain(path)))
    head = {"type": "dmarc", "file": path}
    put(head, "reporter", root.find("report_metadata/org_name"))
    put(head, "email", root.find("report_metadata/email"))
    put(head, "report_id", root.find("report_metadata/report_id"))
    for key in ("begin", "end"):
        seconds = int(root.find("report_metadata/date_range/" + key).text)
        head[key] = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    put(head, "policy_domain", root.find("policy_published/domain"))
    for key in ("p", "sp", "adkim"):
        put(head, key, root.find("policy_published/" + key))
    put(head, "pct", root.find("policy_published/pct"), int)
    rows = []
    for record in root.findall("record"):
        row = dict(head)
        put(row, "source_ip", record.find("row/source_ip"),
            lambda text: ipaddress.ip_address(text).compressed)
        put(row, "count", record.find("row/count"), int)
        for key in ("disposition", "dkim", "spf"):
            put(row, key, record.find("row/policy_evaluated/" + key))
        reasons = [{key: node.find(key).text for key in ("type", "comment")}
                   for node in record.findall("row/policy_evaluated/reason")]
        if reasons:
            row["override_reasons"] = reasons
        put(row, "header_from", record.find("identifiers/header_from"), str.lower)
        put(row, "envelope_to", record.find("identifiers/envelope_to"))
        sender = record.find("identifiers/envelope_from")
        if sender is not None:
            row["envelope_from"] = sender.text or ""
        for kind, keys in (("dkim", ("domain", "selector", "result")),
                           ("spf", ("domain", "result"))):
            found = results(record, kind, keys)
            if found:
                row[kind + "_results"] = found
        rows.append(row)
    return rows


def compare(folder, facts):
    found = collections.defaultdict(list)
    for line in open(facts, encoding="utf-8"):
        row = json.loads(line)
        row.pop("provider", None)
        found[row["file"]].append(row)
    wrong = 0
    names = sorted(os.listdir(folder))
    for name in names:
        path = os.path.join(folder, name)
        want, got = expected(path), found[path]
        if want != got:
            wrong += 1
            if wrong <= 3:
                print("%s:\n  want %s\n  got  %s" % (path, want, got))
    print("%d reports %s" % (wrong or len(names), "differ" if wrong else "agree"))
    return wrong != 0


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    sys.exit(compare(sys.argv[2], sys.argv[3]))
