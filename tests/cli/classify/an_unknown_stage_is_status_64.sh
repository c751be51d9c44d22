mxtrend classify --stage nosuch '550 x'
