#!/bin/sh
# Each fuzz target for so many minutes: tests/fuzz/run.sh MINUTES [NAME...].
# What it learns stays in build/fuzz/corpus/NAME; a crash is written to
# build/fuzz/crash-NAME-*. Store a crash's input under tests/fuzz/seeds/NAME
# with the fix, and `make fuzz-replay` guards it.
set -eu
cd "$(dirname "$0")/../.."
minutes=${1:-1}
[ $# -eq 0 ] || shift
only=$*
build=${BUILD:-build}/fuzz
status=0

for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	name=${target#fuzz_}
	case " ${only:-$name} " in
	*" $name "*) ;;
	*) continue ;;
	esac
	corpus=$build/corpus/$name
	mkdir -p "$corpus"
	set -- "$corpus"
	[ -d "tests/fuzz/seeds/$name" ] && set -- "$@" "tests/fuzz/seeds/$name"
	[ -f "tests/fuzz/$name.dict" ] && set -- "$@" "-dict=tests/fuzz/$name.dict"
	echo "== $target, $minutes min"
	if ! "$build/$target" -max_total_time=$((minutes * 60)) -timeout=10 \
	    -rss_limit_mb=2048 -print_final_stats=1 \
	    "-artifact_prefix=$build/crash-$name-" "$@" \
	    >"$build/$name.log" 2>&1; then
		status=1
		echo "$target failed:"
		tail -n 40 "$build/$name.log"
	fi
	grep -E 'stat::number_of_executed|stat::average_exec' \
	    "$build/$name.log" || true
done
exit $status
