#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Stands in for a syslog daemon: reads /dev/log and writes every record in
both styles, RFC 3164 (as Debian 11's rsyslog) and ISO 8601 (as Debian 12's).

usage: syslog.py HOST BSD_FILE ISO_FILE"""

import os
import re
import socket
import sys
import time

import clock

RECORD = re.compile(rb"<\d+>(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8} )?(.*)", re.S)


def escape(data):
    """Control bytes as rsyslog writes them: # and three octal digits."""
    return re.sub(rb"[\0-\x1f\x7f]",
                  lambda m: b"#%03o" % m[0][0], data)


def main():
    host, bsd_path, iso_path = sys.argv[1:]
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    print("syslog: ready", flush=True)
    while True:
        data = door.recv(65536).rstrip(b"\n\0")
        found = RECORD.match(data)
        text = host.encode() + b" " + escape(found[1] if found else data)
        real = time.time()
        now = clock.stamp(clock.world(real))
        text = clock.retimed(text.decode("latin-1"), real).encode("latin-1")
        # By name each time: somebody may have rotated them.
        with open(bsd_path, "ab", 0) as bsd, open(iso_path, "ab", 0) as iso:
            bsd.write(now.strftime("%b %e %H:%M:%S ").encode() + text + b"\n")
            iso.write(now.isoformat(timespec="microseconds").encode() + b" " +
                      text + b"\n")


if __name__ == "__main__":
    sys.exit(main())
