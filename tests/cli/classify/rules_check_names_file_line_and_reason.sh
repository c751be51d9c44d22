# The vendor's examples may be decided by the administrator's own rules: that
# is no fault of either.
mkdir mine
cat >mine/a.rules <<'EOF'
rule mine
contains xyzzy
class ip-block ip block explicit
meaning M
= 550 nothing of the kind
! 550 xyzzy
rule mine
contains b
rule other
contains User unknown
class policy recipient recipient inferred
meaning M
= 550 User unknown
EOF
printf '[rules]\ndirectory = mine\n' >own.conf
status=0
mxtrend -c own.conf rules check >out 2>err || status=$?
grep '^mine/' out | sed 's/(.*rules:[0-9]*)/(90-codes.rules)/'
cut -d ' ' -f 2- err | sed 's/^/stderr: /'
echo "$status"
