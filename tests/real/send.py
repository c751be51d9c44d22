#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hand the scenario's messages to the MTA under test, by SMTP.

usage: send.py INSTANCE=ADDRESS:PORT...

Messages of an instance that is not named go to the first one."""

import smtplib
import sys

import scenario

TEXT = """From: <{sender}>
To: <undisclosed@example.org>
Subject: message {number}
Message-ID: <{number}.real@example.org>
Date: Fri, 20 Nov 2026 08:00:00 +0000

Message {number} of the scenario.
"""


def main():
    doors = dict(word.split("=", 1) for word in sys.argv[1:])
    first = next(iter(doors.values()))
    for message in scenario.MESSAGES:
        host, _, port = doors.get(message["instance"], first).rpartition(":")
        with smtplib.SMTP(host, int(port), local_hostname="localhost") as to:
            refused = to.sendmail(
                message["sender"], message["recipients"],
                TEXT.format(**message).replace("\n", "\r\n"))
        for recipient, reply in refused.items():
            print("send: %s refused: %r" % (recipient, reply))
    print("send: %d messages" % len(scenario.MESSAGES))


if __name__ == "__main__":
    sys.exit(main())
