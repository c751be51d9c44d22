#!/usr/bin/env python3
"""Logs for the benchmark that tests/gen/genlog does not make: other mail
programs' and inputs that are hard to read. Always the same bytes.

makelogs.py KIND MEGABYTES FILE
"""
import random
import sys
import time

START = 1793491200  # 2026-11-01T00:00:00Z
WORDS = """account address again badly because beyond blocked by cannot client
come connection denied directory disabled domain envelope error exceeded failed
filter found from full group have host inactive limit list local mail mailbox
message network no not of on open our over owner part policy postmaster quota
range rate recipient refused rejected relay reputation route sender server
service site spam system temporarily that the this time to too try unknown
unusual user volume with your""".split()
MX = [("gmail.com", "gmail-smtp-in.l.google.com", "203.0.113.1"),
      ("outlook.com", "outlook-com.olc.protection.outlook.com", "192.0.2.101"),
      ("yahoo.com", "mta5.am0.yahoodns.net", "198.51.100.5"),
      ("web.de", "mx-ha02.web.de", "203.0.113.17"),
      ("gmx.net", "mx00.emig.gmx.net", "203.0.113.15")]
REFUSALS = [
    "550 5.1.1 <u%(n)d@%(domain)s>: Recipient address rejected: User unknown",
    "421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred due to "
    "unexpected volume or user complaints - 4.16.55.1",
    "550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please "
    "contact your Internet service provider since part of their network is "
    "on our block list (S3140).",
    "452 4.2.2 The email account that you tried to reach is over quota"]


def words(rng, count):
    return " ".join(rng.choices(WORDS, k=count))


def syslog(at):
    return time.strftime("%b %e %H:%M:%S", time.gmtime(at))


def queue_id(n):
    return "%011X" % (0x10000000000 + n * 7)


def postfix(rng, n, at, domain, mx, ip, end, code="", is_over=True):
    """One message's lines, as Postfix 3 writes them."""
    front = syslog(at) + " mail.example.org postfix/"
    qid = queue_id(n)
    yield "%ssmtpd[711]: %s: client=app.example.org[192.0.2.20]\n" % (
        front, qid)
    yield "%scleanup[712]: %s: message-id=<%d.bench@example.org>\n" % (
        front, qid, n)
    yield ("%sqmgr[713]: %s: from=<news@example.org>, size=%d, nrcpt=1 "
           "(queue active)\n" % (front, qid, 2000 + n % 9000))
    yield ("%ssmtp[714]: %s: to=<u%d@%s>, relay=%s[%s]:25, delay=1.2, "
           "delays=0.1/0/0.5/0.6, dsn=%s, status=%s\n" % (
               front, qid, n, domain, mx, ip, code, end))
    if is_over:
        yield "%sqmgr[713]: %s: removed\n" % (front, qid)


def all_refused(rng, n, at):
    domain, mx, ip = rng.choice(MX)
    text = "host %s[%s] said: 550 5.7.1 %s (in reply to RCPT TO command)" % (
        mx, ip, words(rng, 14))
    return postfix(rng, n, at, domain, mx, ip, "bounced (%s)" % text, "5.7.1")


def many_domains(rng, n, at):
    domain = "d%x.example" % rng.getrandbits(40)
    return postfix(rng, n, at, domain, "mx." + domain, "198.51.100.%d" %
                   (n % 255), "sent (250 2.0.0 ok)", "2.0.0")


def many_open(rng, n, at):
    domain, mx, ip = rng.choice(MX)
    text = "host %s[%s] said: 452 4.2.2 over quota (in reply to RCPT TO " \
        "command)" % (mx, ip)
    return postfix(rng, n, at, domain, mx, ip, "deferred (%s)" % text,
                   "4.2.2", is_over=False)


def one_provider(rng, n, at):
    domain, mx, ip = MX[0]
    return postfix(rng, n, at, domain, mx, ip,
                   "sent (250 2.0.0 OK  %d gsmtp)" % n, "2.0.0")


def noise(rng, n, at):
    front = syslog(at) + " host%d " % (n % 3)
    yield "%skernel: [%d.5] %s\n" % (front, n, words(rng, 9))
    yield "%scontainer-%d[%d]: %s\n" % (front, n % 5000, n % 60000,
                                        words(rng, 12))
    yield "%spostfix/smtpd[711]: connect from unknown[192.0.2.%d]\n" % (
        front, n % 255)
    yield "%sCRON[%d]: (root) CMD (%s)\n" % (front, n % 60000, words(rng, 5))
    yield words(rng, 10) + "\n"


def long_lines(rng, n, at):
    domain, mx, ip = rng.choice(MX)
    text = "host %s[%s] said: 550 5.7.1 %s (in reply to end of DATA " \
        "command)" % (mx, ip, words(rng, 40) * (200 if n % 20 else 400))
    return postfix(rng, n, at, domain, mx, ip, "bounced (%s)" % text, "5.7.1")


def exim(rng, n, at):
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))
    mid = "1x%04x-%06x-%02x" % (n >> 24 & 0xffff, n & 0xffffff, n % 97)
    domain, mx, ip = rng.choice(MX)
    yield ("%s %s <= news@example.org H=app.example.org [192.0.2.20] "
           "P=esmtp S=%d id=%d.bench@example.org\n" % (
               stamp, mid, 2000 + n % 9000, n))
    session = ("R=dnslookup T=remote_smtp H=%s [%s] "
               "X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 "
               "CV=yes" % (mx, ip))
    if n % 6:
        yield ('%s %s => u%d@%s %s C="250 2.0.0 OK %d" QT=1s DT=1s\n' % (
            stamp, mid, n, domain, session, n))
    else:
        yield ("%s %s ** u%d@%s %s: SMTP error from remote mail server after "
               "RCPT TO:<u%d@%s>: %s\n" % (
                   stamp, mid, n, domain, session, n, domain,
                   rng.choice(REFUSALS) % {"n": n, "domain": domain}))
    yield "%s %s Completed\n" % (stamp, mid)


def sendmail(rng, n, at):
    front = syslog(at) + " mail.example.org sendmail[%d]: " % (n % 60000)
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
    day = time.gmtime(at)
    mid = "".join(digits[i] for i in (
        day.tm_year % 60, day.tm_mon - 1, day.tm_mday, day.tm_hour,
        day.tm_min, day.tm_sec, n // 60 % 60, n % 60)) + "%06d" % (n % 60000)
    domain, mx, ip = rng.choice(MX)
    yield ("%s%s: from=<news@example.org>, size=%d, class=0, nrcpts=1, "
           "msgid=<%d.bench@example.org>, proto=ESMTP, daemon=MTA, "
           "relay=app.example.org [192.0.2.20]\n" % (
               front, mid, 2000 + n % 9000, n))
    yield ("%sSTARTTLS=client, relay=%s., version=TLSv1.3, verify=OK, "
           "cipher=TLS_AES_256_GCM_SHA384, bits=256/256\n" % (front, mx))
    if n % 6:
        end = "dsn=2.0.0, stat=Sent (OK %d)" % n
    else:
        end = "dsn=5.1.1, reply=%s, stat=User unknown" % (
            rng.choice(REFUSALS) % {"n": n, "domain": domain})
    yield ("%s%s: to=<u%d@%s>, delay=00:00:01, xdelay=00:00:01, "
           "mailer=esmtp, pri=122000, relay=%s. [%s], %s\n" % (
               front, mid, n, domain, mx, ip, end))


KUMO = ('{"type":"%s","id":"%032x","sender":"news@example.org",'
        '"recipient":"u%d@%s","queue":"%s","site":"out1->(%s)@smtp_client",'
        '"size":%d,"response":{"code":%d,"enhanced_code":{"class":%d,'
        '"subject":%d,"detail":%d},"content":"%s","command":null},'
        '"peer_address":{"name":"%s.","addr":"%s"},"timestamp":%d,'
        '"created":%d,"num_attempts":1,"bounce_classification":'
        '"Uncategorized","egress_pool":"pool1","egress_source":"out1",'
        '"source_address":{"address":"198.51.100.9:41234","protocol":null,'
        '"server":null},"feedback_report":null,"meta":{},"headers":{},'
        '"delivery_protocol":"ESMTP","reception_protocol":"ESMTP",'
        '"nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173"}\n')


def kumomta(rng, n, at):
    domain, mx, ip = rng.choice(MX)
    refused = n % 6 == 0
    code, enhanced = (550, (5, 1, 1)) if refused else (250, (2, 0, 0))
    text = "no such user" if refused else "OK %d" % n
    yield KUMO % (("Bounce" if refused else "Delivery", n, n, domain, domain,
                   mx, 2000 + n % 9000, code) + enhanced +
                  (text, mx, ip, at, at - 1))


KINDS = {f.__name__: f for f in (
    all_refused, many_domains, many_open, one_provider, noise, long_lines,
    exim, sendmail, kumomta)}


def main():
    kind, size, path = KINDS[sys.argv[1]], int(sys.argv[2]), sys.argv[3]
    rng = random.Random(1)
    left, n, at = size * 1000000, 0, START
    rate = max(1, size * 1000000 // 1500 // (7 * 86400) + 1)
    with open(path, "w", encoding="ascii") as out:
        while left > 0:
            text = "".join(kind(rng, n, at))
            out.write(text)
            left -= len(text)
            n += 1
            at += n % rate == 0


if __name__ == "__main__":
    main()
