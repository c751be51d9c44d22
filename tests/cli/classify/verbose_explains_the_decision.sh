mxtrend classify -v --provider kddi '550 : User unknown' | sed 's|(/.*/rules/|(|; s/:[0-9]*)$/:N)/'
