printf '[privacy]\nrecipients = some\n' >conf
mxtrend -c conf --state s report
