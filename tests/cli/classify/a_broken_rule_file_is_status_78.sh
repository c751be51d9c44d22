mkdir mine
printf 'rule mine\npcre (\nclass ip-block ip block explicit\nmeaning M\n' >mine/a.rules
printf '[rules]\ndirectory = mine\n' >own.conf
mxtrend -c own.conf classify '550 x'
