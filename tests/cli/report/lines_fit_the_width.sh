for width in 60 80 132; do
	COLUMNS=$width mxtrend --tz UTC --log-tz Europe/Berlin \
	    --now 2026-11-23 report "$SAMPLES"/demo/mail.log* |
	    awk -v w=$width 'length > w { print w ": " $0 }'
done
