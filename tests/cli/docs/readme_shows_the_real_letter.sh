# The block behind "$ mxtrend evidence" in README.md is what it prints on the
# demo's logs, "..." standing for other lines.
mxtrend --log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00 evidence outlook \
    "$SAMPLES"/demo/mail.log* >letter
sed -n '/^\$ mxtrend evidence /,/^```$/p' "$ROOT/README.md" | sed '1d;$d' |
    grep -v '^\.\.\.$' >shown
test "$(wc -l <shown)" -gt 8
# its lines, in this order, and all of one paragraph together
grep -nxFf shown letter | cut -d : -f 2- | diff - shown
python3 - <<'END'
shown, letter = open("shown").read(), open("letter").read()
start = shown.index("SUMMARY")
print(shown[start:] in letter)
END
