#!/bin/sh
# What other programs say of one mail that Outlook.com refused with S3140: the
# message of samples/demo for those that read Postfix, of samples/real-exim for
# eximstats. README.md quotes it.   .ci/deps bench installs them.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zcat -f samples/demo/mail.log* >"$work/all"
id=$(sed -n '/block list (S3140)/{s/.*smtp\[[0-9]*\]: \([^:]*\):.*/\1/p;q}' \
    "$work/all")
# postfix-logwatch knows the old stamps only.
grep -F " $id: " "$work/all" |
    sed 's/^2026-11-\([0-9][0-9]\)T\([0-9:]*\)[^ ]* /Nov \1 \2 /' >"$work/one"
grep -e ' \*\* anna@outlook.com ' -e '<= m04' samples/real-exim/main-mainlog \
    >"$work/exim"

say() { # NAME COMMAND...
	echo "== $1"
	shift
	"$@" 2>&1 | grep . || true
}
have() {
	command -v "$1" >/dev/null || [ -e "$1" ] || {
		echo "== no $1 here"
		return 1
	}
}
logwatch=/usr/share/logwatch/scripts/services/postfix
! have pflogsumm || say pflogsumm sh -c "pflogsumm '$work/one' |
    sed -n '/^message bounce detail/,/^\$/p'"
! have $logwatch || say postfix-logwatch sh -c "perl $logwatch --detail 10 \
    --long_queue_ids <'$work/one' | sed -n '/Bounced (remote) ---/,/^\$/p'"
! have eximstats || say eximstats sh -c "eximstats -nr '$work/exim' |
    sed -n '/^List of errors/,/DT=/p'"
