#!/usr/bin/env python3
"""Reports made to break their reader, each beside a good one.

    report_bombs.py LIMIT_MIB GOOD    LIMIT_MIB 0: memory is not looked at

Says for each: exit status, lines on standard error, facts, and whether the
peak of memory stayed under the limit.
"""
import base64
import gzip
import io
import os
import random
import struct
import sys
import zipfile
import zlib

ROW = b"<record><row><source_ip>192.0.2.9</source_ip><count>1</count></row></record>\n"
HEAD = b"<feedback><report_metadata><org_name>x</org_name></report_metadata>"
MAIL = b"From: a@example.com\nMIME-Version: 1.0\n"
GZIP_MAIL = MAIL + b"Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n"
MIB = 1 << 20


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def flood():
    """10,000 MiB in 10 MB, as one deflate stream."""
    return deflated(b"<feedback>") + deflated(b" " * (10 * MIB)) * 1000 + b"\3\0"


def as_gzip(raw):
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + raw + struct.pack("<II", 0, 0)


def as_zip(raw):
    """Claims 50 MB."""
    name = b"a.xml"
    sizes = struct.pack("<HIIIH", 0x21, 0, len(raw), 50 * MIB, len(name))
    local = struct.pack("<IHHHH", 0x04034B50, 20, 0, 8, 0) + sizes + b"\0\0" + name
    central = struct.pack("<IHHHHH", 0x02014B50, 20, 20, 0, 8, 0) + sizes + bytes(16) + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(local) + len(raw), 0)
    return local + raw + central + end


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def packed(data, times):
    for _ in range(times):
        data = gzip.compress(data)
    return data


def laughs():
    names = "".join('<!ENTITY a%d "%s">' % (i, "&a%d;" % (i - 1) * 10) for i in range(1, 12))
    return ('<!DOCTYPE feedback [<!ENTITY a0 "ha">%s]><feedback>&a11;</feedback>' % names).encode()


def nested(data, times):
    for _ in range(times):
        data = MAIL + b"Content-Type: message/rfc822\n\n" + data
    return data


BOMBS = [
    ("gzip, 10 GB in 10 MB", lambda: as_gzip(flood())),
    ("zip, 10 GB in 10 MB", lambda: as_zip(flood())),
    ("gzip in gzip, 10 GB in 60 kB", lambda: gzip.compress(as_gzip(flood()), 1)),
    ("gzip in zip, 10 GB in 20 kB", lambda: zipped(("a.xml.gz", as_gzip(flood())))),
    ("gzip in gzip in gzip in gzip", lambda: packed(b"<feedback/>", 4)),
    ("a thousand gzip members, 10 GB", lambda:
        gzip.compress(b"<feedback>") + gzip.compress(b" " * (10 * MIB)) * 1000),
    ("mail with a gzip of 10 GB", lambda: GZIP_MAIL + base64.encodebytes(as_gzip(flood()))),
    ("zip of a thousand reports", lambda:
        zipped(*(("%d.xml" % i, b"<feedback/>") for i in range(1000)))),
    ("billion laughs", laughs),
    ("external entity", lambda:
        b'<!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/passwd">]><feedback>&x;</feedback>'),
    ("XML 100,000 deep", lambda:
        b"<feedback>" + b"<a>" * 100000 + b"</a>" * 100000 + b"</feedback>"),
    ("XML of 300,000 rows", lambda: HEAD + ROW * 300000 + b"</feedback>"),
    ("XML that is all repairs", lambda: b"<feedback>" + b"&<a " * (7 * MIB)),
    ("JSON 100,000 deep", lambda:
        b'{"report-id":"x","policies":' + b"[" * 100000 + b"]" * 100000 + b"}"),
    ("JSON of ten million policies", lambda:
        b'{"report-id":"x","policies":[' + b"{}," * (10 * MIB) + b"{}]}"),
    ("MIME tree 1,000 deep", lambda: MAIL + b"".join(
        b'Content-Type: MULTIPART/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(1000))),
    ("messages 1,000 deep", lambda: nested(b"From: a@example.com\n\nx\n", 1000)),
    ("mail of a million parts", lambda:
        MAIL + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * MIB),
    ("mail of a million fields", lambda: MAIL + b"X-A: b\n" * MIB + b"\nx\n"),
    ("mail of 63 MB, random", lambda:
        GZIP_MAIL + base64.encodebytes(random.Random(1).randbytes(46 * MIB))),
    ("mail of 40 MB in two mails", lambda:
        nested(GZIP_MAIL + base64.encodebytes(bytes(29 * MIB)), 2)),
    ("mailbox with a mail of 100 MB", lambda:
        b"From a@example.com Mon Nov 23 10:00:00 2026\n" + MAIL + b"\n" +
        b"some words of text\n" * (5 * MIB)),
    ("HTML page", lambda: b"<!DOCTYPE html>\n<html><head><meta charset=x></head></html>"),
    ("message of Outlook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
    ("the word unused", lambda: gzip.compress(b"unused")),
]


def write_apart(path, make):
    """In a process of its own: the peak of memory of this one is inherited by
    those that it starts."""
    pid = os.fork()
    if pid == 0:
        with open(path, "wb") as file:
            file.write(make())
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        sys.exit("no bomb")


def run(arguments):
    with open("out", "wb") as out, open("err", "wb") as err:
        pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=[
            (os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)])
        _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024


def main():
    limit, good = int(sys.argv[1]), sys.argv[2]
    for name, make in BOMBS:
        write_apart("bomb", make)
        status, peak = run(["mxtrend", "parse", "bomb", good])
        facts = open("out", "rb").read().count(b'"type":"dmarc"')
        lines = open("err", "rb").read().count(b"\n")
        print("%s: status %d, %d line(s), %d fact(s)%s" % (
            name, status, lines, facts,
            ", %d MiB" % peak if limit and peak > limit else ""))


main()
