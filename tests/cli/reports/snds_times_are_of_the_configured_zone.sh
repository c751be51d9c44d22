# Los Angeles is 8 hours behind UTC in November and 7 in July. The day stays
# the one that is written, though it begins on the next one in UTC.
cat >snds.csv <<'EOF'
192.0.2.9,11/16/2026 8:00 AM,11/16/2026 11:59 PM,1200,1100,1150,GREEN,< 0.1%,,,0,mail.example.com,news@example.com,
192.0.2.9,11/17/2026 8:00 PM,11/17/2026 11:59 PM,900,30,12,RED,0.3%,,,3,mail.example.com,news@example.com,
192.0.2.9,7/1/2026 8:00 AM,7/1/2026 11:59 PM,900,30,12,RED,0.3%,,,3,mail.example.com,news@example.com,
EOF
touch -d 2026-11-18T12:00:00Z snds.csv
printf '[mailbox]\nsnds_timezone = America/Los_Angeles\n' >la.conf
printf '[mailbox]\nsnds_timezone =\n' >empty.conf
printf '[mailbox]\nsnds_timezone = Nowhere/City\n' >bad.conf
stamps() {
	sed 's/.*"begin":"\([^"]*\)","end":"\([^"]*\)".*/\1 \2/'
}
rows() {
	python3 -c 'import json, sys
for row in json.load(sys.stdin)["snds"]:
    print(row["day"], row["begin"], row["end"])'
}
# whatever the zone of the machine is
export TZ=Asia/Tokyo
for conf in la empty; do
	echo "== $conf"
	mxtrend -c $conf.conf --now 2026-11-20 parse snds.csv | stamps
	mxtrend -c $conf.conf --now 2026-11-20 --utc report --since 2026-06-01 \
	    -f json snds.csv | rows
	mxtrend -q -c $conf.conf --now 2026-11-20 --state $conf ingest snds.csv
	mxtrend --now 2026-11-20 --utc --state $conf report \
	    --since 2026-06-01 -f json | rows
done
mxtrend -c bad.conf parse snds.csv 2>err || echo $?
cat err
