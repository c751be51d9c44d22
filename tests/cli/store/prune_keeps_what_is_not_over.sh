mxtrend --state s -q ingest "$SAMPLES"/demo/*
mxtrend --state s --now 2026-11-23 episodes -f json >before.json
mxtrend --state s --now 2026-11-23 prune --keep 1d --dry-run >dry
mxtrend --state s --now 2026-11-23 prune --keep 1d >wet
mxtrend --state s --now 2026-11-23 episodes -f json >after.json
cmp before.json after.json
sed 's/^would drop/dropped/' dry | cmp - wet
# nothing dropped can be found in the file: a recipient that was unknown
grep -c 'walter.conrad1373' s/mxtrend.db
