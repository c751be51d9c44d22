# SPDX-License-Identifier: BSD-2-Clause
"""From the sink's record to what a log has to say: for every recipient of
every message its attempts in order and its end; and the comparison with what
a check script read from a log. Knows SMTP and the scenario; what differs from
MTA to MTA comes in as Habits."""

import dataclasses
import json
import re

import scenario


@dataclasses.dataclass
class Habits:
    """How an MTA takes a 5xx before MAIL, ends without any session, and
    takes the replies to single recipients otherwise than SMTP would."""
    greeting_5xx: str = "deferred"
    ehlo_5xx: str = "bounced"
    ends: dict = dataclasses.field(default_factory=lambda: {
        "nosuchdomain.example": "bounced", "nullmx.example": "bounced"})
    outcomes: dict = dataclasses.field(default_factory=dict)
    # Stages at which a failure is not told when the next MX is asked.
    hidden_by_next_mx: tuple = ("connect", "ehlo", "mail", "rcpt", "data",
                                "eod")
    # Recipients that the MTA did not take from send.py.
    not_taken: tuple = ()
    # How it ends where the sink kept silent.
    hung_end: str = "expired"


def load(path):
    with open(path, encoding="utf-8") as lines:
        return sorted((json.loads(line) for line in lines),
                      key=lambda one: one["begin"])


def domain_of(recipient):
    return recipient.rsplit("@", 1)[-1].lower()


def servers_of(recipient):
    domain = domain_of(recipient)
    return scenario.DOMAINS.get(domain, [domain])


def outcome_of(reply):
    if reply is None or reply[0][0] == "4":
        return "deferred"
    return "accepted" if reply[0][0] == "2" else "bounced"


def attempts_of_transaction(session, transaction, is_last):
    """(recipient, reply lines or None, stage) of each recipient."""
    sender = transaction["sender"]
    message = scenario.BY_SENDER.get(sender)
    if message is None:  # a notification
        return
    dropped = None
    if is_last and session["ended"].startswith(("dropped", "hung")):
        dropped = session["ended"].rsplit(" ", 1)[-1]
    mail = transaction.get("mail")
    if mail is None or mail[0][0] != "2":
        for recipient in message["recipients"]:
            if session["server"] in servers_of(recipient):
                yield recipient, mail, "mail"
        return
    named = set()
    for one in transaction["recipients"]:
        named.add(one["address"])
        if one["reply"][0][0] != "2":
            yield one["address"], one["reply"], "rcpt"
    if dropped == "rcpt" and transaction.get("asked") not in named:
        yield transaction["asked"], None, "rcpt"
    accepted = [one["address"] for one in transaction["recipients"]
                if one["reply"][0][0] == "2"]
    for recipient in accepted:
        data, eod = transaction.get("data"), transaction.get("eod")
        if data is not None and data[0][0] != "3":
            yield recipient, data, "data"
        elif eod is not None:
            yield recipient, eod, "eod"
        elif dropped:
            yield recipient, None, dropped
        # else the client gave the transaction up of its own accord


def attempt_before_mail(session, habits):
    """The attempt behind a session that never came to MAIL, or None."""
    who = [(message["sender"], recipient)
           for message in scenario.MESSAGES
           for recipient in message["recipients"]
           if session["server"] in servers_of(recipient)]
    greeting, ehlo = session.get("greeting"), session.get("ehlo_reply")
    if greeting is None or greeting[0][0] != "2":
        reply, stage, harsh = greeting, "connect", habits.greeting_5xx
    elif ehlo is None or ehlo[0][0] != "2":
        reply, stage, harsh = ehlo, "ehlo", habits.ehlo_5xx
    else:
        return None  # connected, and went away without a word
    if len(who) != 1:
        raise ValueError("who was it at %s?" % session["server"])
    outcome = outcome_of(reply)
    if outcome == "bounced":
        outcome = harsh
    return who[0], reply, stage, outcome


def collect(record, habits):
    """{(sender, recipient): [attempt]}."""
    attempts = {}

    def add(key, session, time, outcome, stage, reply):
        attempts.setdefault(key, []).append({
            "time": time, "outcome": outcome, "stage": stage,
            "mx": session["server"].lower(), "address": session["address"],
            "client": session["client"], "reply": reply})

    for session in record:
        transactions = session["transactions"]
        if not transactions:
            found = attempt_before_mail(session, habits)
            if found:
                key, reply, stage, outcome = found
                add(key, session, session["begin"], outcome, stage, reply)
        for number, transaction in enumerate(transactions):
            is_last = number == len(transactions) - 1
            for recipient, reply, stage in attempts_of_transaction(
                    session, transaction, is_last):
                add((transaction["sender"], recipient), session,
                    transaction["time"], habits.outcomes.get(
                        recipient, outcome_of(reply)), stage, reply)
    return {key: final_of_each_pass(found, key[1], habits)
            for key, found in attempts.items()}


def final_of_each_pass(attempts, recipient, habits):
    """A failure at one MX of several is no outcome where the next MX was
    asked at once."""
    kept = []
    for number, one in enumerate(attempts):
        later = attempts[number + 1:number + 2]
        if one["stage"] in habits.hidden_by_next_mx and later and \
                one["outcome"] != "accepted" and \
                len(servers_of(recipient)) > 1 and \
                later[0]["mx"] != one["mx"] and \
                later[0]["time"] - one["time"] < 2:
            continue
        kept.append(one)
    return kept


def deliveries(record, habits):
    """One row for every remote recipient of the scenario."""
    attempts = collect(record, habits)
    rows = []
    for message in scenario.MESSAGES:
        for recipient in message["recipients"]:
            domain = domain_of(recipient)
            if domain in scenario.OWN or recipient in habits.not_taken:
                continue
            found = attempts.get((message["sender"], recipient), [])
            last = found[-1]["outcome"] if found else None
            end = last if last in ("accepted", "bounced") else "expired"
            if domain.startswith("hang"):
                end = habits.hung_end
                found = [] if end == "open" else found
            rows.append({"sender": message["sender"], "recipient": recipient,
                         "instance": message["instance"],
                         "end": habits.ends.get(domain, end),
                         "attempts": found})
    return rows


def plain(text):
    return re.sub("[^ -~]", "?", text)


class Comparison:
    """ROWS from deliveries() against READ, a list of what a log says:
    {sender, recipient, outcome, relay, reply}; relay is None or a name that
    is no host of the scenario where there was no session; outcome expired
    ends a recipient."""

    def __init__(self):
        self.checks = self.differences = 0

    def equal(self, what, log, sink):
        self.checks += 1
        if log != sink:
            self.differences += 1
            print("%s:\n  log  %r\n  sink %r" % (what, log, sink))

    def attempts(self, rows, read, same_reply, hidden_stages=()):
        hosts = {name.lower() for name in scenario.HOSTS}
        by_key = {}
        for one in read:
            by_key.setdefault((one["sender"], one["recipient"].lower()),
                              []).append(one)
        known = {(row["sender"], row["recipient"].lower()) for row in rows}
        self.equal("lines of nobody", [key for key in by_key
                                       if key[0] and key not in known], [])
        for row in rows:
            name = "%s -> %s" % (row["sender"], row["recipient"])
            lines = by_key.get((row["sender"], row["recipient"].lower()), [])
            with_session = [one for one in lines if one["relay"] in hosts]
            attempts = [one for one in row["attempts"]
                        if one["stage"] not in hidden_stages]
            self.equal(name + " outcomes",
                       [(one["outcome"], one["relay"]) for one in
                        with_session],
                       [(one["outcome"], one["mx"]) for one in attempts])
            for line, attempt in zip(with_session, attempts):
                self.checks += 1
                if attempt["reply"] and not same_reply(line["reply"],
                                                       attempt["reply"]):
                    self.equal(name + " words", line["reply"],
                               attempt["reply"])
            self.equal(name + " end", end_of(lines), row["end"])

    def verdict(self):
        print("%d checks, %d differences" % (self.checks, self.differences))
        return 1 if self.differences else 0


def end_of(lines):
    if any(one["outcome"] == "expired" for one in lines):
        return "expired"
    last = lines[-1]["outcome"] if lines else None
    return last if last in ("accepted", "bounced") else "open"


BY_ADDRESS = {address: name.lower()
              for name, (address, _) in scenario.HOSTS.items()}


def save(rows, path):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
