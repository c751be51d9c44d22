mxtrend --now=whenever config
