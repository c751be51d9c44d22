gzip -c "$SAMPLES"/demo/mail.log | head -c 20000 >cut.gz
status=0
mxtrend --log-tz Europe/Berlin --now 2026-11-23 parse cut.gz >facts || status=$?
test "$(wc -l <facts)" -gt 10
exit $status
