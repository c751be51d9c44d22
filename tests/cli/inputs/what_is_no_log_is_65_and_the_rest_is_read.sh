printf 'lorem ipsum\ndolor sit amet\n' >letter.txt
status=0
mxtrend --log-tz Europe/Berlin --now 2026-11-23 parse letter.txt \
    "$SAMPLES"/demo/mail.log >facts || status=$?
test "$(wc -l <facts)" -gt 100
exit $status
