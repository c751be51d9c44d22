# With [privacy] the local parts of addresses stand in no file of the store,
# while the counts stay what they are, over rotations too; domains and the
# contacts that a provider names stay.
{
	at=2026-11-20T10:00
	cat <<END
$at:00+00:00 mx postfix/smtpd[1]: 4AAAA1: client=client.example.net[192.0.2.77]
$at:00+00:00 mx postfix/qmgr[1]: 4AAAA1: from=<greta.sender@example.org>, size=1, nrcpt=3 (queue active)
$at:01+00:00 mx postfix/smtp[2]: 4AAAA1: to=<Hugo.first@example.com>, orig_to=<hugo.alias@example.net>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.com[203.0.113.5] said: 550 5.1.1 <hugo.first@example.com>: hugo.first is unknown, ask postmaster@example.com or <ida.other@example.com> (in reply to RCPT TO command))
$at:02+00:00 mx postfix/smtp[2]: 4AAAA1: to=<jan.second@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 <jan.second@example.com> ok)
$at:03+00:00 mx postfix/smtp[2]: 4AAAA1: to=<kim.third@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=4.2.2, status=deferred (host mx.example.com[203.0.113.5] said: 452 4.2.2 mailbox of kim.third full, greta.sender should wait, <greta.sender@example.org> too (in reply to RCPT TO command))
END
} >log
cat >log.later <<'END'
2026-11-20T11:00:03+00:00 mx postfix/smtp[2]: 4AAAA1: to=<kim.third@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=3600, delays=3599/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 ok)
2026-11-20T11:00:04+00:00 mx postfix/qmgr[1]: 4AAAA1: removed
END
cat >bounce.eml <<'END'
From: MAILER-DAEMON@example.net
To: greta.sender@example.org
Subject: failure
Date: Fri, 20 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; lena.bounced@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <lena.bounced@example.com> lena.bounced unknown

--b--
END
names='greta.sender hugo.first hugo.alias ida.other jan.second kim.third lena.bounced'
for how in whole hashed none; do
	printf '[privacy]\nrecipients = %s\nsenders = %s\n' $how $how >conf
	# in two pieces: what waits in between must fit together again
	mxtrend -c conf --state $how -q ingest log >/dev/null
	mxtrend -c conf --state $how -q ingest log.later bounce.eml >/dev/null
	printf '%s:' $how
	for name in $names; do
		printf ' %s' "$(cat $how/mxtrend.db* | grep -aiF "$name" |
		    grep -c .)" | sed 's/ [1-9][0-9]*/ held/'
	done
	echo
	cat $how/mxtrend.db* | grep -qaF postmaster@example.com
	cat $how/mxtrend.db* | grep -qaF @example.org
	mxtrend --state $how --now 2026-11-23 report -f json |
		python3 -c 'import json, sys
it = json.load(sys.stdin)
rows = json.dumps([it[key] for key in ("totals", "providers", "series", "domains")])
print(rows)' >$how.rows
	cmp whole.rows $how.rows
done
stat -c '%a %n' hashed/privacy.key
# one person is one pseudonym, asked for by the address
mxtrend -c conf --state whole trace --recipient kim.third@example.com |
	grep -c 4AAAA1 || :
printf '[privacy]\nrecipients = hashed\n' >conf
mxtrend -c conf --state hashed trace --recipient Kim.Third@example.com |
	sed 's/u-[0-9a-f]*/PSEUDONYM/g'
