# Twelve addresses of one network with a mail in two days each: of each one is
# refused, which confirms nothing alone. An address elsewhere passes.
PYTHONPATH="$ROOT/tests/support" python3 -c \
	"from mail_log import refused_range; refused_range(12)"
run() { mxtrend -c config --tz UTC --now 2026-11-13 "$@"; }
run episodes --all out* | grep -c suspected\\\|dismissed
run episodes out*
run report out* | sed -n '/^REFUSED TOGETHER/,/^$/p'
run report -f csv --table scores out* | cut -d, -f4,5,8,9,12,13,19
# its votes are all of the network's
id=$(run report -f csv --table scores out* | sed -n '2s/,.*//p')
run episodes --explain "$id" out* | grep -c refusal
run episodes --explain "$id" out* | sed -n '/CONFIRMED/p;/closed/p'
