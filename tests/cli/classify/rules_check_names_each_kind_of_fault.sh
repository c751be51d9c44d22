# Every kind of fault in one file: its line and the reason, and status 78.
mkdir mine
printf '[rules]\ndirectory = mine\n' >own.conf
check() {
	status=0
	mxtrend -c own.conf -q rules check >out 2>err || status=$?
	# what the shipped rules decide may move
	sed 's/(\/.*\/\([a-z0-9-]*\.rules\):[0-9]*)/(\1)/' out | cut -c1-150
	cut -c1-150 err
	echo "$status"
}

cat >mine/bad.rules <<'EOF'
contains outside
rule unknown-key
colour blue
contains qqzzaa
class policy content content inferred
meaning M
= 550 qqzzaa
rule nothing-but-an-example
= 550 qqzzbb
rule bad-class
contains qqzzcc
class ip-blok everywhere very perhaps
meaning M
= 550 qqzzcc
rule bad id
contains qqzzdd
class policy content content inferred
meaning M
= 550 qqzzdd
rule twice
contains qqzzee
class policy content content inferred
meaning M
= 550 qqzzee
rule twice
contains qqzzff
class policy content content inferred
meaning M
= 550 qqzzff
rule bad-values
contains qqzzgg
code 55x
dsn 5.7
stage lunch
said-by nobody
token maybe
class policy content content inferred
meaning M
= 550 qqzzgg
= @lunch 550 qqzzgg
rule no-pattern
pcre qqzz(hh
contains
class policy content content inferred
meaning M
= 550 qqzz(hh
rule no-example
contains qqzzii
class policy content content inferred
meaning M
rule shadows
contains qqzzj
class policy content content inferred
meaning M
= 550 qqzzj
! 550 qqzzjj
rule shadowed
contains qqzzjj
class policy content content inferred
meaning M
= 550 qqzzjj
rule the-same
contains QQZZJ
class policy content content inferred
meaning M
= 550 qqzzj
rule no-such-provider
provider gmial
contains qqzzkk
class policy content content inferred
meaning M
= 550 qqzzkk
rule token-not-shown
pcre qqzzll(?: (?<token>Q\d+))?
class policy content content inferred
meaning M
= 550 qqzzll
rule own-address-not-shown
contains qqzzmm
own-ip from <ip>
class policy content content inferred
meaning M
= 550 qqzzmm
rule own-address-of-nobody
contains qqzznn
own-ip from us
class policy content content inferred
meaning M
= 550 qqzznn
rule limit
pcre (?:a+)+b qqzzoo
class policy content content inferred
meaning M
= 550 aab qqzzoo
rule limit-of-a-token
contains qqzzpp
token pcre (?<token>(?:\w+\s?)+!)
class policy content content inferred
meaning M
= 550 qqzzpp ok!
default colour blue
EOF
printf 'rule nul\ncontains qq\0zz\n' >>mine/bad.rules
check

# Nothing goes on without these.
head -c 5000000 /dev/zero | tr '\0' '#' >mine/bad.rules
check
rm mine/bad.rules
printf 'key\tname\nx\ty\n' >mine/providers.tsv
check
printf 'x\tX\tnobody\t-\t-\t-\t-\t-\t-\n' >mine/providers.tsv
check
printf 'x\tX\t-\tgoogle.com\t-\t-\t-\t-\t-\nx\tX\t-\t-\t-\t-\t-\t-\t-\n' >mine/providers.tsv
check
