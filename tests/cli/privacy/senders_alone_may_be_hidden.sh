# Recipients stay whole, in their own column and in the words.
cat <<'END' >log
2026-11-20T10:00:00+00:00 mx postfix/qmgr[1]: 4AAAA1: from=<greta.sender@example.org>, size=1, nrcpt=1 (queue active)
2026-11-20T10:00:01+00:00 mx postfix/smtp[2]: 4AAAA1: to=<hugo.first@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.com[203.0.113.5] said: 550 5.1.1 <hugo.first@example.com>: hugo.first does not want Greta.Sender, <greta.sender@example.org> (in reply to RCPT TO command))
2026-11-20T10:00:02+00:00 mx postfix/qmgr[1]: 4AAAA1: removed
END
printf '[privacy]\nsenders = hashed\n' >conf
mxtrend -c conf --state s -q ingest log >/dev/null
mxtrend -c conf --state s trace 4AAAA1 | sed 's/u-[0-9a-f]*/PSEUDONYM/g'
