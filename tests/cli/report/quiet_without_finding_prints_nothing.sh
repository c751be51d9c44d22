mxtrend -q --tz Europe/Berlin --log-tz Europe/Berlin \
    --now 2026-11-23T00:17:00+01:00 report --until 2026-11-12 \
    "$SAMPLES"/demo/mail.log*
