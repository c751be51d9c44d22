mxtrend config >/dev/full
