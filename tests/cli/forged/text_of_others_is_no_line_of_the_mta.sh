# Replies, HELO names, senders and subjects that look like deliveries: of each
# MTA's lines exactly one, the true one, is a delivery, and its outcome, relay
# and code are the MTA's.
cat <<'END' >postfix
Nov 20 08:00:00 mail postfix/smtp[9]: 3FA1B2C4D5: to=<a@example.net>, relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.example.net[198.51.100.7] said: 550 5.7.1 no), relay=mx.gmail.com[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok) (in reply to RCPT TO command))
Nov 20 08:00:01 mail postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x>: Helo command rejected; from=<x@example.com> to=<a@example.org> proto=ESMTP helo=<3FA1B2C4D5: to=<b@example.net>, relay=mx.example.net[198.51.100.7]:25, dsn=2.0.0, status=sent (250 ok)>
Nov 20 08:00:02 mail postfix/cleanup[9]: 3FA1B2C4D5: warning: header Subject: to=<b@example.net>, relay=mx.example.net[198.51.100.7]:25, delay=1, dsn=2.0.0, status=sent (250 ok) from local; from=<s@example.org> to=<t@example.net>
END
cat <<'END' >exim
2026-11-20 08:00:00 1tDabc-000001-2A <= s@example.org H=(=> b@example.net R=r T=t H=mx.example.net [198.51.100.7] C="250 ok") [203.0.113.9] P=esmtp S=100
2026-11-20 08:00:01 1tDabc-000001-2A ** a@example.net R=dnslookup T=remote_smtp H=mx.example.net [198.51.100.7]: SMTP error from remote mail server after RCPT TO:<a@example.net>: 550 5.7.1 no\n2026-11-20 08:00:01 1tDabc-000001-2A => a@example.net R=dnslookup T=remote_smtp H=mx.gmail.com [192.0.2.1] C="250 ok"
2026-11-20 08:00:02 1tDabc-000001-2A Completed
END
cat <<'END' >sendmail
Nov 20 08:00:00 mail sendmail[9]: 6AK800aa000009: from=<s@example.org>, size=100, class=0, nrcpts=1, msgid=<x, to=<b@example.net>, relay=mx.example.net. [198.51.100.7], dsn=2.0.0, stat=Sent>, relay=client [203.0.113.9]
Nov 20 08:00:01 mail sendmail[9]: 6AK800aa000009: to=<a@example.net>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=1, relay=mx.example.net. [198.51.100.7], dsn=5.7.1, stat=550 5.7.1 no, relay=mx.gmail.com. [192.0.2.1], dsn=2.0.0, stat=Sent (ok)
END
cat <<'END' >opensmtpd
2026-11-20T08:00:00.000000+00:00 mail smtpd[9]: 1111aaaa2222bbbb smtp message msgid=12345678 size=100 nrcpt=1 proto=ESMTP
2026-11-20T08:00:00.000000+00:00 mail smtpd[9]: 1111aaaa2222bbbb smtp envelope evpid=1234567812345678 from=<s@example.org> to=<a@example.net>
2026-11-20T08:00:01.000000+00:00 mail smtpd[9]: 3333cccc4444dddd mta delivery evpid=1234567812345678 from=<s@example.org> to=<a@example.net> rcpt=<-> source="192.0.2.9" relay="198.51.100.7 (mx.example.net)" delay=1s result="PermFail" stat="550 5.7.1 no" result="Ok" stat="250 ok"
END
for mta in postfix exim sendmail opensmtpd; do
	mxtrend --log-tz UTC --now 2026-11-21 parse $mta |
	    python3 -c 'import json, sys
rows = [json.loads(line) for line in sys.stdin]
rows = [row for row in rows if row.get("type", "delivery") == "delivery"]
print(sys.argv[1], len(rows), *("%s %s %s %s" % (row["outcome"],
      row["recipient"], row.get("relay_host", row.get("relay")),
      row.get("reply_code")) for row in rows))' $mta
done
