mxtrend reprot
