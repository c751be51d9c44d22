# SPDX-License-Identifier: BSD-2-Clause
"""Small Postfix logs for command-line tests, in UTC with ISO stamps."""
import datetime

BLOCK = "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked " \
    "using zen.spamhaus.org"


class Log:
    def __init__(self, day, host="mail", instance="postfix"):
        self.start = datetime.datetime.fromisoformat(day + "T00:00:00+00:00")
        self.host, self.instance = host, instance
        self.lines = []
        self.number = 0

    def line(self, minute, program, text):
        at = self.start + datetime.timedelta(minutes=minute)
        self.lines.append(
            f"{at:%Y-%m-%dT%H:%M:%S}.{len(self.lines) % 1000000:06}+00:00 "
            f"{self.host} {self.instance}/{program}[1]: {text}")

    def message(self, minute, tries, domain="example.com",
                sender="a@example.org"):
        """TRIES: (minutes later, recipient, reply); 2xx is accepted, 4xx is
        deferred, anything else bounces."""
        self.number += 1
        queue_id = f"{self.number:010X}"
        self.line(minute, "cleanup", f"{queue_id}: message-id=<{queue_id}@x>")
        self.line(minute, "qmgr", f"{queue_id}: from=<{sender}>, size=1,"
                  f" nrcpt={len({who for _, who, _ in tries})} (queue active)")
        for later, who, reply in tries:
            status = {"2": "sent", "4": "deferred"}.get(reply[0], "bounced")
            said = reply if status == "sent" else \
                f"host mx.{domain}[203.0.113.5] said: {reply} " \
                "(in reply to RCPT TO command)"
            dsn = reply.split()[1]
            self.line(minute + later, "smtp", f"{queue_id}: to=<{who}@{domain}"
                      f">, relay=mx.{domain}[203.0.113.5]:25, "
                      f"delay={later * 60 + 1}, delays=0/0/0/1, dsn={dsn}, "
                      f"status={status} ({said})")
        if not reply.startswith("4"):
            self.line(minute + later, "qmgr", f"{queue_id}: removed")

    def write(self, path, mode="w"):
        with open(path, mode, encoding="utf-8") as to:
            to.writelines(text + "\n" for text in sorted(
                self.lines, key=lambda text: text[:32]))


def refused_range(days):
    """The logs out0 to out12 and the configuration that names the address of
    each: twelve of one network with a mail every other day for DAYS days, of
    each of which one is refused, and one elsewhere that passes."""
    with open("config", "w", encoding="ascii") as config:
        config.write("[source-ip]\n")
        for number in range(13):
            ip = f"198.51.100.{number + 1}" if number < 12 else "192.0.2.9"
            config.write(f"postfix-out{number} = {ip}\n")
            log = Log("2026-11-01", f"mx{number}", f"postfix-out{number}")
            for day in range(0, days, 2):
                refused = number < 12 and day == 8
                log.message(day * 1440 + number * 60, [(
                    0, "u", BLOCK if refused else "250 2.0.0 Ok")])
            log.write(f"out{number}")
