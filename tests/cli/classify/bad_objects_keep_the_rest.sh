printf '{"x":1}\n550 5.1.1 User unknown\n' | mxtrend classify -f json
