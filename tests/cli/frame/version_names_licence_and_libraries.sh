mxtrend --version
