mxtrend | head -n 1
