#!/bin/sh
# Who may include whom; which file may use which library; each header stands
# alone. ARCHITECTURE.md draws the same table.
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
CC=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# file<TAB>included, for every #include "..." of a room
grep -rHoE --include='*.[ch]' '^#[[:space:]]*include[[:space:]]+"[^"]+"' \
    base parsers analyzer reports cli |
    sed -E 's/:#[[:space:]]*include[[:space:]]+"/\t/; s/"$//' >"$work/rooms"
# the same for <...>
grep -rHoE --include='*.[ch]' '^#[[:space:]]*include[[:space:]]+<[^>]+>' \
    base parsers analyzer reports cli |
    sed -E 's/:#[[:space:]]*include[[:space:]]+</\t/; s/>$//' >"$work/system"

# forbid NAME FILES INCLUDED [EXCEPT]: no file of FILES includes INCLUDED,
# all extended regular expressions; EXCEPT matches allowed "file<TAB>header".
forbid() {
	awk -F '\t' -v files="$2" -v inc="$3" -v except="${4-}" '
	$1 ~ files && $2 ~ inc &&
	    (except == "" || ($1 "\t" $2) !~ except) {
		print $1 " includes " $2
	}' "$work/rooms" >"$work/bad"
	check "$1" "$work/bad"
}

forbid 'base includes only base' '^base/' '^(parsers|analyzer|reports|cli)/'
forbid 'parsers include base and parsers' '^parsers/' \
    '^(analyzer|reports|cli)/'
forbid 'analyzer includes six headers of parsers' '^analyzer/' '^parsers/' \
    '\tparsers/(facts|source|source_peek|files_ahead|ingest_formats|report_facts|report_formats)\.h$'
forbid 'analyzer includes neither reports nor cli' '^analyzer/' \
    '^(reports|cli)/'
forbid 'reports include no parser and no command' '^reports/' \
    '^(parsers|cli)/'
forbid 'reports include analyzer/query.h, and only in report_build*.c' \
    '^reports/' '^analyzer/' '^reports/report_build[a-z_]*\.[ch]\tanalyzer/query\.h$'
forbid 'private headers stay in their room' '^cli/' '_priv\.h$'
forbid 'includes are rooted at the repository' '' '^(\.|[^/]*$)'
forbid 'nothing outside tests includes tests' '' '^tests/'

# library NAME HEADERS FILES: these headers only in these files.
library() {
	awk -F '\t' -v inc="$2" -v files="$3" '
	$2 ~ inc && $1 !~ files { print $1 " includes <" $2 ">" }
	' "$work/system" >"$work/bad"
	check "$1" "$work/bad"
	echo "$2" >>"$work/libraries"
}

library 'zlib only in source_gzip' '^zlib\.h$' '^parsers/source_gzip[a-z_]*\.[ch]$'
library 'isa-l only in source_gzip' '^isa-l' '^parsers/source_gzip[a-z_]*\.[ch]$'
library 'threads only in ahead.c and behind.c' '^pthread\.h$' \
    '^(parsers/ahead|base/behind)\.c$'
library 'libidn2 only in domain_name.c' '^idn2\.h$' '^parsers/domain_name\.c$'
library 'libarchive only in source_archive and report_zip' \
    '^archive(_entry)?\.h$' '^parsers/(source_archive[a-z_]*|report_zip)\.[ch]$'
library 'expat only in xml_events.c' '^expat\.h$' '^parsers/xml_events\.c$'
library 'jansson only in json_value.c' '^jansson\.h$' '^parsers/json_value\.c$'
library 'GMime only in mail_parts.c' '^gmime' '^parsers/mail_parts\.c$'
library 'SQLite only in store and query' '^sqlite3\.h$' \
    '^analyzer/(store|query)[a-z_]*\.[ch]$'
library 'PCRE2 only in rules, classify and line_pattern.c' '^pcre2\.h$' \
    '^(analyzer/(rules|rule|classify)[a-z_]*\.[ch]|parsers/line_pattern\.c)$'
library 'libcurl only in curl_library.h' '^curl/' '^analyzer/curl_library\.h$'
library 'a library is loaded late only in curl_library.c' '^dlfcn\.h$' \
    '^analyzer/curl_library\.c$'
library 'libpsl only in providers.c' '^libpsl\.h$' '^analyzer/providers\.c$'
library 'libxlsxwriter only in out_xlsx' '^xlsxwriter' \
    '^reports/out_xlsx[a-z_]*\.[ch]$'
library 'libseccomp only in sandbox_calls.c' '^seccomp\.h$' \
    '^cli/sandbox_calls\.c$'
library 'system calls of Linux only in sandbox.c' \
    '^(linux/landlock|sys/prctl|sys/syscall)\.h$' '^cli/sandbox\.c$'
library 'inih only in config.c' '^ini\.h$' '^cli/config\.c$'
library 'GLib only in pseudonym.c' '^glib\.h$' '^cli/pseudonym\.c$'

# Whatever is left must be ISO C or POSIX.
libc='^(assert|ctype|errno|fcntl|float|glob|inttypes|langinfo|limits|locale|math|poll|setjmp|signal|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|sysexits|time|unistd|dirent|fnmatch|ftw|pwd|grp|regex|termios|wchar|netinet/in|arpa/inet|sys/(types|stat|time|wait|file|ioctl|resource|socket|utsname|mman|random|un|uio|statvfs))\.h$'
libs=$(paste -sd '|' "$work/libraries")
awk -F '\t' -v libc="$libc" -v libs="$libs" '
$2 !~ libc && $2 !~ libs { print $1 " includes <" $2 ">" }
' "$work/system" >"$work/bad"
check 'every other header is ISO C or POSIX' "$work/bad"

# Own header (or the room's private one of that name) first, so that each header's own includes are proved.
for c in base/*.c parsers/*.c analyzer/*.c reports/*.c cli/*.c; do
	h=${c%.c}.h
	[ -f "$h" ] || continue
	first=$(grep -m1 -E '^#[[:space:]]*include' "$c" || true)
	[ "$first" = "#include \"$h\"" ] ||
	    [ "$first" = "#include \"${c%.c}_priv.h\"" ] || echo "$c: $first"
done >"$work/bad"
check 'a file includes its own header first' "$work/bad"

for h in base/*.h parsers/*.h analyzer/*.h reports/*.h cli/*.h; do
	$CC -std=c11 -D_POSIX_C_SOURCE=200809L -I. -include base/banned.h \
	    -Wall -Wextra -Werror -Wno-unused-function -fsyntax-only -xc \
	    - <<-EOF >"$work/out" 2>&1 || sed "s|^|$h: |;3q" "$work/out"
	#include "$h"
	#include "$h"
	EOF
done >"$work/bad"
check 'each header compiles alone, and twice' "$work/bad"

for h in base/*.h parsers/*.h analyzer/*.h reports/*.h cli/*.h; do
	guard=MX_$(echo "${h%.h}" | tr 'a-z/' 'A-Z_')_H
	grep -q "^#ifndef $guard\$" "$h" || echo "$h: no guard $guard"
done >"$work/bad"
check 'guards are named after the file' "$work/bad"

finish
