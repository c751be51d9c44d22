# Twelve messages of three sender domains are refused. Of the deferred ones two
# are accepted after the block (waits 3:00:00 and 2:00:00, counted by hand),
# one while it lasts, one expires and one waits; the others bounce.
line() { # line MINUTE ID TEXT
	printf '2026-11-20T%02d:%02d:00Z mail postfix/%s\n' \
		$((8 + $1 / 60)) $(($1 % 60)) "$2"
}
born() { # born MINUTE ID SENDER
	line "$1" "cleanup[1]: $2: message-id=<$2@example.org>"
	line "$1" "qmgr[1]: $2: from=<$3>, size=1, nrcpt=1 (queue active)"
}
tried() { # tried MINUTE ID STATUS [BORN]
	dsn=5.7.1 words='550 5.7.1'
	test "$3" != deferred || dsn=4.7.1 words='451 4.7.1'
	said="host mx.example.com[203.0.113.5] said: $words Client host [192.0.2.9] blocked using zen.spamhaus.org"
	test "$3" != sent || { dsn=2.0.0 said='250 2.0.0 Ok'; }
	line "$1" "smtp[1]: $2: to=<$2@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=$((60 * ($1 - ${4:-$1}) + 1)), delays=0/0/0/1, dsn=$dsn, status=$3 ($said)"
	test "$3" = deferred || line "$1" "qmgr[1]: $2: removed"
}
{
	for i in 1 2 3 4 5 6 7; do
		born $i "00000A$i" "a$i@example.org"
		tried $i "00000A$i" bounced
	done
	for i in 1 2 3 4 5; do
		born 1$i "00000D$i" "d$i@news$((i % 2)).example.org"
		tried 1$i "00000D$i" deferred
	done
	tried 31 00000D3 sent 13
	tried 50 00000D1 deferred 11
	line 51 "qmgr[1]: 00000D4: from=<d4@news0.example.org>, status=expired, returned to sender"
	line 51 "qmgr[1]: 00000D4: removed"
	born 60 00000B1 b@example.org
	tried 60 00000B1 sent
	tried 132 00000D2 sent 12
	tried 191 00000D1 sent 11
} >log
sort -s -k1,1 log >sorted
COLUMNS=300 mxtrend --tz UTC --now 2026-11-21 episodes sorted | tail -n 2
mxtrend --tz UTC --now 2026-11-21 episodes -f json sorted |
	grep 'deliver\|still\|median\|sender_domains'
# night by night the same
head -n 30 sorted >log.1 && mxtrend --state s -q ingest log.1
mxtrend --state s -q ingest sorted
COLUMNS=300 mxtrend --state s --tz UTC --now 2026-11-21 episodes | tail -n 1
