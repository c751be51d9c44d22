#!/bin/sh
# clang-tidy, gcc -fanalyzer, cppcheck, shellcheck, mandoc; clang-format as information.
# Tools that are not installed are named and left out. BASE_CFLAGS comes
# from the Makefile.
set -u
cd "$(dirname "$0")/../.." || exit 1
status=0

have() {
	command -v "$1" >/dev/null && return 0
	echo "lint: no $1 here, left out"
	return 1
}
part() {
	echo "== $1"
	shift
	"$@" || status=1
}

flags=
for f in ${BASE_CFLAGS:--std=c11 -D_POSIX_C_SOURCE=200809L -I. -include base/banned.h}; do
	case $f in
	-W* | -f* | -O* | -g | -U* | -D_FORTIFY*) ;;
	*) flags="$flags $f" ;;
	esac
done
# SOURCES: only these.
sources=${SOURCES:-$(ls base/*.c parsers/*.c analyzer/*.c reports/*.c cli/*.c)}

if have clang-tidy; then
	# shellcheck disable=SC2086 # lists of words
	part clang-tidy sh -c "printf '%s\n' \$1 | xargs -n 4 -P \$(nproc) \
	    sh -c 'clang-tidy --quiet --warnings-as-errors=\"*\" \"\$@\" -- $flags -D_GNU_SOURCE \
	    -DMXTREND_VERSION=\\\"0\\\" -DMXTREND_DATADIR=\\\"/\\\" \
	    -DMXTREND_FEATURES=\\\"\\\" -DMX_CURL_SONAME=\\\"\\\" \
	    2>/dev/null' tidy" lint "$sources"
fi
# Without optimizing: what was inlined and moved it takes for other things.
if have gcc && gcc -fanalyzer -E -xc /dev/null >/dev/null 2>&1; then
	# shellcheck disable=SC2086
	part 'gcc -fanalyzer' sh -c "printf '%s\n' \$1 | xargs -n 4 -P \$(nproc) \
	    sh -c 'for f; do gcc $flags -D_GNU_SOURCE -Werror -fanalyzer -c \
	    -o /dev/null -DMXTREND_VERSION=\\\"0\\\" -DMXTREND_DATADIR=\\\"/\\\" \
	    -DMXTREND_FEATURES=\\\"\\\" -DMX_CURL_SONAME=\\\"\\\" \"\$f\" || exit 1; done' analyzer" lint \
	    "$sources"
fi
if have cppcheck; then
	# readdir_r is what glibc advises against; each stream has one reader.
	# strbuf_addf frees only what is not its small buffer.
	# shellcheck disable=SC2086
	part cppcheck cppcheck --quiet --std=c11 -j "$(nproc)" -I. \
	    --enable=warning,performance,portability --inline-suppr \
	    --error-exitcode=1 --suppress=missingIncludeSystem \
	    --suppress=readdirCalled \
	    --suppress=autovarInvalidDeallocation:base/strbuf.c \
	    --library=posix --include=base/err.h $sources
fi
part 'scripts, units, packages' sh tests/arch/scripts.sh
if have mandoc; then
	part mandoc mandoc -T lint -W warning man/*.[157]
fi
if have clang-format; then
	echo '== clang-format (information only): files it would change'
	# shellcheck disable=SC2086
	clang-format --dry-run $sources 2>&1 | sed -n 's/:.*//p' | sort |
	    uniq -c | sort -rn | head -n 10
fi
exit $status
