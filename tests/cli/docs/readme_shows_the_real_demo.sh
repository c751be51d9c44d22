# The block behind "$ make demo" in README.md is the beginning of what the demo
# prints, up to a line of three dots.
"$ROOT/tests/demo.sh" "$(command -v mxtrend)" >demo
sed -n '/^\$ make demo$/,/^\.\.\.$/p' "$ROOT/README.md" | sed '1d;$d' >shown
test "$(wc -l <shown)" -gt 10
head -n "$(wc -l <shown)" demo | diff - shown
test -s demo.xlsx && test -s demo.html
