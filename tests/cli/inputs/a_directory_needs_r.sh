mkdir logs
cp "$SAMPLES"/demo/mail.log logs/
status=0
mxtrend parse logs || status=$?
echo "$status"
mxtrend --log-tz Europe/Berlin --now 2026-11-23 parse -r logs >facts
test "$(wc -l <facts)" -gt 100
