mxtrend report "$SAMPLES"/demo/mail.log >/dev/full
