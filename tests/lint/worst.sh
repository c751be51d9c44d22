#!/bin/sh
# The ten longest functions and files of the program; guidance, no test.
# A function over 80 lines or a file over 400 wants a reason.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v ctags >/dev/null; then
	echo "worst: needs universal-ctags" >&2
	exit 69
fi
echo 'Longest functions (lines, where, name):'
ctags -x --c-kinds=f --fields=+e --_xformat='%{end} %n %F %N' \
    base/*.c parsers/*.c analyzer/*.c reports/*.c cli/*.c |
    awk '{ print $1 - $2 + 1, $3 ":" $2, $4 }' | sort -rn >"${TMPDIR:-/tmp}/worst.$$"
trap 'rm -f "${TMPDIR:-/tmp}/worst.$$"' EXIT
head -n 10 "${TMPDIR:-/tmp}/worst.$$" | column -t
awk '{ n[NR] = $1 } END {
	printf "functions: %d, median %d lines, p90 %d, over 80: ", NR,
	    n[int((NR + 1) / 2)], n[int(NR / 10) + 1]
	for (i = 1; i <= NR && n[i] > 80; i++)
		;
	print i - 1 }' "${TMPDIR:-/tmp}/worst.$$"
echo
echo 'Longest files:'
wc -l base/*.[ch] parsers/*.[ch] analyzer/*.[ch] reports/*.[ch] cli/*.[ch] |
    sort -rn | sed 1d | head -n 10
