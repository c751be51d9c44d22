mxtrend rules
