#!/bin/sh
# What is no C: every shell script against shellcheck, the units against
# systemd, the packages' files against the tree.
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The first line says it; parts that are only read in have a directive.
find .ci packaging samples tests -type f ! -path '*/seeds/*' \
    ! -path 'tests/cli/*/*' -exec awk 'FNR == 1 && (/^#!\/bin\/(ba)?sh/ ||
	/^# shellcheck shell=/) { print FILENAME }' {} + | sort >"$work/scripts"
if command -v shellcheck >/dev/null; then
	: >"$work/bad"
	xargs shellcheck -x <"$work/scripts" >"$work/bad" 2>&1 || true
	[ "$(wc -l <"$work/scripts")" -ge 30 ] || echo 'too few found' \
	    >>"$work/bad"
	check 'every script is clean' "$work/bad"
	# run by `sh -eu`, in a directory of their own
	shellcheck -s sh -S warning -e SC2154,SC2164 tests/cli/*/*.sh \
	    >"$work/bad" 2>&1 || true
	check 'so are the cases of the command line' "$work/bad"
	shellcheck -s sh -e SC2034,SC2154 packaging/alpine/APKBUILD \
	    >"$work/bad" 2>&1 || true
	check 'so is the APKBUILD' "$work/bad"
else
	skip 'every script is clean' 'no shellcheck here'
	skip 'so are the cases of the command line' 'no shellcheck here'
	skip 'so is the APKBUILD' 'no shellcheck here'
fi

# The program and the manual are not installed where this runs.
sed 's,^ExecStart=.*,ExecStart=/bin/true,; /^Documentation=/d' \
    packaging/systemd/mxtrend.service >"$work/mxtrend.service"
sed '/^Documentation=/d' packaging/systemd/mxtrend.timer \
    >"$work/mxtrend.timer"
if command -v systemd-analyze >/dev/null; then
	SYSTEMD_LOG_LEVEL=warning systemd-analyze verify \
	    "$work/mxtrend.service" "$work/mxtrend.timer" >"$work/bad" 2>&1 ||
	    echo "status $?" >>"$work/bad"
	check 'the units are good' "$work/bad"
	: >"$work/bad"
	systemd-analyze security --offline=true --threshold=20 \
	    "$work/mxtrend.service" >"$work/log" 2>&1 ||
	    tail -n 3 "$work/log" >"$work/bad"
	check 'the service is exposed to 2.0 or less' "$work/bad"
else
	skip 'the units are good' 'no systemd here'
	skip 'the service is exposed to 2.0 or less' 'no systemd here'
fi
: >"$work/bad"
sed -n 's/^Documentation=//p' packaging/systemd/* | tr ' ' '\n' |
    sed -n 's/^man:\(.*\)(\([0-9]\))/man\/\1.\2/p' | sort -u |
    while read -r page; do
	[ -f "$page" ] || echo "no $page"
done >"$work/bad"
check 'their manual pages are there' "$work/bad"

# One version and one list of libraries in every package.
version=$(sed -n 's/^VERSION *= *//p' Makefile)
: >"$work/bad"
grep -q "^mxtrend ($(echo "$version" | tr - '~')-" packaging/debian/changelog ||
    echo debian >>"$work/bad"
grep -q "^Version: *$(echo "$version" | tr - '~')\$" packaging/rpm/mxtrend.spec ||
    echo rpm >>"$work/bad"
grep -q "^_version=$version\$" packaging/alpine/APKBUILD ||
    echo alpine >>"$work/bad"
grep -q "^## $version" CHANGELOG.md || echo CHANGELOG.md >>"$work/bad"
check 'every package is of this version' "$work/bad"
: >"$work/bad"
for library in zlib pcre2 sqlite xlsxwriter psl inih jansson expat gmime \
    archive idn2 seccomp; do
	grep -q "$library" packaging/debian/control || echo "debian: $library"
	grep -q "$library" packaging/rpm/mxtrend.spec || echo "rpm: $library"
	grep -q "$library" packaging/alpine/APKBUILD || echo "alpine: $library"
done >"$work/bad"
sed -n '/^PACKAGES :=/,/[^\\]$/p' Makefile | tr -cs 'a-z0-9.-' '[\n*]' |
    sed 's/^lib//; s/-8$//; s/[0-9.-]*$//' | grep -vE '^(glib|)$' |
    while read -r library; do
	grep -q "for library in.*$library\|    .*$library.*; do" "$0" ||
	    echo "$library is in the Makefile, and not in this test"
done >>"$work/bad"
check 'every package asks for every library' "$work/bad"
finish
