# Remarks of other hosts come along with their store, twice as once; they are
# shown once where both have the same one, and only their own host drops them.
mxtrend --state a --tz UTC --log-tz UTC -q ingest "$SAMPLES/postfix/shapes.log"
for host in a b; do
	mxtrend --state $host annotate 2026-11-20T09:00Z "the same remark"
	mxtrend --state $host annotate 2026-11-20T10:00Z "of host $host"
done
mxtrend --state a -q merge b
mxtrend --state a -q merge b
mxtrend --state a annotate --list
mxtrend --state a --now 2026-11-23 report -f json |
	python3 -c 'import json, sys
for it in json.load(sys.stdin)["annotations"]:
    print(it["text"])'
mxtrend --state a annotate --delete 4 || echo "status $?"
