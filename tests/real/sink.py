#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The scripted SMTP server: one listener for each host of the scenario, on
port 25 of its address. Its record, one JSON object for each
connection, is the truth that logs are compared with.

usage: sink.py RECORD [CERTIFICATE KEY]

Record: server (MX name), address, client, begin, end (seconds since 1970),
ended (how), greeting (lines), ehlo, ehlo_reply, transactions: [{sender, mail (reply
lines), recipients: [{address, reply}], data, eod, bytes, message_id}]."""

import asyncio
import json
import random
import re
import ssl
import string
import sys

import clock
from world import scenario

CHANCE = random.Random(25)


class Gone(Exception):
    """The session is over; the text says how."""


def session_id():
    return "".join(CHANCE.choice(string.ascii_lowercase + string.digits)
                   for _ in range(20))


class Session:
    def __init__(self, sink, name, reader, writer):
        self.sink, self.name = sink, name
        self.reader, self.writer = reader, writer
        self.rules = scenario.HOSTS[name][1]
        self.client = writer.get_extra_info("peername")[0]
        self.record = {"server": name, "address": scenario.HOSTS[name][0],
                       "client": self.client, "begin": clock.now(),
                       "transactions": []}
        self.transaction = None
        self.is_tls = False

    # ---- what to say -----------------------------------------------------
    def rule(self, stage, recipient=None):
        sender = self.transaction["sender"] if self.transaction else None
        for number, one in enumerate(self.rules):
            if one["stage"] != stage:
                continue
            if one.get("client") not in (None, self.client):
                continue
            if not clock.is_within(one.get("since"), one.get("until")):
                continue
            if not scenario.matches(one, sender, recipient):
                continue
            key = (self.name, number, sender, recipient)
            self.sink.used[key] = self.sink.used.get(key, 0) + 1
            if self.sink.used[key] > one.get("times", 1 << 30):
                continue
            return one
        return None

    async def say(self, lines, latin1=False):
        lines = [line.replace("%I", self.client).replace("%S", session_id())
                 for line in lines]
        data = "".join(line + "\r\n" for line in lines)
        self.writer.write(data.encode("latin-1" if latin1 else "utf-8"))
        await self.writer.drain()
        return lines

    async def answer(self, stage, default, recipient=None):
        """The reply lines that were sent; raises Gone where none was."""
        one = self.rule(stage, recipient)
        if one is None:
            return await self.say(default)
        if one.get("hang"):
            await self.reader.read()
            raise Gone("hung at " + stage)
        if one.get("drop"):
            raise Gone("dropped at " + stage)
        lines = await self.say(one["reply"], one.get("latin1", False))
        if one.get("close"):
            self.note_reply(stage, lines, recipient)
            raise Gone("closed after " + stage)
        return lines

    def note_reply(self, stage, lines, recipient):
        """Keep a reply that the caller will not get to keep."""
        if stage == "rcpt":
            self.transaction["recipients"].append(
                {"address": recipient, "reply": lines})
        elif self.transaction is not None:
            self.transaction[stage] = lines

    # ---- the dialogue ----------------------------------------------------
    async def line(self):
        """The next command; a client that has none for too long is sent
        away where the scenario says so."""
        patience = getattr(scenario, "IDLE_SECONDS", None)
        try:
            return await asyncio.wait_for(self.reader.readline(), patience)
        except asyncio.TimeoutError:
            await self.say(["421 4.4.2 Idle for too long, closing"])
            raise Gone("idle") from None

    async def run(self):
        greeting = await self.answer(
            "connect", ["220 %s ESMTP" % self.name.lower()])
        self.record["greeting"] = greeting
        if greeting[0][0] != "2":
            raise Gone("refused in greeting")
        while line := await self.line():
            verb, _, rest = line.decode("utf-8", "replace").strip() \
                .partition(" ")
            handler = getattr(self, "do_" + verb.lower(), None)
            if handler is None:
                await self.say(["500 5.5.1 unknown command"])
            else:
                await handler(rest)
        raise Gone("client closed")

    async def do_ehlo(self, rest):
        self.record["ehlo"] = rest
        words = ["SIZE 30000000", "8BITMIME", "ENHANCEDSTATUSCODES",
                 "PIPELINING", "SMTPUTF8"]
        if self.name in scenario.TLS_HOSTS and self.sink.tls and \
                not self.is_tls:
            words.insert(0, "STARTTLS")
        lines = ["250-" + self.name.lower()] + ["250-" + w for w in words]
        lines[-1] = lines[-1].replace("250-", "250 ")
        self.record["ehlo_reply"] = await self.answer("ehlo", lines)

    async def do_helo(self, rest):
        self.record["ehlo"] = rest
        self.record["ehlo_reply"] = await self.answer(
            "ehlo", ["250 " + self.name.lower()])

    async def do_starttls(self, rest):
        await self.say(["220 2.0.0 ready"])
        await self.writer.start_tls(self.sink.tls)
        self.is_tls = self.record["tls"] = True

    async def do_mail(self, rest):
        address = re.match(r"FROM:<(.*?)>", rest, re.I)
        self.transaction = {"sender": address[1] if address else rest,
                            "recipients": [], "time": clock.now()}
        self.record["transactions"].append(self.transaction)
        lines = await self.answer("mail", ["250 2.1.0 Ok"])
        self.transaction["mail"] = lines
        if lines[0][0] != "2":
            self.transaction = None

    async def do_rcpt(self, rest):
        if self.transaction is None:
            await self.say(["503 5.5.1 need MAIL first"])
            return
        address = re.match(r'TO:<((?:"(?:[^"\\]|\\.)*"|[^">])*)>', rest, re.I)
        address = address[1] if address else rest
        self.transaction["asked"] = address
        lines = await self.answer("rcpt", ["250 2.1.5 Ok"], address)
        self.transaction["recipients"].append(
            {"address": address, "reply": lines})

    def first_recipient(self):
        for one in self.transaction["recipients"]:
            if one["reply"][0][0] == "2":
                return one["address"]
        return ""

    async def do_data(self, rest):
        if self.transaction is None or not self.first_recipient():
            await self.say(["554 5.5.1 no valid recipients"])
            return
        first = self.first_recipient()
        lines = await self.answer(
            "data", ["354 End data with <CR><LF>.<CR><LF>"], first)
        self.transaction["data"] = lines
        if lines[0][0] == "3":
            await self.body(first)

    async def body(self, first):
        if self.rule("body", first):
            await self.reader.readline()
            raise Gone("dropped at body")
        size = 0
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            size += len(line)
            if found := re.match(rb"message-id:\s*<(.*)>", line, re.I):
                self.transaction["message_id"] = found[1].decode()
        if not line:
            raise Gone("client closed in body")
        self.transaction["bytes"] = size
        self.transaction["eod"] = await self.answer(
            "eod", ["250 2.0.0 Ok: queued as %S"], first)
        self.transaction = None

    async def do_rset(self, rest):
        self.transaction = None
        await self.say(["250 2.0.0 Ok"])

    async def do_noop(self, rest):
        await self.say(["250 2.0.0 Ok"])

    async def do_quit(self, rest):
        await self.say(["221 2.0.0 Bye"])
        raise Gone("quit")


class Sink:
    def __init__(self, path, certificate=None, key=None):
        self.file = open(path, "a", encoding="utf-8")
        self.used = {}
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate, key)

    async def serve(self, name, reader, writer):
        session = Session(self, name, reader, writer)
        try:
            await session.run()
        except Gone as how:
            session.record["ended"] = str(how)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            session.record["ended"] = "error: " + type(error).__name__
        session.record["end"] = clock.now()
        self.file.write(json.dumps(session.record, ensure_ascii=False) + "\n")
        self.file.flush()
        if session.record["ended"].startswith("dropped"):
            writer.transport.abort()
        writer.close()

    async def run(self):
        for name, (address, _) in scenario.HOSTS.items():
            await asyncio.start_server(
                lambda r, w, name=name: self.serve(name, r, w),
                address, 25, limit=1 << 20)
        print("sink: ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(Sink(*sys.argv[1:]).run())
