#!/usr/bin/env python3
"""The reports and the peers of the bench's rows on DMARC reports.

    dmarc_reports.py make COUNT DIR   COUNT gzipped reports, the same each time
    dmarc_reports.py sums DIR         gzip and ElementTree: messages by source
                                      address and disposition, and their sum
    dmarc_reports.py rows DIR         the same two: every row as one JSON
                                      object a line, as mxtrend parse
"""
import collections
import gzip
import json
import os
import random
import sys
import xml.etree.ElementTree as ET
from datetime import datetime, timezone

RECORD = """  <record>
    <row>
      <source_ip>%s</source_ip>
      <count>%d</count>
      <policy_evaluated>
        <disposition>%s</disposition>
        <dkim>%s</dkim>
        <spf>%s</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>%s</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>%s</domain>
        <result>%s</result>
        <selector>s%d</selector>
      </dkim>
      <spf>
        <domain>%s</domain>
        <result>%s</result>
      </spf>
    </auth_results>
  </record>
"""

REPORT = """<?xml version="1.0" encoding="UTF-8" ?>
<feedback>
  <report_metadata>
    <org_name>provider%d.example</org_name>
    <email>noreply-dmarc@provider%d.example</email>
    <extra_contact_info>https://provider%d.example/dmarc</extra_contact_info>
    <report_id>%d</report_id>
    <date_range>
      <begin>%d</begin>
      <end>%d</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>reject</p>
    <sp>reject</sp>
    <pct>100</pct>
    <np>reject</np>
  </policy_published>
%s</feedback>
"""


def record(chance):
    good = chance.random() < 0.9
    word = "pass" if good else "fail"
    domain = chance.choice(["example.com", "news.example.com", "shop.example.com"])
    return RECORD % (
        "192.0.2.%d" % chance.randrange(40) if good else
        "2001:db8:%x::%x" % (chance.randrange(65536), chance.randrange(65536)),
        chance.randrange(1, 2000), "none" if good else "reject", word, word,
        domain, domain, word, chance.randrange(3), "bounce." + domain,
        "pass" if good else "softfail")


def make(count, folder):
    chance = random.Random(20261126)
    os.makedirs(folder)
    for number in range(count):
        # most reports are small, a few of them large
        rows = int(chance.paretovariate(1.0))
        body = "".join(record(chance) for _ in range(min(rows, 400)))
        org = number % 60
        begin = 1763856000 + 86400 * (number // 60 % 300)
        data = REPORT % (org, org, org, number, begin, begin + 86399, body)
        name = "provider%d.example!example.com!%d!%d!%d.xml.gz" % (
            org, begin, begin + 86399, number)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(gzip.compress(data.encode(), mtime=0))


def roots(folder):
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        with gzip.open(entry.path) as file:
            yield entry.path, ET.parse(file).getroot()


def sums(folder):
    totals = collections.Counter()
    for _, root in roots(folder):
        for row in root.iterfind("record/row"):
            totals[row.findtext("source_ip"),
                   row.findtext("policy_evaluated/disposition")] += int(row.findtext("count"))
    print(sum(totals.values()), len(totals))


def texts(node, names):
    return {name: node.findtext(name) for name in names if node.findtext(name)}


def head(path, root):
    fact = {"type": "dmarc", "file": path,
            "reporter": root.findtext("report_metadata/org_name")}
    fact.update(texts(root.find("report_metadata"), ("report_id", "email")))
    for name in "begin", "end":
        seconds = int(root.findtext("report_metadata/date_range/" + name))
        fact[name] = datetime.fromtimestamp(seconds, timezone.utc).isoformat()
    policy = root.find("policy_published")
    fact["policy_domain"] = policy.findtext("domain")
    fact.update(texts(policy, ("p", "sp", "np", "adkim", "aspf")))
    fact["pct"] = int(policy.findtext("pct"))
    return fact


def rows(folder):
    for path, root in roots(folder):
        common = head(path, root)
        for record in root.iterfind("record"):
            fact = dict(common, source_ip=record.findtext("row/source_ip"),
                        count=int(record.findtext("row/count")))
            fact.update(texts(record.find("row/policy_evaluated"), ("disposition", "dkim", "spf")))
            fact.update(texts(record.find("identifiers"), ("header_from",)))
            fact["dkim_results"] = [texts(node, ("domain", "selector", "result"))
                                    for node in record.iterfind("auth_results/dkim")]
            fact["spf_results"] = [texts(node, ("domain", "scope", "result"))
                                   for node in record.iterfind("auth_results/spf")]
            print(json.dumps(fact, ensure_ascii=False))


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
elif sys.argv[1] == "sums":
    sums(sys.argv[2])
else:
    rows(sys.argv[2])
