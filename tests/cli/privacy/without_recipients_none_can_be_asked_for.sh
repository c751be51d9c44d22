printf '[privacy]\nrecipients = none\n' >conf
mxtrend -c conf --state s -q ingest "$SAMPLES"/postfix/*.log >/dev/null
mxtrend -c conf --state s trace --recipient tina@example.com
