# Comments and blank lines are no remarks; a bad line costs itself alone; the
# same file again adds nothing.
printf '%s\n' '# checks of 2026-11-20' '' \
	'2026-11-20T10:00Z|-|192.0.2.9|dnsbl|zen.spamhaus.org: not listed' \
	'2026-11-20T10:05Z|microsoft-consumer|-|talos|neutral | good' \
	'soon|-|-|note|no such time' \
	'2026-11-20|nobody|-|note|no such provider' \
	'2026-11-20|-|192.0.2.300|note|no such address' \
	'2026-11-20|-|-|Note|no such kind' \
	'2026-11-20|-|-|note' | tr '|' '\t' >checks.tsv
mxtrend --state s --tz UTC annotate --import checks.tsv || echo "status $?"
mxtrend --state s --tz UTC annotate --import checks.tsv 2>&1 | tail -n 1
mxtrend --state s annotate --list -f json
