# decided_by and runner_up are shown only when asked for.
mxtrend classify -f json --provider kddi '550 : User unknown' |
	grep -c runner_up || :
mxtrend classify --explain -f json --provider kddi '550 : User unknown' |
	/usr/bin/python3 -c 'import json, sys
it = json.load(sys.stdin)
print(it["masked"], it["decided_by"], it["runner_up"], sep="\n")'
