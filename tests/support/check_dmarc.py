#!/usr/bin/env python3
"""DMARC aggregate reports, made by chance and read by ElementTree, against
what `mxtrend parse` says of them.

    check_dmarc.py make COUNT DIR         COUNT files, plain, gzip or zip
    check_dmarc.py compare DIR FACTS      FACTS: output of mxtrend parse DIR/*
"""
import base64
import collections
import email
import gzip
import io
import ipaddress
import json
import os
import random
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from datetime import datetime, timezone
from xml.sax.saxutils import escape

NEW = "urn:ietf:params:xml:ns:dmarc-2.0"


WORDS = {"hardfail": "fail", "invalid": "permerror"}
KNOWN = {"none", "pass", "fail", "policy", "neutral", "softfail", "temperror", "permerror",
         "quarantine", "reject", "mfrom", "helo", "forwarded", "sampled_out",
         "trusted_forwarder", "mailing_list", "local_policy", "other", "policy_test_mode"}


def element(name, body, prefix):
    return "<%s%s>%s</%s%s>" % (prefix, name, body, prefix, name)


# --- what reporters write, with the habits of report-writing programs ----------

def odd_word(chance, word):
    return chance.choice([word] * 6 + [word.capitalize(), word.upper(), " %s\n" % word])


def odd_count(chance):
    count = chance.randrange(1, 5000)
    return chance.choice(["%d"] * 6 + [" %d ", "%d.0", "%06d", "\n%d\t"]) % count


def odd_address(chance):
    if chance.random() < 0.5:
        numbers = [192, 0, 2, chance.randrange(256)]
        plain = ".".join(map(str, numbers))
        return chance.choice([plain] * 6 + [
            "::ffff:" + plain, "[%s]" % plain, " %s " % plain, plain + "/32", plain + ":25",
            ".".join("%03d" % n for n in numbers)])
    address = ipaddress.IPv6Address((0x20010DB8 << 96) + chance.getrandbits(64))
    return chance.choice([str(address)] * 3 + [
        address.exploded, str(address).upper(), "[%s]" % address, "%s/128" % address])


def odd_domain(chance, domain):
    return chance.choice([domain] * 5 + [domain.upper(), domain + ".", " %s " % domain])


def make_evaluated(chance, e, is_new):
    dispositions = ["none", "quarantine", "reject"] + (["pass"] if is_new else [])
    parts = [e("disposition", odd_word(chance, chance.choice(dispositions))),
             e("dkim", odd_word(chance, chance.choice(["pass", "fail"]))),
             e("spf", odd_word(chance, chance.choice(["pass", "fail", "softfail"])))]
    kinds = ["mailing_list", "other", "local_policy", "policy_test_mode" if is_new else "sampled_out", ""]
    for _ in range(chance.randrange(3)):
        parts.append(e("reason", e("type", chance.choice(kinds)) +
                       e("comment", escape(chance.choice(["arc=pass", "a & b < c", "x", ""])))))
    return "".join(chance.sample(parts, len(parts)))


def make_results(chance, e, is_new):
    parts = []
    for _ in range(chance.choice([0, 1, 1, 2, 3, 30])):
        if chance.random() < 0.1:
            parts.append(e("dkim", e("domain", "") + e("result", "")))
            continue
        inside = [e("domain", odd_domain(chance, "example.com")),
                  e("result", odd_word(chance, chance.choice(["pass", "fail", "temperror", "invalid"])))]
        if is_new or chance.random() < 0.5:
            inside.append(e("selector", "s%d" % chance.randrange(9)))
        if chance.random() < 0.2:
            inside.append(e("human_result", "as & if".replace("&", "&amp;")))
        parts.append(e("dkim", "".join(chance.sample(inside, len(inside)))))
    for _ in range(chance.choice([0, 1, 1, 1, 3])):
        inside = [e("domain", odd_domain(chance, "bounce.example.com")),
                  e("result", odd_word(chance, chance.choice(["pass", "softfail", "none", "hardfail"])))]
        if chance.random() < 0.5:
            inside.append(e("scope", "mfrom" if is_new else chance.choice(["mfrom", "helo"])))
        parts.append(e("spf", "".join(chance.sample(inside, len(inside)))))
    return "".join(chance.sample(parts, len(parts)))


def make_record(chance, e, is_new):
    row = [e("source_ip", odd_address(chance)), e("count", odd_count(chance)),
           e("policy_evaluated", make_evaluated(chance, e, is_new))]
    names = [e("header_from", odd_domain(chance, chance.choice(["example.com", "sub.example.com"])))]
    if chance.random() < 0.6:
        names.append(e("envelope_from", chance.choice(["bounce.example.com", ""])))
    if chance.random() < 0.3:
        names.append(e("envelope_to", "example.net"))
    parts = [e("row", "".join(chance.sample(row, 3))),
             e(chance.choice(["identifiers"] * 8 + ["identities"]),
               "".join(chance.sample(names, len(names)))),
             e("auth_results", make_results(chance, e, is_new))]
    if is_new and chance.random() < 0.2:
        parts.append('<x:weight xmlns:x="urn:example">3</x:weight>')
    return e("record", chance.choice(["", "\n  ", "\t\n"]).join(chance.sample(parts, len(parts))))


def make_head(chance, e, number, is_new):
    begin = 1763856000 + 86400 * chance.randrange(300)
    end = begin + chance.choice([86399, 86400, 0, 86437])
    org = escape("Org & Söhne %d" % number)
    if chance.random() < 0.1:
        org = org.replace("&amp;", "&")  # what no XML reader takes
    metadata = [e("org_name", org), e("email", "dmarc@provider%d.example" % (number % 7)),
                e("report_id", "id-%d" % number),
                e("date_range", "".join(chance.sample([
                    e("begin", "%d%s" % (begin, chance.choice(["", "", ".0"]))),
                    e("end", " %d " % end)], 2)))]
    if chance.random() < 0.3:
        metadata.append(e("generator" if is_new else "extra_contact_info", "x"))
    return e("report_metadata", "".join(chance.sample(metadata, len(metadata))))


def make_policy(chance, e, is_new):
    policy = [e("domain", odd_domain(chance, "example.com")),
              e("p", odd_word(chance, chance.choice(["none", "reject"])))]
    if chance.random() < 0.5:
        policy.append(e("adkim", chance.choice("rs")))
    if chance.random() < 0.5:
        policy.append(e("sp", "quarantine"))
    if is_new:
        policy += [e("np", "reject"), e("testing", "n"), e("discovery_method", "treewalk")]
    elif chance.random() < 0.8:
        policy += [e("pct", str(chance.randrange(101))), e("fo", "1")]
    return e("policy_published", "".join(chance.sample(policy, len(policy))))


def make_report(chance, number):
    """RFC 7489 or RFC 9990, and where these leave room, all of it."""
    is_new = chance.random() < 0.4
    prefix = chance.choice(["", "", "", "d:"])

    def e(name, body):
        return element(name, body, prefix)

    parts = [make_head(chance, e, number, is_new), make_policy(chance, e, is_new)]
    if is_new and chance.random() < 0.3:
        parts.append(e("extension", "<y/>"))
    parts += [make_record(chance, e, is_new) for _ in range(chance.randrange(1, 12))]
    if chance.random() < 0.3:
        chance.shuffle(parts)
    if chance.random() < 0.5:
        parts.insert(0, e("version", chance.choice(["1.0", "2.0", "0.1"])))
    space = (' xmlns:d="%s"' if prefix else ' xmlns="%s"') % NEW if is_new or prefix else ""
    text = "<%sfeedback%s>%s</%sfeedback>\n" % (
        prefix, space, chance.choice(["", "\n", "\r\n"]).join(parts), prefix)
    front = chance.choice(["", '<?xml version="1.0" encoding="UTF-8"?>\n',
                           '\ufeff<?xml version="1.0"?>', "\n \n"])
    return front + text + chance.choice(["", "", "<p>noise & junk\0"])


def mailed(data):
    return (b"From: a@example.net\nSubject: x\nMIME-Version: 1.0\n"
            b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" +
            base64.encodebytes(data))


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.xml", data)
    return out.getvalue()


PACK = {"xml": lambda data: data, "gz": gzip.compress, "zip": zipped,
        "gz.gz": lambda data: gzip.compress(gzip.compress(data)),
        "eml": lambda data: mailed(gzip.compress(data))}


def make(count, folder):
    chance = random.Random(20261123)
    os.makedirs(folder)
    for number in range(count):
        data = make_report(chance, number).encode()
        kind = chance.choice(["xml", "gz", "gz", "zip", "gz.gz", "eml"])
        with open(os.path.join(folder, "%04d.%s" % (number, kind)), "wb") as file:
            file.write(PACK[kind](data))


# --- the other reader ------------------------------------------------------------

def plain(path):
    data = open(path, "rb").read()
    if path.endswith(".eml"):
        data = email.message_from_bytes(data).get_payload(decode=True)
    while data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("report.xml")
    return data.decode()


def parsed(path):
    """What is in front of and behind the element feedback goes, and a bare
    ampersand becomes what was meant."""
    text = re.search(r"<([a-z]+:)?feedback.*</([a-z]+:)?feedback>", plain(path), re.S).group(0)
    root = ET.fromstring(re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", text))
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2].replace("identities", "identifiers")
    return root


def word(text):
    text = text.lower() if text.lower() in KNOWN | set(WORDS) else text
    return WORDS.get(text, text)


def domain(text):
    return text.lower().rstrip(".")


def address(text):
    text = text.strip("[]").partition("/")[0]
    if text.count(".") == 3:
        text = text.rpartition("::ffff:")[2].partition(":")[0]
        text = ".".join(str(int(part)) for part in text.split("."))
    return ipaddress.ip_address(text).compressed


def put(row, key, node, fold=str):
    if node is not None and node.text and node.text.strip():
        row[key] = fold(node.text.strip())


FOLDS = {"domain": domain, "result": word, "scope": word}


def results(record, kind, keys):
    rows = []
    for node in record.findall("auth_results/" + kind):
        row = {}
        for key in keys:
            put(row, key, node.find(key), FOLDS.get(key, str))
        if row:
            rows.append(row)
    return rows


def reasons(record):
    rows = []
    for node in record.findall("row/policy_evaluated/reason"):
        row = {"type": node.find("type").text or "other"}
        put(row, "comment", node.find("comment"))
        rows.append(row)
    return rows


def head_of(root, path):
    head = {"type": "dmarc", "file": path}
    if path.endswith(".eml"):
        head["mail_from"] = "a@example.net"
    put(head, "reporter", root.find("report_metadata/org_name"))
    put(head, "email", root.find("report_metadata/email"))
    put(head, "report_id", root.find("report_metadata/report_id"))
    for key in ("begin", "end"):
        seconds = int(float(root.find("report_metadata/date_range/" + key).text))
        head[key] = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    put(head, "policy_domain", root.find("policy_published/domain"), domain)
    for key in ("p", "sp", "np", "adkim"):
        put(head, key, root.find("policy_published/" + key), str.lower)
    put(head, "pct", root.find("policy_published/pct"), int)
    return head


def expected(path):
    root = parsed(path)
    head = head_of(root, path)
    rows = []
    for record in root.findall("record"):
        row = dict(head)
        put(row, "source_ip", record.find("row/source_ip"), address)
        put(row, "count", record.find("row/count"), lambda text: int(float(text)))
        for key in ("disposition", "dkim", "spf"):
            put(row, key, record.find("row/policy_evaluated/" + key), word)
        put(row, "header_from", record.find("identifiers/header_from"), domain)
        put(row, "envelope_to", record.find("identifiers/envelope_to"))
        sender = record.find("identifiers/envelope_from")
        if sender is not None:
            row["envelope_from"] = sender.text or ""
        for key, found in (("override_reasons", reasons(record)),
                           ("dkim_results", results(record, "dkim", ("domain", "selector", "result"))),
                           ("spf_results", results(record, "spf", ("domain", "scope", "result")))):
            if found:
                row[key] = found
        rows.append(row)
    return rows


def compare(folder, facts):
    found = collections.defaultdict(list)
    for line in open(facts, encoding="utf-8"):
        row = json.loads(line)
        row.pop("provider", None)
        found[row["file"]].append(row)
    wrong, messages = 0, collections.Counter()
    names = sorted(os.listdir(folder))
    for name in names:
        path = os.path.join(folder, name)
        want, got = expected(path), found[path]
        for row in want:
            messages[row["disposition"]] += row["count"]
        if want != got:
            wrong += 1
            if wrong <= 3:
                print("%s:\n  want %s\n  got  %s" % (path, want, got))
    print("%d reports %s" % (wrong or len(names), "differ" if wrong else "agree"))
    print(", ".join("%s %d" % pair for pair in sorted(messages.items())))
    return wrong != 0


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        sys.exit(compare(sys.argv[2], sys.argv[3]))
