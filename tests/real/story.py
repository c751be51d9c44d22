# SPDX-License-Identifier: BSD-2-Clause
"""The world of `make check-live`, for sink.py, dns.py and nights.py: eleven
days of one mail host and six providers. Outlook.com refuses one of its
addresses for four days, Yahoo slows it down for ten hours, GMX begins to
refuse it and is not done when the story ends; Gmail, Microsoft 365 and iCloud
never mind more than unknown recipients. Data only, as in scenario.py."""

import datetime
import os
import zoneinfo

import scenario
from scenario import matches  # noqa: F401 (the sink asks here)

ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
FIRST_DAY = datetime.date(2026, 11, 2)
DAYS = 11
HOURS = (8, 12, 18)  # when mail is sent, and all that waits is tried again
CLIENTS = scenario.CLIENTS
BLOCKED = scenario.BLOCKED


def moment(day, hour):
    """Seconds since 1970 of HOUR on the DAYth day."""
    date = FIRST_DAY + datetime.timedelta(days=day)
    return datetime.datetime(date.year, date.month, date.day, hour,
                             tzinfo=ZONE).timestamp()


OUTLOOK = moment(2, 11), moment(6, 7)
YAHOO = moment(4, 7), moment(4, 17)
GMX = moment(8, 7), moment(99, 0)


def during(span, stage, **more):
    return scenario.rule(stage, since=span[0], until=span[1], client=BLOCKED,
                         **more)


UNKNOWN = "^unknown"
# In its greeting; but OpenSMTPD then leaves the host alone for a while that
# is days in this story, and so hears it at MAIL.
GMX_STAGE = "mail" if os.environ.get("REAL_MTA") == "opensmtpd" else "connect"
HOSTS = {
    "outlook-com.olc.protection.outlook.com": ("203.0.113.2", [
        during(OUTLOOK, "mail", reply=[scenario.S3140])]),
    "contoso-example.mail.protection.outlook.com": ("203.0.113.3", [
        scenario.rule("rcpt", match=UNKNOWN, reply=[
            "550 5.4.1 Recipient address rejected: Access denied. "
            "[DU6PEPF00009523.eurprd02.prod.outlook.com]"])]),
    "gmail-smtp-in.l.google.com": ("203.0.113.1", [
        scenario.rule("rcpt", match=UNKNOWN, reply=scenario.GMAIL_UNKNOWN)]),
    "mta5.am0.yahoodns.net": ("203.0.113.4", [
        during(YAHOO, "mail", reply=[scenario.TSS04], close=True)]),
    "mx00.emig.gmx.net": ("203.0.113.5", [
        during(GMX, GMX_STAGE, reply=scenario.GMX_BLOCK)]),
    "mx01.mail.icloud.com": ("203.0.113.7", [
        scenario.rule("rcpt", match=UNKNOWN, reply=[
            "550 5.1.1 <unknown@icloud.com>: user does not exist"])]),
}
# Recipient domain, its only MX, and its key in analyzer/rules/providers.tsv.
PROVIDERS = {
    "outlook.com": ("outlook-com.olc.protection.outlook.com",
                    "microsoft-consumer"),
    "contoso.example": ("contoso-example.mail.protection.outlook.com",
                        "microsoft365"),
    "gmail.com": ("gmail-smtp-in.l.google.com", "gmail"),
    "yahoo.com": ("mta5.am0.yahoodns.net", "yahoo"),
    "gmx.net": ("mx00.emig.gmx.net", "gmx-webde"),
    "icloud.com": ("mx01.mail.icloud.com", "apple"),
}
DOMAINS = {domain: [mx] for domain, (mx, _) in PROVIDERS.items()}
KEY_OF = {mx: key for mx, key in PROVIDERS.values()}
# As days pass in seconds, no connection may outlive a step by much.
IDLE_SECONDS = 3
TLS_HOSTS = set()
CLOSED = {}
SERVFAIL = set()
OWN = scenario.OWN
ADDRESSES = sorted([address for address, _ in HOSTS.values()] +
                   list(CLIENTS.values()))
# What is sent at each hour to each provider, and by which instance.
EACH_HOUR = [("main", ["anna"]), ("main", ["ben", "clara"]),
             ("out1", ["dora"])]


def messages(day, hour):
    """(instance, sender, recipients): the sender's address names the message,
    and each message has one provider."""
    for domain in PROVIDERS:
        for number, (instance, people) in enumerate(EACH_HOUR):
            if number == 1 and hour == HOURS[0] and domain in (
                    "gmail.com", "contoso.example", "icloud.com"):
                people = people + ["unknown"]
            yield (instance, "d%02dh%02dn%d.%s@example.org" %
                   (day, hour, number, domain.split(".")[0]),
                   [who + "@" + domain for who in people])


RECIPIENTS = {sender: recipients for day in range(DAYS) for hour in HOURS
              for _, sender, recipients in messages(day, hour)}
