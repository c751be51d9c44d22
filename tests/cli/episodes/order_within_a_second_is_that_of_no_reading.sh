# Refusals and acceptances share their seconds; the log has fractions of them
# or not. Whichever of its two halves is read first, the votes are the same.
PYTHONPATH="$ROOT/tests/support" python3 - <<'END'
from mail_log import BLOCK, Log
log = Log("2026-11-01")
for i in range(240):
    log.message(i // 8, [(0, f"u{i}", "250 2.0.0 Ok" if i % 4 == 1 else BLOCK)])
log.write("fine")
END
sed 's/\.[0-9]*+/+/' fine >coarse
explain() {
	id=$(mxtrend "$@" episodes -f json | sed -n 's/.*"id": "\(.*\)",/\1/p')
	mxtrend "$@" episodes --explain "$id" | sed -n '/^votes:/,$p'
}
for log in fine coarse; do
	awk '{ print > (NR % 3 ? "a" : "b") }' "$log"
	for first in a b; do
		set -- --state "$log-$first" --tz UTC --now 2026-11-02
		mxtrend -q "$@" ingest "$first"
		mxtrend -q "$@" ingest a b
		explain "$@" >"votes-$log-$first"
	done
	rm a b
	cmp "votes-$log-a" "votes-$log-b" || echo "$log: they differ"
	grep -c refusal "votes-$log-a"
done
sed -n 5,15p votes-coarse-a
# where the log has fractions, its own order: seven of eight in its order
awk '/refusal/ { print $5 }' votes-fine-a | sort -c && echo in order
