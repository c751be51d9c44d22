# Every rule that knows where a reply quotes our address, at its provider's MX,
# IPv4 and IPv6: the address labels the source; with configured addresses only
# those can be ours.
command -v python3 >/dev/null || { echo 'no python3 here'; exit 77; }
python3 "$ROOT/tests/replies/own_ip.py" "$(command -v mxtrend)" \
    "$ROOT/analyzer/rules" >out
sed 's/^[0-9]* rules, [0-9]* providers/rules and providers/' out
awk '/ rules, / && ($1 < 150 || $3 < 50) { print "only " $0 }' out
