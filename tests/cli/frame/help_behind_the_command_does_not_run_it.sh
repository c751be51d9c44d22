mxtrend config --help | head -n 1
