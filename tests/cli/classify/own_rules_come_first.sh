mkdir mine
cat >mine/a.rules <<'EOF'
rule mine
contains User unknown
class policy recipient recipient inferred
meaning Mine
= 550 User unknown
disable text-spam
EOF
printf '[rules]\ndirectory = mine\n' >own.conf
mxtrend -c own.conf classify -f json --stage rcpt '550 User unknown' | sed 's/"url".*//'
mxtrend -c own.conf rules list | sed -n '1s/ .*//p'
mxtrend -c own.conf rules list | grep '^text-spam ' || echo disabled
