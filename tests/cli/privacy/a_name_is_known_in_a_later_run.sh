# A reply of a later run tells the sender's name without its domain: it is
# hidden though no line of that run says who sent the message, and what waits
# in the store in between does not hold it. Names of one message are not
# known by those of another.
at=2026-11-20T10:00
cat >log <<END
$at:00+00:00 mx postfix/qmgr[1]: 4AAAA1: from=<greta.sender@example.org>, size=1, nrcpt=1 (queue active)
$at:00+00:00 mx postfix/qmgr[1]: 4AAAA2: from=<heinz@example.org>, size=1, nrcpt=1 (queue active)
$at:03+00:00 mx postfix/smtp[2]: 4AAAA1: to=<kim@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=4.2.2, status=deferred (host mx.example.com[203.0.113.5] said: 452 4.2.2 full (in reply to RCPT TO command))
$at:04+00:00 mx sendmail[7]: 6AKA01Bd004242: from=<ines-k@example.org>, size=1, class=0, nrcpts=1, msgid=<1@example.org>, proto=ESMTP, relay=client.example.net [192.0.2.77]
END
said='452 4.2.2 Greta.Sender, (greta.sender) <heinz> ines-k greta.senders xgreta.sender must wait'
cat >log.later <<END
2026-11-20T11:00:03+00:00 mx postfix/smtp[2]: 4AAAA1: to=<kim@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=3600, delays=3599/0/0/1, dsn=4.2.2, status=deferred (host mx.example.com[203.0.113.5] said: $said (in reply to RCPT TO command))
2026-11-20T11:00:04+00:00 mx sendmail[8]: 6AKA01Bd004242: to=<kim@example.com>, delay=01:00:00, xdelay=00:00:01, mailer=esmtp, pri=1, relay=mx.example.com. [203.0.113.5], dsn=4.2.2, stat=Deferred: $said
END
for how in hashed none; do
	printf '[privacy]\nsenders = %s\n' $how >conf
	mxtrend -c conf --state $how -q ingest log >/dev/null
	grep -aicE 'greta|heinz|ines-k' $how/mxtrend.db || :
	mxtrend -c conf --state $how -q ingest log.later >/dev/null
	for id in 4AAAA1 6AKA01Bd004242; do
		mxtrend -c conf --state $how trace $id | grep -o '452 4.2.2 [^f].*' |
			sed 's/u-[0-9a-f]\{12\}/PSEUDONYM/g'
	done
done
