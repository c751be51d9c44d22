#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A Postfix log in which strangers write what harms readers: escape sequences,
formulas, markup, 64 KiB replies, right-to-left overrides, bytes that are not
UTF-8, U+FFFE. usage: hostile_log.py >LOG"""
import sys

WORDS = [
    b"\x1b[31mred\x1b[2J\x1b]0;title\x07\x1bP1$r\x1b\\ bell\x07 back\x08space",
    b"\xc2\x9b31mC1 \xc2\x90DCS\xc2\x9c \x9b8-bit",
    b"=cmd|' /C calc'!A0", b"+1+1", b"-1-1", b"@SUM(A1)",
    b"\t=HYPERLINK(\"http://198.51.100.1/\",\"click\")", b" =1+1",
    b"<script>alert(1)</script><img src=x onerror=alert(2)>",
    b"\" onmouseover=\"alert(3)", b"]]></t></si><si><t>", b"--><svg/onload=1>",
    b"{{7*7}} ${7*7} %s %n %x", b"\"},{\"type\":\"delivery\"}",
    b"a\\b{c=\"d\"} 1\\n# HELP mxtrend_x", b"one,two;three\"four'five",
    "\u202eright to left\u202c \u2066isolate\u2069 \u200fmark".encode(),
    "line\u2028separator \u2029paragraph \u0085next".encode(),
    b"\xff\xfe\xc3 \xed\xa0\x80 \xf5\x80\x80\x80 \xc0\xaf not UTF-8",
    b"\xef\xbf\xbe FFFE \xef\xbf\xbf FFFF \xef\xbb\xbf BOM",
    b"nul \x00 inside \x01\x02\x1f\x7f", b"_x000d_ _x0041_",
    b"#REF! #NAME? 1E5 007", b"x" * 65536, b"(S3140) " * 8192,
    "\U0001f4a9\u0301 combining \u0430\u0440\u0440\u04cf\u0435".encode(),
]
HEAD = b"2026-11-%02dT%02d:%02d:00.000000+01:00 mail.example.org postfix/"


def main():
    out = sys.stdout.buffer
    for day in range(16, 23):
        for number, words in enumerate(WORDS):
            head = HEAD % (day, 8 + number // 60, number % 60)
            queue = b"4jHost%dz%02dLMzNk" % (day, number)
            out.write(head + b"qmgr[11]: %s: from=<a@example.org>, size=1, "
                      b"nrcpt=1 (queue active)\n" % queue)
            # in the reply, in the addresses and in the relay's name
            relay = b"mx%d.example.net" % (number % 3)
            if number % 2:
                relay = b"h" + words[:40].replace(b"[", b"") + b".example.net"
            out.write(head + b"smtp[12]: %s: to=<u%d%s@example.net>, "
                      b"relay=%s[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
                      b"dsn=5.7.1, status=bounced (host %s[198.51.100.7] said:"
                      b" 550 5.7.1 %s blocked using list, 192.0.2.9 (in reply "
                      b"to RCPT TO command))\n" % (
                          queue, number, words[:30].replace(b">", b""), relay,
                          relay, words))
    # a block, so that every format has an episode to show
    for number in range(40):
        head = HEAD % (22, 10 + number // 60, number % 60)
        queue = b"4jBlock%02dLMzNkDq" % number
        out.write(head + b"smtp[12]: %s: to=<v%d@outlook.com>, relay=outlook-com"
                  b".olc.protection.outlook.com[198.51.100.8]:25, delay=1, "
                  b"delays=0/0/0/1, dsn=5.7.1, status=bounced (host outlook-"
                  b"com.olc.protection.outlook.com[198.51.100.8] said: 550 "
                  b"5.7.1 Unfortunately, messages from [192.0.2.9] weren't "
                  b"sent. %s part of their network is on our block list "
                  b"(S3140). (in reply to MAIL FROM command))\n" % (
                      queue, number, WORDS[number % 3][:60]))


main()
