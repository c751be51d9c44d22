# SPDX-License-Identifier: BSD-2-Clause
"""What the made-up world of a run holds: names, addresses, what each host
answers, and the messages that are sent. Data only; sink.py, dns.py, send.py
and the checks read it. Nothing here is about one MTA.

A host answers by its rules; the first that fits decides:
  stage   connect, ehlo, mail, rcpt, data, body, eod
  match   regular expression on the recipient (rcpt), or on the sender (mail
          and later); absent: always
  client  only this client address
  times   only that many times for each sender and recipient
  reply   lines to answer with; a 5xx or 4xx greeting ends the session
  drop    close the connection instead of answering
  hang    keep silent until the client goes away
  close   close the connection behind the reply
In replies %I is the client's address, %S an id."""

import re

# Addresses that the MTA under test sends from. All addresses of a run are
# those for documentation; the run's network has nothing but them.
CLIENTS = {
    "main": "192.0.2.9",          # the main instance
    "out1": "192.0.2.10",         # the second instance (postfix-out1)
    "out3": "192.0.2.11",         # a transport of its own (postfix/out3)
    "six": "2001:db8::9",
}
BLOCKED = CLIENTS["main"]

S3140 = (
    "550 5.7.1 Unfortunately, messages from [%I] weren't sent. Please contact "
    "your Internet service provider since part of their network is on our "
    "block list (S3140). You can also refer your provider to "
    "http://mail.live.com/mail/troubleshooting.aspx#errors.")
TSS04 = (
    "421 4.7.0 [TSS04] Messages from %I temporarily deferred due to "
    "unexpected volume or user complaints - 4.16.55.1; see "
    "https://postmaster.yahooinc.com/error-codes")
GMAIL_RATE = [
    "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail "
    "originating",
    "421-4.7.28 from your IP address [%I      15]. To protect our users from",
    "421-4.7.28 spam, mail sent from your IP address has been temporarily",
    "421-4.7.28 rate limited. For more information, go to",
    "421 4.7.28  https://support.google.com/mail/?p=UnsolicitedRateLimitError "
    "%S - gsmtp"]
GMAIL_UNKNOWN = [
    "550-5.1.1 The email account that you tried to reach does not exist. "
    "Please try",
    "550-5.1.1 double-checking the recipient's email address for typos or",
    "550-5.1.1 unnecessary spaces. For more information, go to",
    "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser %S - gsmtp"]
GMX_BLOCK = [
    "554-gmx.net (mxgmx016) Nemesis ESMTP Service not available",
    "554-No SMTP service",
    "554-IP address is block listed.",
    "554 For explanation visit https://postmaster.gmx.net/en/case?c=r0201&"
    "i=ip&v=%I&r=%S"]


def rule(stage, **keys):
    return dict(keys, stage=stage)


# MX name -> (address, rules). Names are the providers' own where they have to
# be recognised; every address is made up.
HOSTS = {
    "gmail-smtp-in.l.google.com": ("203.0.113.1", [
        rule("rcpt", match="^unknown", reply=GMAIL_UNKNOWN),
        rule("eod", match="^rate", client=BLOCKED, reply=GMAIL_RATE),
        rule("eod", match="", reply=["250 2.0.0 OK  1795430292 %S - gsmtp"])]),
    "outlook-com.olc.protection.outlook.com": ("203.0.113.2", [
        rule("mail", client=BLOCKED, reply=[S3140]),
        rule("rcpt", match="^unknown", reply=[
            "550 5.5.0 Requested action not taken: mailbox unavailable "
            "(S2017062302)."])]),
    "contoso-example.mail.protection.outlook.com": ("203.0.113.3", [
        rule("rcpt", match="^unknown", reply=[
            "550 5.4.1 Recipient address rejected: Access denied. "
            "[DU6PEPF00009523.eurprd02.prod.outlook.com "
            "2026-11-20T08:00:00.123Z 08DE25AF54DF7FC5]"])]),
    "mta5.am0.yahoodns.net": ("203.0.113.4", [
        rule("mail", match="^m[0-9]+\\.tss", times=2, reply=[TSS04],
             close=True)]),
    "mx00.emig.gmx.net": ("203.0.113.5", [
        rule("connect", client=BLOCKED, reply=GMX_BLOCK),
        rule("eod", reply=["250 Requested mail action okay, completed: "
                           "id=1MxHYw-%S"])]),
    "mx01.emig.gmx.net": ("203.0.113.6", [
        rule("connect", client=BLOCKED, reply=GMX_BLOCK)]),
    "mx-ha02.web.de": ("203.0.113.9", [
        rule("connect", client=BLOCKED, reply=[
            "554-web.de (mxweb012) Nemesis ESMTP Service not available",
            "554-No SMTP service",
            "554-Bad DNS PTR resource record.",
            "554 For explanation visit "
            "https://postmaster.web.de/en/case?c=rdns"]),
        rule("eod", reply=["250 Requested mail action okay, completed: "
                           "id=1Mweb-%S"])]),
    "mx01.mail.icloud.com": ("203.0.113.7", [
        rule("rcpt", match="^full", reply=[
            "552 5.2.2 <full@icloud.com>: user is over quota"]),
        rule("eod", match="^cs01", reply=[
            "550 5.7.1 [CS01] Message rejected due to local policy. Please "
            "visit https://support.apple.com/en-us/HT204137"])]),
    "mx00.t-online.de": ("203.0.113.8", [
        rule("connect", reply=[
            "554 IP=%I - A problem occurred. Ask your postmaster for help or "
            "to contact tosa@rx.t-online.de for details. (BL)"])]),
    "mail.grey.example": ("198.51.100.21", [
        rule("rcpt", match="^once", times=1, reply=[
            "450 4.2.0 <once@grey.example>: Recipient address rejected: "
            "Greylisted, see http://postgrey.schweikert.ch/help/grey.html"]),
        rule("rcpt", match="^forever", reply=[
            "451 4.7.1 Greylisting in action, please come back later"])]),
    "mx.drop.example": ("198.51.100.22", [
        rule("mail", match="^m[0-9]+\\.dropmail", drop=True),
        rule("rcpt", match="^droprcpt", drop=True),
        rule("data", match="^dropdata", drop=True),
        rule("body", match="^dropbody", drop=True),
        rule("eod", match="^dropeod", drop=True)]),
    "mx.dropconnect.example": ("198.51.100.23", [rule("connect", drop=True)]),
    "mx.dropehlo.example": ("198.51.100.24", [rule("ehlo", drop=True)]),
    "mx.hangconnect.example": ("198.51.100.25", [rule("connect", hang=True)]),
    "mx.hangmail.example": ("198.51.100.26", [rule("mail", hang=True)]),
    "mx.hangeod.example": ("198.51.100.27", [rule("eod", hang=True)]),
    "mx.greet421.example": ("198.51.100.28", [rule("connect", reply=[
        "421 4.3.2 Service not available, closing transmission channel"])]),
    "mx.ehlo550.example": ("198.51.100.29", [rule("ehlo", reply=[
        "550 5.7.1 Helo name of %I is not to our taste"])]),
    "mail.multi.example": ("198.51.100.31", [
        rule("rcpt", match="^refused", reply=[
            "550-5.7.1 first line of three", "550-5.7.1 the second",
            "550 5.7.1 and the last"]),
        rule("rcpt", match="^bare", reply=[
            "550-no enhanced code here", "550 nor here"]),
        rule("eod", reply=["250-2.0.0 accepted as",
                           "250 2.0.0 two lines of %S"])]),
    "mx.hostile.example": ("198.51.100.32", [
        rule("rcpt", match="^forge", reply=[
            "550 5.7.1 no), dsn=2.0.0, status=sent (250 2.0.0 Ok: "
            "to=<x@example.net>, relay=mx.example.net[192.0.2.77]:25"]),
        rule("rcpt", match="^exim", reply=[
            "550 5.7.1 no C=\"250 OK\" => x@example.net R=dnslookup "
            "T=remote_smtp H=mx.example.net [192.0.2.77]"]),
        rule("rcpt", match="^escape", reply=[
            "550 5.7.1 \x1b[2J\x1b[31mred\x07 \x08\x7f tab\there"]),
        rule("rcpt", match="^lines", reply=[
            "550-5.7.1 line %d of very many that say the same thing over and "
            "over again" % i for i in range(40)] + ["550 5.7.1 end"]),
        rule("rcpt", match="^long", reply=["550 5.7.1 " + "x" * 1900]),
        rule("rcpt", match="^endless", reply=["550 5.7.1 " + "y" * 9000]),
        rule("rcpt", match="^latin", latin1=True, reply=[
            "550 5.7.1 Empf\u00e4nger geh\u00f6rt nicht hierher"]),
        rule("rcpt", match="^utf8", reply=[
            "550 5.7.1 Empf\u00e4nger \u202egeh\u00f6rt\u202c nicht hierher "
            "\U0001f4ec"]),
        rule("rcpt", match="^nocode", reply=["550"]),
        rule("rcpt", match="^baddsn", reply=["550 4.7.1 codes at odds"]),
        rule("rcpt", match="^close", close=True, reply=[
            "421 4.7.0 too many errors, closing"])]),
    "mx.dnsbl.example": ("198.51.100.33", [
        rule("rcpt", match="^zen", reply=[
            "554 5.7.1 Service unavailable; Client host [%I] blocked using "
            "zen.spamhaus.org; https://www.spamhaus.org/query/ip/%I"]),
        rule("data", match="^data", reply=[
            "451 4.3.0 Temporary lookup failure at DATA"]),
        rule("eod", match="^spam", reply=[
            "554 5.7.1 Spam message rejected"])]),
    "mx1.pair.example": ("198.51.100.34", [rule("rcpt", reply=[
        "450 4.3.2 ask my neighbour"])]),
    "mx2.pair.example": ("198.51.100.35", []),
    "mx.tls.example": ("198.51.100.36", []),
    "mx.relay.example": ("198.51.100.37", []),
    "MX.Upper.Example": ("198.51.100.38", []),
    "a-only.example": ("198.51.100.39", []),
    "mx.six.example": ("2001:db8:6::25", []),
}
TLS_HOSTS = {"mx.tls.example", "gmail-smtp-in.l.google.com"}

# Domain -> its MX names by preference. What is in no table does not exist.
DOMAINS = {
    "gmail.com": ["gmail-smtp-in.l.google.com"],
    "outlook.com": ["outlook-com.olc.protection.outlook.com"],
    "contoso.example": ["contoso-example.mail.protection.outlook.com"],
    "yahoo.com": ["mta5.am0.yahoodns.net"],
    "web.de": ["mx-ha02.web.de"],
    "gmx.net": ["mx00.emig.gmx.net", "mx01.emig.gmx.net"],
    "icloud.com": ["mx01.mail.icloud.com"],
    "t-online.de": ["mx00.t-online.de"],
    "pair.example": ["mx1.pair.example", "mx2.pair.example"],
    "halfdead.example": ["mx.closed.example", "mx2.pair.example"],
    "closed.example": ["mx.closed.example"],
    "nullmx.example": ["."],
    "six.example": ["mx.six.example"],
    "upper.example": ["MX.Upper.Example"],
}
DOMAINS.update({d: ["mx." + d] for d in (
    "drop.example", "dropconnect.example", "dropehlo.example",
    "hangconnect.example", "hangmail.example", "hangeod.example",
    "greet421.example", "ehlo550.example", "hostile.example",
    "dnsbl.example", "tls.example", "relay.example")})
DOMAINS.update({d: ["mail." + d] for d in ("grey.example", "multi.example")})
# Names with an address and no listener, and a zone whose servers fail.
CLOSED = {"mx.closed.example": "198.51.100.41"}
SERVFAIL = {"lame.example"}
OWN = {"mail.example.org": CLIENTS["main"], "example.org": CLIENTS["main"]}

# ---- messages ---------------------------------------------------------------
# (instance, word in the sender's address, recipients). The envelope sender is
# mNN.WORD@example.org, so that every dialogue names its message. Of the
# domains whose hosts refuse before MAIL, each has one recipient only, so that
# those sessions can be told apart as well.
_SENT = [
    ("main", "ok", ["ok@gmail.com"]),
    ("main", "unknown", ["unknown@gmail.com"]),
    ("main", "rate", ["rate@gmail.com"]),
    ("out1", "ok", ["ok@gmail.com", "rate@gmail.com", "unknown@gmail.com"]),
    ("main", "s3140", ["anna@outlook.com"]),
    ("main", "s3140", ["ben@outlook.com", "clara@outlook.com"]),
    ("out1", "ok", ["anna@outlook.com", "unknown@outlook.com"]),
    ("main", "ok", ["anna@contoso.example", "unknown@contoso.example"]),
    ("main", "tss", ["anna@yahoo.com"]),
    ("out1", "ok", ["ben@yahoo.com"]),
    ("main", "gmx", ["anna@gmx.net"]),
    ("out1", "ok", ["anna@web.de"]),
    ("main", "icloud", ["ok@icloud.com", "full@icloud.com"]),
    ("main", "cs01", ["cs01@icloud.com"]),
    ("out1", "greeting", ["anna@t-online.de"]),
    ("main", "grey", ["once@grey.example"]),
    ("main", "expire", ["forever@grey.example"]),
    ("out1", "expire", ["forever@grey.example", "ok@grey.example"]),
    ("main", "dropmail", ["anna@drop.example"]),
    ("main", "drop", ["droprcpt@drop.example"]),
    ("main", "drop", ["dropdata@drop.example"]),
    ("main", "drop", ["dropbody@drop.example"]),
    ("main", "drop", ["dropeod@drop.example"]),
    ("main", "drop", ["anna@dropconnect.example"]),
    ("main", "drop", ["anna@dropehlo.example"]),
    ("main", "hang", ["anna@hangconnect.example"]),
    ("main", "hang", ["anna@hangmail.example"]),
    ("main", "hang", ["anna@hangeod.example"]),
    ("main", "greeting", ["anna@greet421.example"]),
    ("main", "ehlo", ["anna@ehlo550.example"]),
    ("main", "multi", ["ok@multi.example", "refused@multi.example",
                       "bare@multi.example"]),
    ("main", "hostile", ["forge@hostile.example"]),
    ("main", "hostile", ["exim@hostile.example"]),
    ("main", "hostile", ["escape@hostile.example"]),
    ("main", "hostile", ["lines@hostile.example"]),
    ("main", "hostile", ["long@hostile.example"]),
    ("main", "hostile", ["endless@hostile.example"]),
    ("main", "hostile", ["latin@hostile.example"]),
    ("main", "hostile", ["utf8@hostile.example"]),
    ("main", "hostile", ["nocode@hostile.example"]),
    ("main", "hostile", ["baddsn@hostile.example"]),
    ("main", "hostile", ["close@hostile.example"]),
    ("main", "dnsbl", ["zen@dnsbl.example"]),
    ("main", "dnsbl", ["data@dnsbl.example"]),
    ("main", "dnsbl", ["spam@dnsbl.example", "spam2@dnsbl.example"]),
    ("main", "pair", ["anna@pair.example"]),
    ("main", "pair", ["anna@halfdead.example"]),
    ("main", "closed", ["anna@closed.example", "ben@closed.example"]),
    ("main", "dns", ["anna@nosuchdomain.example"]),
    ("main", "dns", ["anna@lame.example"]),
    ("main", "dns", ["anna@nullmx.example"]),
    ("main", "ok", ["anna@a-only.example"]),
    ("main", "ok", ["anna@six.example"]),
    ("main", "ok", ["anna@Upper.Example"]),
    ("main", "tls", ["anna@tls.example", "ben@tls.example"]),
    ("main", "relay", ["anna@relay.example"]),
    ("main", "ok", ['"ok a, b"@multi.example', '"x> y"@tls.example',
                    "ok+tag=v@gmail.com"]),
    ("main", "ok", ["local@example.org"]),
    ("main", "mixed", ["ok.mixed@gmail.com", "refused@multi.example",
                       "mixed@example.org", "anna@closed.example"]),
]
MESSAGES = [
    {"number": n, "instance": instance,
     "sender": "m%02d.%s@example.org" % (n, word), "recipients": recipients}
    for n, (instance, word, recipients) in enumerate(_SENT)]
BY_SENDER = {m["sender"]: m for m in MESSAGES}

ADDRESSES = sorted([address for address, _ in HOSTS.values()] +
                   list(CLOSED.values()) + list(CLIENTS.values()))


def matches(one, sender, recipient):
    subject = sender if one["stage"] == "mail" else recipient
    return re.search(one.get("match", ""), subject or "") is not None
