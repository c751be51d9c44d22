# One remark, typed in twice, is kept once and shown in the report, between the
# votes of the episode that it concerns, and in no other.
mxtrend --state s -q ingest "$SAMPLES"/demo/*
for _ in 1 2; do
	mxtrend --state s --tz UTC annotate 2026-11-20T09:00 --ip 192.0.2.9 \
		"delisting request 1 sent, ticket 12345"
done
mxtrend --state s annotate 2026-11-20T09:00Z --provider gmail "nothing here"
mxtrend --state s annotate --list
mxtrend --state s --tz UTC --now 2026-11-23 report |
	grep 'ticket\|nothing here'
mxtrend --state s --tz UTC --now 2026-11-23 report -f json |
	python3 -c 'import json, sys
for it in json.load(sys.stdin)["annotations"]:
    print(it)'
mxtrend --state s --tz UTC --now 2026-11-23 episodes --explain 5f632989 |
	grep -B1 -A1 '^2.*ticket' | cut -c1-50
mxtrend --state s annotate --delete 2
mxtrend --state s annotate --list
