# What starts as the records of one MTA may go on with syslog lines of others.
line="Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>, relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
iso="2026-11-20T08:00:03.250Z mx postfix/smtp[7]: ${line#*]: }"
for sample in kumomta/records qmail/current stalwart/stalwart maddy/maddy \
    haraka/default zonemta/sender ses/events sendgrid/events; do
	{
		cat "$SAMPLES/$sample.log"
		echo "$line"
		echo "$iso"
	} >mixed.log
	mxtrend --now 2026-11-23 parse mixed.log >facts
	own=$(mxtrend --now 2026-11-23 parse "$SAMPLES/$sample.log" | wc -l)
	echo "$sample $((own)) + $(grep -c '"mta":"postfix"' facts) = $(grep -c . facts)"
done
