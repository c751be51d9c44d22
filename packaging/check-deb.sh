#!/bin/sh
# Installs, uses, upgrades, removes and purges the package in a fresh Debian
# root, as root: packaging/check-deb.sh DIRECTORY_OF_PACKAGE
# shellcheck disable=SC2317 # functions are called through ok
set -eu
packages=$(cd "$1" && pwd)
deb=$(ls "$packages"/mxtrend_*_*.deb)
samples=$PWD/samples/demo
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
top=$(mktemp -d)
root=$top/root
trap 'umount -q "$root/proc" 2>/dev/null; rm -rf "$top"' EXIT

[ "$(id -u)" -eq 0 ] || { echo 'check-deb: needs root' >&2; exit 77; }
inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	    DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}
number=0
ok() { # NAME COMMAND...
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$top/log" 2>&1; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		sed 's/^/# /' "$top/log"
		failed=1
	fi
}
failed=0
not() { ! "$@"; }
has() { test -e "$root$1"; }
says() { # PATTERN COMMAND...
	pattern=$1
	shift
	"$@" | grep -q -e "$pattern"
}

# An older version to upgrade from: the same files, an earlier number.
older() {
	dpkg-deb -R "$deb" "$top/older"
	sed -i 's/^Version:.*/Version: 0.9-1/' "$top/older/DEBIAN/control"
	echo '# as it was in 0.9' >>"$top/older/etc/mxtrend.conf"
	dpkg-deb -b "$top/older" "$root/older.deb"
}

debootstrap --variant=minbase "$suite" "$root" >"$top/log" 2>&1 ||
    { cat "$top/log"; exit 1; }
mount -t proc proc "$root/proc" 2>/dev/null || true
inside apt-get -q update >"$top/log" 2>&1 || { cat "$top/log"; exit 1; }
cp "$deb" "$root/new.deb"
older >/dev/null

ok 'it installs' inside apt-get -q -y install /older.deb
ok 'its user reads logs' says '\badm\b' inside id -nG mxtrend
ok 'the state directory is private' says '^2750 mxtrend adm$' \
    inside stat -c '%a %U %G' /var/lib/mxtrend
ok 'it upgrades' inside apt-get -q -y install -o Dpkg::Options::=--force-confnew \
    /new.deb
# Before anything else an administrator looks, as root.
hint() {
	inside mxtrend report 2>&1 | grep -q 'no store in .* yet: name log files'
}
ok 'without a store it says what to do' hint
ok 'the rules are in place' inside mxtrend rules check
ok 'the configuration is good' inside mxtrend config --show
ok 'the manual is in place' has /usr/share/man/man1/mxtrend.1.gz
ok 'so are its pages' has /usr/share/man/man1/mxtrend-nightly.1.gz
ok 'completion is in place' \
    has /usr/share/bash-completion/completions/mxtrend
ok 'the timer is in place' says OnCalendar \
    cat "$root/lib/systemd/system/mxtrend.timer"

# Logs as Debian keeps them: readable by adm.
mkdir -p "$root/var/log"
cp "$samples"/mail.log* "$root/var/log/"
chown root:adm "$root"/var/log/mail.log*
chmod 0640 "$root"/var/log/mail.log*
first() {
	inside mxtrend --now '2026-11-23 07:00' 2>&1 >"$top/first" |
	    grep -q 'nothing is in the store yet: reading /var/log/mail.log' &&
	    grep -q 'ip-block S3140' "$top/first"
}
ok 'the first look finds the logs that are configured' first
by_root() {
	inside mxtrend nightly >/dev/null 2>"$top/said"
	[ ! -s "$top/said" ] && [ "$(inside stat -c %U \
	    /var/lib/mxtrend/mxtrend.db)" = mxtrend ]
}
ok 'a night by hand, as root, leaves the store to its user' by_root
nightly() {
	inside setpriv --reuid mxtrend --regid mxtrend --init-groups \
	    mxtrend --now '2026-11-23 07:00' nightly --period 30d
}
ok 'a night of its user finds the block' says 'ip-block S3140' nightly
ok 'a second night adds nothing' says '^STORE' inside mxtrend status
ok 'a changed configuration survives' sh -c "
    sed -i 's/^#top = 0/top = 7/' '$root/etc/mxtrend.conf'
    chroot '$root' dpkg -i --force-confold /new.deb &&
    grep -q '^top = 7' '$root/etc/mxtrend.conf'"
ok 'it is removed' inside apt-get -q -y remove mxtrend
ok 'the store is still there' has /var/lib/mxtrend/mxtrend.db
ok 'the configuration is still there' has /etc/mxtrend.conf
ok 'it is purged' inside apt-get -q -y purge mxtrend
ok 'no store is left' not has /var/lib/mxtrend
ok 'no configuration is left' not has /etc/mxtrend.conf
echo "1..$number"
exit "$failed"
