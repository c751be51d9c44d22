mxtrend formats | grep -c '^postfix '
mxtrend formats -f json | grep -c '^{"name":"postfix","title":".*","recognised":".*"}$'
