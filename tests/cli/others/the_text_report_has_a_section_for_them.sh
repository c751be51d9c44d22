# In 80 columns, and not a line of it where there are no reports.
python3 "$ROOT/tests/support/witness_set.py" .
cat >snds.csv <<'END'
192.0.2.9,11/16/2026 8:00 AM,11/16/2026 11:59 PM,1200,1100,1150,YELLOW,< 0.1%,,,0,mail.example.com,news@example.com,
192.0.2.9,11/17/2026 8:00 AM,11/17/2026 11:59 PM,900,30,12,RED,0.3%,11/17/2026 8:00 AM,11/17/2026 9:00 AM,3,mail.example.com,news@example.com,
192.0.2.10,11/17/2026 8:00 AM,11/17/2026 11:59 PM,300,300,300,GREEN,,,,0,mail.example.com,news@example.com,
END
cat >status.csv <<'END'
192.0.2.0,192.0.2.255,Yes,Blocked due to user complaints or other evidence of spamming
END
touch -d 2026-11-17T12:00:00Z status.csv
sed 's/2026-05-12/2026-11-12/g' "$SAMPLES/reports/tlsrpt.json" >tls.json
sed 's/23 Nov 2026/15 Nov 2026/' "$SAMPLES/reports/arf.eml" >arf.eml
report() {
	mxtrend -c own.conf --now 2026-11-20 --tz UTC report "$@"
}
report mail.log ./*.xml.gz snds.csv status.csv tls.json arf.eml >text
sed -n '/^REPORTS FROM OUTSIDE/,/^COVERAGE/p' text
awk 'length > 80' text
report mail.log | grep -c -e OUTSIDE -e WITNESS -e DMARC || true
# a report of another time is not lost without a word
report mail.log "$SAMPLES/reports/dmarc.zip" | grep OUTSIDE
