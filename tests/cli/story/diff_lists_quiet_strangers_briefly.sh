# Twelve providers with a mail each and nothing to say, and one that blocked.
for day in 02 10; do
	for n in 01 02 03 04 05 06 07 08 09 10 11 12; do
		echo "2026-11-${day}T08:00:${n}Z mx postfix/smtp[1]: 4F1${day}0000$n:" \
		    "to=<a@small$n.example>, relay=mx.small$n.example[203.0.113.9]:25," \
		    "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
	done
done >log
echo "2026-11-10T09:00:00Z mx postfix/smtp[1]: 4F1990000A:" \
    "to=<a@wall.example>, relay=mx.wall.example[203.0.113.8]:25, delay=1," \
    "delays=0/0/0/1, dsn=5.7.1, status=bounced (host" \
    "mx.wall.example[203.0.113.8] said: 554 5.7.1 Service unavailable;" \
    "Client host [192.0.2.9] blocked using zen.spamhaus.org)" >>log
run() { mxtrend --tz UTC --now 2026-11-20 diff 2026-11-02 2026-11-10 "$@" log; }
run | sed -n '/^PROVIDER/,/^$/p'
run --top 13 | grep '^small12'
