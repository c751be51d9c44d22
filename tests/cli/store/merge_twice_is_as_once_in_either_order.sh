cd "$SAMPLES/demo"
set -- *
first=$(printf '%s\n' "$@" | sed -n '1~2p')
second=$(printf '%s\n' "$@" | sed -n '2~2p')
state=$OLDPWD
mxtrend --state "$state/a" -q ingest $first
mxtrend --state "$state/b" -q ingest $second
mxtrend --state "$state/all" -q ingest "$@"
mxtrend --state "$state/ab" -q merge "$state/a" "$state/b" "$state/b"
mxtrend --state "$state/ba" -q merge "$state/b" "$state/a/mxtrend.db"
mxtrend --state "$state/ba" -q merge "$state/b"
cd "$state"
for it in all ab ba; do
	mxtrend --state $it --now 2026-11-23 report -f json >$it.json
done
python3 "$ROOT/tests/truth/same.py" all.json ab.json
python3 "$ROOT/tests/truth/same.py" all.json ba.json
# what both have read would count twice
mxtrend --state all merge a
