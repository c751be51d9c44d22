# sendmail keeps the two ends of a reply; the log of a real one.
mxtrend --log-tz Europe/Berlin parse "$SAMPLES"/real-sendmail/mail-iso.log |
    grep 'provider... (S3140)' |
    sed 's/.*"provider":"\([^"]*\)","reason":"\([^"]*\)","scope":"\([^"]*\)","severity":"\([^"]*\)","token":"\([^"]*\)".*/\1 \2 \3 \4 \5/' |
    sort | uniq -c | sed 's/^ *//'
