# Control characters and direction marks in names of files and stores, in what a
# store of others says, and in what commands are given: none reaches a terminal.
bad=$(printf '\033]0;x\007\342\200\256')
log=mail$bad.log
cp "$SAMPLES/postfix/reasons.log" "$log"
printf '%s\n' "name = $bad" "bogus$bad" >"f$bad.format"
export LC_ALL=C.UTF-8
try() {
	mxtrend --now 2026-11-26 "$@" >out 2>err </dev/null || :
	cat out err >>all
}
try --state "s$bad" -v ingest "$log"
cp -r "s$bad" other
cp -r "s$bad" third
python3 - <<'END'
import sqlite3
bad = "\x1b]0;x\x07\u202e"
store = sqlite3.connect("other/mxtrend.db")
for sql in ("UPDATE input SET path = path || ?", "UPDATE input SET format = ?",
            "UPDATE name SET text = text || ?",
            "UPDATE reply SET reason = ?", "UPDATE reply SET token = ?",
            "UPDATE reply SET masked = ?", "UPDATE reply SET rule = ?",
            "UPDATE reply SET scope = ?",
            "UPDATE attempt SET queue_id = queue_id || ?",
            "INSERT INTO skipped SELECT slot, host, ?, 1, 5 FROM coverage"):
    store.execute(sql, (bad,))
store.commit()
END
for state in "s$bad" other; do
	try --state "$state" status -v
	try --state "$state" report -v
	try --state "$state" episodes --all
	try --state "$state" diff
	try --state "$state" trace --reply b
	try --state "$state" annotate "2026-11-20 $bad"
	try --state "$state" annotate --list
	try --state "$state" report --since "$bad"
done
try --state third merge "s$bad"
try formats --check "f$bad.format"
try report "$log" "none$bad"
try "$bad"
try -c "none$bad" report
grep -c . all | python3 -c 'print(int(input()) > 100)'
if LC_ALL=C grep -q "$(printf '[\001-\010\016-\037\177]')" all; then
	LC_ALL=C grep "$(printf '[\001-\010\016-\037\177]')" all | od -c | head -n 5
fi
grep -c "$(printf '\342\200\256')" all || :
