#!/bin/sh
# Time and memory against what everybody has: wc, zcat, mawk, pflogsumm.
# Alternating pairs, so that a busy moment hits both; ratios with their
# spread. Writes tests/bench/RESULTS.md.
#   SIZE=1000 (MB of the large log)  PAIRS=7
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
size=${SIZE:-1000}
pairs=${PAIRS:-7}
mxtrend=$build/release/mxtrend
measure=$build/release/tests/bench/measure
genlog=$build/release/tests/gen/genlog
work=$build/bench
results=tests/bench/RESULTS.md
LC_ALL=C
MXTREND_CONFIG=/dev/null
TZ=UTC
export LC_ALL MXTREND_CONFIG TZ
mkdir -p "$work"

log=$work/log.$size
small=$work/log.100
for n in 100 "$size"; do
	[ -f "$work/log.$n" ] || "$genlog" --seed 1 --size "$n" \
	    --truth "$work/truth.$n" -o "$work/log.$n"
done
[ -f "$log.gz" ] || gzip -6 -c "$log" >"$log.gz"

# --- measuring ---------------------------------------------------------------

# one FILE COMMAND...: appends "wall user sys kib" to FILE. Perl's warnings
# about its own program are none of ours.
one() {
	out=$1
	shift
	"$measure" "$@" >>"$out" 2>"$work/stderr" || {
		echo "bench: failed: $*" >&2
		cat "$work/stderr" >&2
		exit 70
	}
}
# A new store each time; the store's removal is not measured.
ingest() {
	out=$1
	shift
	rm -rf "$work/state"
	mkdir "$work/state"
	one "$out" "$mxtrend" -q --state "$work/state" ingest "$@"
}

# The middle, least and largest of column COL of FILE, divided line by line
# by column COL of OTHER where there is one; column 0 is user and system time
# together.
spread() {
	if [ $# -eq 3 ]; then
		paste -d ' ' "$1" "$3" | awk -v c="$2" '
		    { print c ? $c / $(c + 4) : ($2 + $3) / ($6 + $7) }'
	else
		awk -v c="$2" '{ print $c }' "$1"
	fi | sort -n | awk '{ v[NR] = $1 } END {
		printf "%s %s %s", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

table=$work/table
: >"$table"
# row CASE AGAINST FILE OTHER GOAL LIMIT MB
row() {
	# shellcheck disable=SC2046 # three numbers each
	set -- "$@" $(spread "$3" 1 "$4") $(spread "$3" 1 | cut -d ' ' -f 1) \
	    $(spread "$3" 4 | cut -d ' ' -f 3) \
	    $(spread "$3" 0 "$4" | cut -d ' ' -f 1)
	awk -v case="$1" -v against="$2" -v goal="$5" -v limit="$6" -v mb="$7" \
	    -v mid="$8" -v low="$9" -v high="${10}" -v wall="${11}" \
	    -v kib="${12}" -v cpu="${13}" 'BEGIN {
		verdict = mid <= goal ? "goal" : mid <= limit ? "limit" : "OVER"
		printf "| %s | %s | %.3g (%.3g..%.3g) | %.3g | %s | %s | %s | %.2f | %.0f | %.1f |\n",
		    case, against, mid, low, high, cpu, goal, limit, verdict,
		    wall, mb / wall, kib / 1024 }' | tee -a "$table"
}

echo '| case | against | wall ratio: median (min..max) | cpu ratio | goal | limit | meets | wall s | MB/s | peak MiB |' >"$work/head"
echo '|---|---|---|---|---|---|---|---|---|---|' >>"$work/head"
cat "$work/head"

mb=$(($(wc -c <"$log") / 1000000))
mb_small=$(($(wc -c <"$small") / 1000000))
rm -f "$work"/m.*
cat "$log" "$log.gz" >/dev/null

# --- plain -------------------------------------------------------------------

for _ in $(seq "$pairs"); do
	one "$work/m.wc" wc -l "$log"
	ingest "$work/m.plain" "$log"
done
row 'ingest, plain' 'wc -l' "$work/m.plain" "$work/m.wc" 9 12 "$mb"

if command -v mawk >/dev/null; then
	for _ in 1 2 3; do
		# shellcheck disable=SC2016 # awk's own dollars
		one "$work/m.awk" mawk 'match($0, /status=[a-z]+/) {
			s = substr($0, RSTART, RLENGTH)
			match($0, /relay=[^,]*/)
			n[s substr($0, RSTART, RLENGTH)]++
		} END { for (k in n) print k, n[k] }' "$log"
		ingest "$work/m.plain3" "$log"
	done
	row 'ingest, plain' 'mawk one-liner' "$work/m.plain3" "$work/m.awk" \
	    0.55 0.75 "$mb"
fi

# --- compressed --------------------------------------------------------------

for _ in $(seq "$pairs"); do
	one "$work/m.zcat" zcat "$log.gz"
	ingest "$work/m.gz" "$log.gz"
	ingest "$work/m.gz1" --threads 1 "$log.gz"
done
case $($mxtrend --version) in
*'no isa-l'*)
	row 'ingest, gz (zlib only)' zcat "$work/m.gz" "$work/m.zcat" \
	    0.58 0.75 "$mb"
	;;
*)
	row 'ingest, gz (ISA-L)' zcat "$work/m.gz" "$work/m.zcat" \
	    0.30 0.40 "$mb"
	row 'ingest, gz (ISA-L), 1 thread' zcat "$work/m.gz1" "$work/m.zcat" \
	    0.45 0.60 "$mb"
	MAKEFLAGS='' make --no-print-directory BUILD="$build/zlib" ISAL=no VARIANT=release \
	    "$build/zlib/release/mxtrend" >/dev/null
	with_isal=$mxtrend
	mxtrend=$build/zlib/release/mxtrend
	for _ in 1 2 3; do
		one "$work/m.zcat3" zcat "$log.gz"
		ingest "$work/m.zlib" "$log.gz"
	done
	row 'ingest, gz (zlib only)' zcat "$work/m.zlib" "$work/m.zcat3" \
	    0.58 0.75 "$mb"
	mxtrend=$with_isal
	;;
esac

# --- the peer ----------------------------------------------------------------

for _ in 1 2 3; do
	ingest "$work/m.small" "$small"
	if command -v pflogsumm >/dev/null; then
		one "$work/m.pflogsumm" pflogsumm "$small"
	fi
done
if [ -f "$work/m.pflogsumm" ]; then
	row 'ingest, 100 MB' pflogsumm "$work/m.small" "$work/m.pflogsumm" \
	    0.0286 0.04 "$mb_small"
fi

# --- memory, second run, reports ---------------------------------------------

peak() {
	spread "$1" 4 | awk '{ printf "%.1f", $3 / 1024 }'
}
milliseconds() {
	spread "$1" 1 | awk '{ printf "%.0f (%.0f..%.0f)", $1 * 1000,
	    $2 * 1000, $3 * 1000 }'
}
ingest "$work/m.last" "$log"
for _ in 1 2 3 4 5; do
	one "$work/m.again" "$mxtrend" -q --state "$work/state" ingest "$log"
	one "$work/m.text" "$mxtrend" --state "$work/state" report
	one "$work/m.xlsx" "$mxtrend" --state "$work/state" report -f xlsx \
	    -o "$work/report.xlsx"
done
kib=$(($(du -k "$work/state" | tail -n 1 | cut -f 1)))

{
	echo '| what | measured | goal | limit |'
	echo '|---|---|---|---|'
	echo "| peak memory, $mb_small MB, plain | $(peak "$work/m.small") MiB | 64 | 96 |"
	echo "| peak memory, $mb MB, plain | $(peak "$work/m.plain") MiB | 64, at most 10 more than for 100 MB | 96 |"
	echo "| peak memory, $mb MB, gz | $(peak "$work/m.gz") MiB | 64 | 96 |"
	echo "| run again, nothing new | $(milliseconds "$work/m.again") ms | 20 | 50 |"
	echo "| report from the store, text | $(milliseconds "$work/m.text") ms | 100 | - |"
	echo "| report from the store, xlsx | $(milliseconds "$work/m.xlsx") ms | 800 | - |"
	echo "| store of the $mb MB log | $((kib / 1024)) MiB | - | - |"
} >"$work/rest"
cat "$work/rest"

# --- each format on one core -------------------------------------------------

# Lines of small samples again and again; what the parser alone can do.
{
	echo '| format | sample | MB/s | 1000 lines/s | 1000 facts/s |'
	echo '|---|---|---|---|---|'
	# hostile and broken lines are not what a format is measured by
	find samples -path samples/demo -prune -o -type f \
	    \( -name '*.log' -o -name '*-mainlog' \) ! -name 'hostile*' ! -name 'broken*' -print |
	    sort | xargs "$build/release/tests/bench/bench_formats"
} >"$work/formats"
cat "$work/formats"

# --- classification ----------------------------------------------------------

{
	echo '| classification | measured | goal |'
	echo '|---|---|---|'
	"$build/release/tests/bench/bench_classify"
} >"$work/classify"
cat "$work/classify"

# --- the page ----------------------------------------------------------------

version_of() {
	dpkg-query -W -f "\${Package} \${Version}, " "$@" 2>/dev/null || true
}
{
	echo '# Measured'
	echo
	echo "Written by \`make bench\`; ratios of wall time in alternating pairs,"
	echo "warm page cache, classification on, each ingest into a new store. The"
	echo "cpu ratio (user and system time) tells what a busy machine hides."
	echo "The log is made by tests/gen/genlog, seed 1."
	echo
	cat "$work/head" "$table"
	echo
	cat "$work/rest"
	echo
	echo "Each format on one core, its parser alone (no correlation, no store):"
	echo
	cat "$work/formats"
	echo
	echo "Replies of refusals, processor time, the least of several runs; opening"
	echo "reads the files and prepares every pattern:"
	echo
	cat "$work/classify"
	echo
	echo "Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
	    "$(nproc) processors, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)," \
	    "Linux $(uname -r | cut -d - -f 1)."
	echo
	echo "Versions: $($mxtrend --version | sed -n '1p;s/^Built with: //p' |
	    paste -sd ';' | sed 's/;/; /'); $(version_of gcc gzip mawk pflogsumm |
	    sed 's/, $//')."
} >"$results"
echo "written to $results"
