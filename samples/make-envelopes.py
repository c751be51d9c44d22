#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes samples/envelopes: the same nine log records in every envelope that
mxtrend reads, one file each. Two records are deliveries; one of the others
has a delivery's words inside the text of another program.

usage: make-envelopes.py DIRECTORY

The journal-* files are the real journalctl's words on a journal made of the
same records (systemd-journal-remote packs it); without these programs they are
left as they are. Times of the records are 2026-11-20 08:00:00 UTC and on, half
a second apart; stamps without zone are Berlin's."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

BEGIN = 1795161600  # 2026-11-20T08:00:00Z
BOOT = "0123456789abcdef0123456789abcdef"
QID = "4F1A2B3C4D"
RECORDS = [
    ("postfix/smtpd", 101, "postfix@-.service",
     f"{QID}: client=app.example.com[192.0.2.20]"),
    ("postfix/cleanup", 102, "postfix@-.service",
     f"{QID}: message-id=<1@example.com>"),
    ("postfix/qmgr", 103, "postfix@-.service",
     f"{QID}: from=<news@example.com>, size=1234, nrcpt=2 (queue active)"),
    ("myapp", 900, "myapp.service",
     f"two\nlines with {QID}: to=<no@example.net>, relay=none, delay=1, "
     "dsn=4.0.0, status=deferred (x)"),
    ("postfix/smtp", 104, "postfix@-.service",
     f"{QID}: to=<a@example.net>, relay=mx.example.net[198.51.100.7]:25, "
     "delay=1.5, delays=0.1/0/0.4/1, dsn=5.7.1, status=bounced (host "
     "mx.example.net[198.51.100.7] said: 550 5.7.1 blocked by policy (in "
     "reply to RCPT TO command))"),
    ("postfix/smtp", 105, "postfix@-.service",
     f"{QID}: to=<b@example.org>, relay=mx.example.org[203.0.113.9]:25, "
     "delay=2, delays=0.1/0/0.9/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: "
     "queued as 77AA)"),
    ("binary", 901, "bin.service", b"caf\xe9 \x00\x01\x02"),
    ("postfix/qmgr", 103, "postfix@-.service", f"{QID}: removed"),
    ("sshd", 902, "ssh.service", "Accepted publickey for root"),
]


def escaped(text):
    """As rsyslog writes control bytes: # and three octal digits."""
    data = text if isinstance(text, bytes) else text.encode()
    return "".join(f"#{byte:03o}" if byte < 32 or byte > 126 else chr(byte)
                   for byte in data)


def stamps(index):
    """Parts of the time of a record: Berlin's hour is UTC's and one."""
    half = index * 5
    return {"s": f"{half // 10:02d}", "f": f"{half % 10}",
            "utc": BEGIN + half // 10}


FORMS = {
    "rfc3164": "Nov 20 09:00:{s} mx {tag}[{pid}]: {text}",
    "rfc3164-priority": "<22>Nov 20 09:00:{s} mx {tag}[{pid}]: {text}",
    "rfc3164-fraction": "Nov 20 09:00:{s}.{f}00 mx {tag}[{pid}]: {text}",
    "year-first": "2026 Nov 20 09:00:{s}.{f}00 mx {tag}[{pid}]: {text}",
    "cisco": "Nov 20 2026 09:00:{s}: mx {tag}[{pid}]: {text}",
    "solaris":
        "Nov 20 09:00:{s} mx {tag}[{pid}]: [ID 197553 mail.info] {text}",
    "freebsd-v": "Nov 20 09:00:{s} <mail.info> mx {tag}[{pid}]: {text}",
    "iso": "2026-11-20T09:00:{s}.{f}00000+01:00 mx {tag}[{pid}]: {text}",
    "iso-utc": "2026-11-20T08:00:{s}Z mx {tag}[{pid}]: {text}",
    "iso-no-zone": "2026-11-20T09:00:{s} mx {tag}[{pid}]: {text}",
    "iso-space": "2026-11-20 09:00:{s}.{f}00 mx {tag}[{pid}]: {text}",
    "rfc5424":
        "<22>1 2026-11-20T08:00:{s}.{f}Z mx {tag} {pid} - - {text}",
    "rfc5424-data":
        "<22>1 2026-11-20T09:00:{s}.{f}+01:00 mx {tag} {pid} ID1 "
        "[origin@32473 ip=\"192.0.2.1\" x=\"\\]\\\"\"][b k=\"]\"] "
        "\ufeff{text}",
    "docker-t":
        "2026-11-20T08:00:{s}.{f}00000000Z Nov 20 09:00:{s} mx "
        "{tag}[{pid}]: {text}",
    "kubernetes":
        "2026-11-20T08:00:{s}.{f}00000000Z stdout F Nov 20 03:00:{s} mx "
        "{tag}[{pid}]: {text}",
    "compose": "mail-1  | Nov 20 09:00:{s} mx {tag}[{pid}]: {text}",
    "postlogd": "Nov 20 09:00:{s} mx {tag}[{pid}]: {text}",
}


def write(directory, name, data):
    with open(os.path.join(directory, name + ".log"), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def compact(value):
    return json.dumps(value, separators=(",", ":")) + "\n"


def write_lines(directory):
    for name, form in FORMS.items():
        lines = [form.format(tag=tag, pid=pid, text=escaped(text),
                             **stamps(index)) + "\n"
                 for index, (tag, pid, _, text) in enumerate(RECORDS)]
        write(directory, name, "".join(lines))


def write_json(directory):
    docker, collector = [], []
    for index, (tag, pid, _, text) in enumerate(RECORDS):
        at = stamps(index)
        docker.append(compact({
            "log": f"Nov 20 09:00:{at['s']} mx {tag}[{pid}]: "
                   f"{escaped(text)}\n", "stream": "stdout",
            "time": f"2026-11-20T08:00:{at['s']}.{at['f']}00000000Z"}))
        collector.append(compact({
            "message": escaped(text), "host": "mx", "appname": tag,
            "procid": str(pid),
            "timestamp": f"2026-11-20T09:00:{at['s']}.{at['f']}+01:00"}))
    write(directory, "docker-json-file", "".join(docker))
    write(directory, "collector-json", "".join(collector))


def export():
    """The records in the journal's exchange format."""
    out = b""
    for index, (tag, pid, unit, text) in enumerate(RECORDS):
        fields = {
            "__REALTIME_TIMESTAMP": BEGIN * 1000000 + index * 500000,
            "__MONOTONIC_TIMESTAMP": 5000000 + index * 500000,
            "_BOOT_ID": BOOT, "_MACHINE_ID": BOOT[::-1], "_HOSTNAME": "mx",
            "PRIORITY": 6, "SYSLOG_FACILITY": 2, "SYSLOG_IDENTIFIER": tag,
            "SYSLOG_PID": pid, "_PID": pid, "_SYSTEMD_UNIT": unit,
            "_TRANSPORT": "syslog", "MESSAGE": text}
        for name, value in fields.items():
            data = value if isinstance(value, bytes) else str(value).encode()
            if any(byte < 32 for byte in data):
                out += (name.encode() + b"\n" + struct.pack("<Q", len(data)) +
                        data + b"\n")
            else:
                out += name.encode() + b"=" + data + b"\n"
        out += b"\n"
    return out


def write_journal(directory):
    packer = "/lib/systemd/systemd-journal-remote"
    if not os.path.exists(packer) or shutil.which("journalctl") is None:
        print("no systemd-journal-remote: journal-* stay as they are",
              file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "x.export")
        journal = os.path.join(work, "x.journal")
        with open(path, "wb") as file:
            file.write(export())
        subprocess.run([packer, "-o", journal, path], check=True,
                       stderr=subprocess.DEVNULL)
        for form in ("short", "short-full", "short-iso", "short-iso-precise",
                     "short-precise", "short-unix", "short-monotonic",
                     "short-delta", "with-unit", "cat", "verbose", "json",
                     "json-pretty", "json-seq", "json-sse", "export"):
            done = subprocess.run(
                ["journalctl", "--no-pager", "--file", journal, "-o", form],
                check=True, capture_output=True,
                env=dict(os.environ, TZ="Europe/Berlin"))
            write(directory, "journal-" + form, done.stdout)


def main():
    directory = sys.argv[1]
    os.makedirs(directory, exist_ok=True)
    write_lines(directory)
    write_json(directory)
    write_journal(directory)


main()
