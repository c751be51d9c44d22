printf '[report]\n\ncolour = red\n' >own.conf
mxtrend -c own.conf config
