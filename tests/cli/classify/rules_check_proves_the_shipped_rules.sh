mxtrend rules check | sed 's/[0-9][0-9]* rules, [0-9][0-9]* examples/N rules, N examples/'
