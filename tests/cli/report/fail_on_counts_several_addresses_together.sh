# Twelve addresses of one network, of each of which one mail is refused: no
# address alone is more than suspected, which is shown and no alarm; together
# they are refused. And one address with one refusal, which is no finding but
# for "any".
PYTHONPATH="$ROOT/tests/support" python3 -c \
	"from mail_log import refused_range; refused_range(10)"
run() {
	mxtrend -c config --tz UTC --now 2026-11-10 "$@" >said 2>&1 || echo "  status $?"
}
echo open; run report --fail-on open out*
grep -A 1 ^VERDICT said
echo episodes, open; run episodes --fail-on open out*
echo new; run report --fail-on new out*
echo new, begun before the window; run report --fail-on new --since 2026-11-10 out*
echo one address; run report --fail-on open out0 out12
echo one address, new; run report --fail-on new out0 out12
echo one address, any; run report --fail-on any out0 out12
echo quiet, one address is shown; run -q report out0 out12
grep -c SUSPECTED said
