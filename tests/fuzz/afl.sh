#!/bin/sh
# AFL++ on fuzz targets, one after the other: afl.sh MINUTES TARGET...
# A target's inputs, crashes and hangs are in BUILD/afl/out/TARGET; what was
# found in an earlier run is gone on from, and counted with. The last line sums
# up; ends with 1 where one crashed or hung. results.py puts the figures into
# tests/fuzz/RESULTS.md.
set -eu
cd "$(dirname "$0")/../.."
minutes=$1
shift
dir=${BUILD:-build}/afl
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1 \
	AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
mkdir -p "$dir/out"
: >"$dir/out/told"
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
		print target, of["execs_done"], of["run_time"],
		    of["corpus_count"], of["edges_found"],
		    of["saved_crashes"], of["saved_hangs"]
	}' "$out/default/fuzzer_stats" | tee -a "$dir/out/told" | sed \
	    's/ \(.*\) \(.*\) \(.*\) \(.*\) \(.*\) \(.*\)$/: \1 inputs in \2 s, \3 kept, \4 edges, \5 crashes, \6 hangs/'
done
awk '{ for (i = 2; i <= NF; i++) sum[i] += $i }
	END {
		printf "%d targets, %d inputs in %.1f min, %d kept, ", NR,
		    sum[2], sum[3] / 60, sum[4]
		printf "%d crashes, %d hangs\n", sum[6], sum[7]
		exit sum[6] + sum[7] != 0
	}' "$dir/out/told"
