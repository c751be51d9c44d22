#!/bin/sh
# AFL++ on fuzz targets, one after the other: afl.sh MINUTES TARGET...
# A target's inputs, crashes and hangs are in BUILD/afl/out/TARGET; what was
# found in an earlier run is gone on from. Ends with 1 where one crashed.
set -eu
cd "$(dirname "$0")/../.."
minutes=$1
shift
dir=${BUILD:-build}/afl
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1 \
	AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
status=0
for target; do
	out=$dir/out/$target
	mkdir -p "$out"
	set -- -i "tests/fuzz/seeds/$target" -o "$out" -m none -t 5000+ \
	    -V $((minutes * 60))
	[ ! -f "tests/fuzz/$target.dict" ] ||
		set -- "$@" -x "tests/fuzz/$target.dict"
	nice -n 19 afl-fuzz "$@" -- "$dir/fuzz_$target" >"$out/log" 2>&1 || {
		tail -n 20 "$out/log"
		exit 1
	}
	awk -F ' *: ' -v target="$target" '{ of[$1] = $2 }
	END {
		printf "%s: %s inputs in %s s, %s kept, edges %s, ", target,
		    of["execs_done"], of["run_time"], of["corpus_count"],
		    of["edges_found"]
		printf "%s crashes, %s hangs\n", of["saved_crashes"],
		    of["saved_hangs"]
		exit of["saved_crashes"] != 0
	}' "$out/default/fuzzer_stats" || status=1
done
exit $status
