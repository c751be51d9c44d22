# One syslog for all: each format's lines are found among the others'.
{
	echo "Nov 20 08:00:01 mx qmail: 1795161601.000001 starting delivery 1: msg 7 to remote a@example.net"
	echo "Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>, relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
	echo "Nov 20 08:00:03 mx qmail: 1795161603.000001 delivery 1: success: 198.51.100.7_accepted_message./Remote_host_said:_250_ok/"
	echo "Nov 20 08:00:04 mx maddy[8]: remote_queue: delivered#011{\"attempt\":1,\"msg_id\":\"1a\",\"rcpt\":\"c@example.net\"}"
	echo "Nov 20 08:00:05 mx zone-mta[9]: 1571b2e8eff0003f62.001 ACCEPTED from=s@example.org[s@example.org] to=d@example.net src=192.0.2.9 mx=mx.example.net[198.51.100.7] id=<m@example.org> (250 ok)"
	echo "Nov 20 08:00:06 mx haraka[10]: [NOTICE] [A.1.1] [outbound] recipient <e@example.net> rejected: 550 5.1.1 no"
	echo "Nov 20 08:00:07 mx sshd[11]: Accepted publickey for root from 192.0.2.1"
	echo "Nov 20 08:00:08 mx dovecot: imap-login: Login: user=<a@example.net>, rip=192.0.2.1"
	echo "Nov 20 08:00:09 mx amavis[12]: (1-1) Passed CLEAN, <s@example.org> -> <a@example.net>, queued_as: 4F1A"
} >mail.log
mxtrend --now 2026-11-23 parse --skipped mail.log |
    sed -E 's/.*"mta":"([a-z]+)".*"recipient":"([^"]*)".*"outcome":"([a-z]+)".*/\1 \2 \3/'
