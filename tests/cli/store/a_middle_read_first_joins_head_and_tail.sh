# A day that came late is read together with the newest, between which lies what
# was read before: the message is one, as in all other orders of reading; so for
# pieces of a day, whose hours all have lines of others, and for pieces of one
# hour. (Where head and tail of one hour were read and the middle comes last,
# nothing told that it was missing: that order is left out.)
lines() { # DAY HOUR MINUTE KIND
	at=2026-11-$1T$2:$3
	age=$(((($1 - 16) * 24 + 1$2 - 109) * 3600 + 1$3 * 60 - 6000 + 1))
	case $4 in
	head)
		echo "$at:00+00:00 mx postfix/smtpd[1]: 4AAAA1: client=client.example.net[192.0.2.77]"
		echo "$at:00+00:00 mx postfix/qmgr[1]: 4AAAA1: from=<a@example.org>, size=1, nrcpt=1 (queue active)"
		;;
	esac
	echo "$at:01+00:00 mx postfix/smtp[2]: 4AAAA1: to=<b@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=$age, delays=0/0/0/1, dsn=4.2.2, status=deferred (host mx.example.com[203.0.113.5] said: 452 4.2.2 mailbox full (in reply to RCPT TO command))"
	case $4 in
	tail)
		echo "$at:02+00:00 mx postfix/smtp[2]: 4AAAA1: to=<b@example.com>, relay=mx.example.com[203.0.113.5]:25, delay=$age, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 ok)"
		echo "$at:03+00:00 mx postfix/qmgr[1]: 4AAAA1: removed"
		;;
	esac
}
others() { # DAY FIRST-HOUR LAST-HOUR
	for hour in $(seq -w "$2" "$3"); do
		echo "2026-11-$1T$hour:30:00+00:00 mx postfix/smtp[3]: 4BBBB1: to=<d@example.net>, relay=mx.example.net[203.0.113.6]:25, delay=500000, delays=499999/0/1/0, dsn=4.4.1, status=deferred (connect to mx.example.net[203.0.113.6]:25: Connection timed out)"
	done
}
report() {
	mxtrend --state "$1" --tz UTC --now 2026-11-23 report -f json |
		python3 -c 'import json, sys
it = json.load(sys.stdin)
json.dump([it[key] for key in ("totals", "series", "reasons", "domains")],
          sys.stdout)'
}
for kind in days minutes; do
	mkdir $kind
	cd $kind
	if [ $kind = days ]; then
		{ lines 16 09 00 head && others 16 09 23; } >a
		for hour in 01 05 09 13 17 21; do lines 17 $hour 00 middle; done >b
		others 17 00 23 >>b
		{ others 18 00 01 && lines 18 02 00 tail; } >c
		orders='b ac,b ca,a bc,c ab,c ba,b a c,b c a,a c b'
	else
		lines 16 09 00 head >a
		lines 16 09 20 middle >b
		lines 16 09 40 tail >c
		orders='b ac,b ca,a bc,c ab,c ba,b a c,b c a'
	fi
	mxtrend --state whole -q ingest a b c
	report whole >whole.json
	echo "$orders" | tr ',' '\n' | while read -r order; do
		state=$(echo "$order" | tr ' ' _)
		for night in $order; do
			# shellcheck disable=SC2046
			mxtrend --state "$state" -q ingest \
			    $(echo "$night" | sed 's/./& /g')
		done
		report "$state" >"$state.json"
		cmp -s "$state.json" whole.json && echo "$kind $order: the same" ||
		    echo "$kind $order: another report"
	done
	cd ..
done
