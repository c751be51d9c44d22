mxtrend --no-such-option
