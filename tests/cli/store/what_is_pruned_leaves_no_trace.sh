# The addresses of what was dropped stand neither in the file nor in its
# journal any more, the ledger of what was read included; those of what was kept
# do.
{
	for day in 2026-03-01:first 2026-11-20:second; do
		who=${day#*:} at=${day%:*}T10:00
		cat <<END
$at:00+00:00 mx postfix/smtpd[1]: 4$who: client=client.example.net[192.0.2.77]
$at:00+00:00 mx postfix/qmgr[1]: 4$who: from=<$who-sender@example.org>, size=1, nrcpt=1 (queue active)
$at:01+00:00 mx postfix/smtp[2]: 4$who: to=<$who-recipient@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.com[203.0.113.5] said: 550 5.1.1 <$who-recipient@example.com>: no such user (in reply to RCPT TO command))
$at:02+00:00 mx postfix/qmgr[1]: 4$who: removed
$at:03+00:00 mx postfix/qmgr[1]: 5$who: from=<$who-waiting@example.org>, size=1, nrcpt=1 (queue active)
$at:04+00:00 mx postfix/smtp[2]: 5$who: to=<$who-open@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=4.2.2, status=deferred (host mx.example.com[203.0.113.5] said: 452 4.2.2 <$who-open@example.com> full (in reply to RCPT TO command))
END
	done
} >log
mxtrend --state . -q ingest log >/dev/null
count() { # TEXT: files of the store that hold it
	grep -laF "$1" mxtrend.db mxtrend.db-wal 2>/dev/null | wc -l
}
look() {
	for who in first second; do
		for what in sender recipient waiting open; do
			printf '%s-%s %s ' $who $what "$(count $who-$what)"
		done
	done
	echo
}
mxtrend --state . --now 2026-11-23 report -f json >before
look
mxtrend --state . --now 2026-11-23 prune --keep 90d
look
# What is counted stays.
mxtrend --state . --now 2026-11-23 report -f json >after
python3 - <<'END'
import json
before, after = (json.load(open(name)) for name in ("before", "after"))
for key in ("totals", "providers", "series", "reasons", "domains"):
    assert before[key] == after[key], key
END
mxtrend --state . --now 2026-11-23 prune --keep 90d
