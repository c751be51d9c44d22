#!/bin/sh
# The command-line tests with the release program under valgrind's memcheck:
# tests/support/valgrind.sh [NAME]   (NAME: only those whose name has it)
# valgrind.skip names those that add nothing here. Reading of what nothing was
# written to, overruns and memory that is lost fail a test; what valgrind says
# is in BUILD/valgrind/log.*.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
dir=$BUILD/valgrind
mkdir -p "$dir"
here=$(cd "$dir" && pwd)
program=$(cd "$BUILD/release" && pwd)/mxtrend
rm -f "$here"/log.*
${CC:-gcc} -shared -fPIC -o "$here/no_jit.so" tests/support/no_jit.c

# The sandbox is for a program, not for valgrind, which opens files of its own
# at any time. Memory that is held to the end is not lost.
cat >"$here/mxtrend" <<END
#!/bin/sh
MXTREND_RUN_SANDBOX=no
LD_PRELOAD=$here/no_jit.so
export MXTREND_RUN_SANDBOX LD_PRELOAD
exec valgrind --quiet --trace-children=yes --error-exitcode=99 --leak-check=full \\
    --errors-for-leak-kinds=definite --show-leak-kinds=definite \\
    --suppressions=$PWD/tests/support/valgrind.supp \\
    --read-inline-info=no --log-file=$here/log.%p "$program" "\$@"
END
chmod +x "$here/mxtrend"
status=0
BUILD=$BUILD tests/run.sh cli:valgrind ${1:+"^$1"} || status=$?
find "$here" -name 'log.*' -size 0 -delete
for log in "$here"/log.*; do
	[ -f "$log" ] || continue
	echo "== $log"
	head -n 40 "$log"
	status=1
done
exit $status
