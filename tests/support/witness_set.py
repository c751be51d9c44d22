# SPDX-License-Identifier: BSD-2-Clause
"""Reports and a log for the tests of what others say, counted apart.

usage: witness_set.py DIRECTORY
Writes mail.log (Postfix), one DMARC report a day from google.com, and
what is in them:

day 1..6    60 messages a day to gmail.com from 192.0.2.9, accepted; Gmail's
            report counts 54 of them (it sees only our domain's), DKIM passes
            for all, SPF for all but 4; and 3 messages from 203.0.113.66,
            which is not ours, that fail and are rejected
day 7       60 messages, 40 of them refused at RCPT; the report counts 18
day 8       60 messages, all refused; the report counts 192.0.2.10 only
day 9       60 messages accepted, no report came
every day   30 messages to example.net, whose provider sends no reports; on
            day 7 and 8 they are refused as well
192.0.2.10 sends 30 messages a day to gmail.com, and Gmail counts 30."""
import datetime
import gzip
import sys

DAY = datetime.datetime(2026, 11, 10, tzinfo=datetime.timezone.utc)
BLOCK = ("550-5.7.1 [192.0.2.9      18] Our system has detected that this message "
         "is likely suspicious due to the very low reputation of the "
         "sending IP address.")


def lines(day):
    number = 0
    plan = [("192.0.2.9", "gmail.com", "gmail-smtp-in.l.google.com",
             {7: 40, 8: 60}.get(day, 0), 60),
            ("192.0.2.10", "gmail.com", "gmail-smtp-in.l.google.com", 0, 30),
            ("192.0.2.9", "example.net", "mx.example.net",
             30 if day in (7, 8) else 0, 30)]
    for ip, domain, relay, refused, count in plan:
        for i in range(count):
            at = DAY + datetime.timedelta(days=day - 1, hours=8,
                                          seconds=number * 20)
            number += 1
            head = f"{at.isoformat()} mx postfix-{ip.replace('.', '-')}/"
            queue = f"4d{day:02d}{number:05d}z"
            yield (f"{head}qmgr[9]: {queue}: from=<a@example.com>, "
                   "size=900, nrcpt=1 (queue active)")
            if i < refused:
                status = (f"dsn=5.7.1, status=bounced (host {relay}"
                          f"[198.51.100.25] said: {BLOCK} (in reply to RCPT "
                          "TO command))")
            else:
                status = "dsn=2.0.0, status=sent (250 2.0.0 OK)"
            yield (f"{head}smtp[8]: {queue}: to=<u{i}@{domain}>, "
                   f"relay={relay}[198.51.100.25]:25, delay=1, "
                   f"delays=0.1/0/0.4/0.5, {status}")
            yield f"{head}qmgr[9]: {queue}: removed"


def row(ip, count, disposition, dkim, spf):
    return (f"<record><row><source_ip>{ip}</source_ip><count>{count}</count>"
            f"<policy_evaluated><disposition>{disposition}</disposition>"
            f"<dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>"
            "<identifiers><header_from>example.com</header_from>"
            "</identifiers><auth_results/></record>")


def report(day):
    begin = int((DAY + datetime.timedelta(days=day - 1)).timestamp())
    rows = []
    if day <= 6:
        rows += [row("192.0.2.9", 50, "none", "pass", "pass"),
                 row("192.0.2.9", 4, "none", "pass", "fail"),
                 row("203.0.113.66", 3, "reject", "fail", "fail")]
    if day == 7:
        rows.append(row("192.0.2.9", 18, "none", "pass", "pass"))
    rows.append(row("192.0.2.10", 30, "none", "pass", "pass"))
    return ("<?xml version='1.0'?><feedback><report_metadata>"
            "<org_name>google.com</org_name>"
            "<email>noreply-dmarc-support@google.com</email>"
            f"<report_id>{day}00</report_id><date_range><begin>{begin}"
            f"</begin><end>{begin + 86399}</end></date_range>"
            "</report_metadata><policy_published><domain>example.com"
            "</domain><p>reject</p></policy_published>"
            + "".join(rows) + "</feedback>").encode()


def main():
    out = sys.argv[1]
    with open(f"{out}/mail.log", "w", encoding="ascii") as file:
        for day in range(1, 10):
            for line in lines(day):
                file.write(line + "\n")
    with open(f"{out}/own.conf", "w", encoding="ascii") as file:
        file.write("[source-ip]\npostfix-192-0-2-9 = 192.0.2.9\n"
                   "postfix-192-0-2-10 = 192.0.2.10\n")
    for day in range(1, 9):
        with gzip.open(f"{out}/google.com!example.com!{day}.xml.gz",
                       "wb") as file:
            file.write(report(day))


main()
