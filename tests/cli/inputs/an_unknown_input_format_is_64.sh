mxtrend --input-format nosuch parse "$SAMPLES"/demo/mail.log
