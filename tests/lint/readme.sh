#!/bin/sh
# Puts what the demo prints now into README.md, up to the row of the fourth
# provider (a test fails when the two differ; read the difference first), and
# what the last `make check` in BUILD ended with, where there was one.
#   tests/lint/readme.sh [PROGRAM [BUILD]]
set -eu
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/mxtrend}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
suites=${2:-build}/suites
root=$PWD
(cd "$work" && "$root/tests/demo.sh" "$program" >demo)
awk '{ print }
	/^PROVIDER/ { rows = 1; next }
	rows && / [.dx?-]+$/ && ++rows > 4 { exit }' "$work/demo" >"$work/shown"
awk -v shown="$work/shown" -v suites="$suites" \
    -v has_suites="$(test -s "$suites" && echo 1)" '
	function show(file,   line) {
		print
		while ((getline line < file) > 0)
			print line
		skip = 1
	}
	/^\$ make demo$/ { show(shown); print "..." }
	/^\$ make check$/ && has_suites { show(suites) }
	/^```$/ { skip = 0 }
	!skip { print }' README.md >"$work/README.md"
cat "$work/README.md" >README.md
