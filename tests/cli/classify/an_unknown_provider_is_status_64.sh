mxtrend classify --provider nosuch '550 x'
