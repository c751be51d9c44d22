#!/bin/sh
# What code of this house does not do, as far as a script can see it.
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
CC=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set -- base parsers analyzer reports cli

# Code without comments and without the insides of texts, each line behind
# its file's name: c_code ROOM...
c_code() {
	find "$@" -name '*.[ch]' | while read -r f; do
		sed -E ':a; s,/\*([^*]|\*[^/])*\*/,,; ta
		/\/\*/,/\*\//{ s,^.*\*/,,; t; s,/\*.*,,; t; d; }
		s,"([^"\\]|\\.)*","",g' "$f" | sed "s|^|$f: |"
	done
}
c_code "$@" >"$work/code"

# never NAME PATTERN [EXCEPT-FILES]
never() {
	grep -E -e "$2" "$work/code" | grep -vE "^(${3:-nothing}): " \
	    >"$work/bad" || true
	check "$1" "$work/bad"
}

never 'only main.c and mx_oom end the program' '[^_a-z](_?exit|quick_exit|_Exit) ?\(' \
    'cli/main\.c|base/err\.c'
never 'only a bug aborts' '[^_a-z]abort ?\(' 'base/err\.c'
never 'only say.c and err.c write to standard error' '[^_a-z]stderr[^_a-z]|(write|dprintf) ?\(STDERR_FILENO' \
    'base/(say|err)\.c'
never 'commands and main alone write to standard output' \
    '[^_a-z](printf|puts|putchar|vprintf) ?\(|[^_a-z]stdout[^_a-z]' \
    'cli/[a-z_]+\.c|base/atomic_file\.c'
never 'no alloca, no variable arrays by another name' '[^_a-z]alloca ?\('
never 'no unchecked numbers' '[^_a-z](atof|atoll|strtol|strtoul|strtoll|sscanf|scanf) ?\('
never 'no shell' '[^_a-z](system|popen) ?\('
never 'no network' '[^_a-z](connect|getaddrinfo|gethostbyname|res_query) ?\('
never 'no process-wide zone' '[^_a-z](tzset|setenv|putenv|mktime|localtime_r) ?\('
never 'no locale but the character type' 'setlocale ?\((LC_ALL|LC_NUMERIC|LC_TIME)'
never 'no wall clock but clock.c' '[^_a-z](time|gettimeofday|clock_gettime) ?\((NULL|CLOCK_REALTIME|&)' \
    'base/(clock|hash)\.c'

grep -rnE --include='*.[ch]' --include='*.sh' --include='*.pl' \
    --include='*.[157]' --include='*.md' --include=Makefile \
    --exclude=conduct.sh 'TODO|FIXME|XXX( |$|:)' "$@" tests man .ci ./*.md \
    Makefile >"$work/bad" 2>/dev/null || true
check 'nothing is left for later' "$work/bad"

find "$@" tests -name '*.[ch]' | while read -r f; do
	head -n 1 "$f" | grep -q '^/\* SPDX-License-Identifier: BSD-2-Clause \*/$' ||
	    echo "$f"
done >"$work/bad"
check 'every file names its licence first' "$work/bad"

# What a tool or a run by hand leaves behind is committed easily.
git ls-files 2>/dev/null | cut -d/ -f1 | sort -u | grep -vxE '\.(ci|clang-format|clang-tidy|gitattributes|gitignore)|(ARCHITECTURE|CHANGELOG|CONTRIBUTING|README|SECURITY)\.md|LICENSE|Makefile|analyzer|base|cli|man|packaging|parsers|reports|samples|tests' \
    >"$work/bad" || true
check 'nothing stands beside the rooms and their papers' "$work/bad"

# Those that wrap others' lines have the target "envelope".
sed -n 's/^\t\.name = "\(.*\)",$/\1/p' parsers/log_*.c |
    grep -vxE 'journal-export|json-lines' | while read -r f; do
	[ -s "tests/fuzz/log_$f.dict" ] ||
	    echo "$f: no tests/fuzz/log_$f.dict"
	[ -n "$(ls "tests/fuzz/seeds/log_$f" 2>/dev/null)" ] ||
	    echo "$f: no tests/fuzz/seeds/log_$f/"
done >"$work/bad"
check 'every log format has a fuzz target' "$work/bad"

find "$@" -name '*.[ch]' | while read -r f; do
	awk -v f="$f" 'END { if (NR > 600) print f ": " NR " lines" }' "$f"
done >"$work/bad"
check 'no file is longer than 600 lines' "$work/bad"

grep -rnE '^.{121,}' --include='*.[ch]' "$@" >"$work/bad" || true
check 'no line is longer than 120 characters' "$work/bad"

grep -rnE '[[:space:]]+$' --include='*.[ch]' --include='*.sh' "$@" tests \
    >"$work/bad" || true
check 'no blanks at the end of a line' "$work/bad"

# The force-included header must really stop each of its calls.
sed -nE 's/^#define ([a-z_]+)\(.*BANNED.*/\1/p' base/banned.h |
    while read -r call; do
	printf 'int main(void) { char b[9] = ""; time_t t = 0; (void)b; (void)t;
	    (void)%s(%s); return 0; }\n' "$call" "$(case $call in
	strcpy | strcat) echo 'b, "x"' ;;
	strncpy | strncat) echo 'b, "x", 1' ;;
	sprintf | vsprintf) echo 'b, "x"' ;;
	strtok) echo 'b, "x"' ;;
	strtok_r) echo 'b, "x", 0' ;;
	atoi | atol) echo b ;;
	*) echo '&t' ;;
	esac)" >"$work/call.c"
	if $CC -I. -include base/banned.h -c -Werror "$work/call.c" \
	    -o "$work/call.o" 2>/dev/null; then
		echo "$call compiles"
	fi
done >"$work/bad"
check 'every banned call is stopped' "$work/bad"

# Constant tables with addresses live in .data.rel.ro; anything in .data or
# .bss can change. A signal handler has nowhere else to write than its flag;
# fault.c counts, and only in its own variant.
find "${BUILD:-build}/release" -name '*.o' -not -path '*/tests/*' \
    -not -path '*/replay/*' | while read -r o; do
	objdump -t "$o" | awk -v o="$o" '
	($4 == ".data" || $4 == ".bss" || $4 == "*COM*" ||
	    $3 == "O" && ($4 == ".data" || $4 == ".bss")) && $NF !~ /^\./ && $NF != "stop_asked" {
		print o ": " $NF
	}'
done >"$work/bad"
check 'no variable outlives a call' "$work/bad"

finish
