#!/bin/sh
# Runs suites of TAP producers and counts their cases:
#   tests/run.sh unit:release cli:release arch
#   tests/run.sh cli:release ^episodes      only those whose name has this
# A suite is unit, cli, truth (generated logs against their true counts), gen
# (the generator itself), fuzz (replay of stored inputs), fault, fleet (real
# ClickHouse servers, where they are installed) or arch, with
# the variant of the build behind a colon. The last line is
# "N passed, N failed".
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
export BUILD
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}

exec perl tests/support/harness.pl "$BUILD" "$JOBS" "$@"
