# By its content, whatever its name; and each format is listed.
for sample in powermta/accounting kumomta/records \
    exchange/MSGTRK2026112008-1 exchange/SEND2026112008-1 haraka/default \
    zonemta/sender stalwart/stalwart maddy/maddy qmail/current ses/events \
    sendgrid/events; do
	cp "$SAMPLES/$sample.log" some.file
	mxtrend parse some.file | sed 's/.*"mta":"\([a-z]*\)".*/\1/' | sort -u
done
mxtrend formats | grep -cE \
    '^(powermta|kumomta|exchange|exchange-send|haraka|zonemta|stalwart|maddy|qmail|ses|sendgrid) '
