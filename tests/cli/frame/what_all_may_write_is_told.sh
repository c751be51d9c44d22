# A configuration, or a rule, that anybody could have written is told; in /etc it
# is refused.
log=$SAMPLES/postfix/reasons.log
try() {
	status=0
	mxtrend -q --now 2026-11-26 "$@" >/dev/null || status=$?
	echo "$status"
}
echo '[report]' >conf
chmod 666 conf
try -c conf report "$log"
chmod 664 conf
try -c conf report "$log"

mkdir rules formats
printf '[rules]\ndirectory = %s\n' "$PWD/rules" >conf
printf '[formats]\ndirectory = %s\n' "$PWD/formats" >conf2
for at in rules formats; do
	chmod 777 $at
	[ $at = rules ] && conf=conf || conf=conf2
	try -c $conf report "$log"
	chmod 755 $at
	try -c $conf report "$log"
done
touch rules/own.rules
chmod 646 rules/own.rules
try -c conf report "$log"
chmod 644 rules/own.rules
try -c conf report "$log"
# a pipe is who started us
echo '[report]' | try -c /dev/stdin report "$log"
