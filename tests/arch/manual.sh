#!/bin/sh
# The manual and the program say the same: commands, options, exit statuses,
# configuration keys and their defaults. And the pages are clean mdoc.
set -eu
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
mxtrend=${BUILD:-build}/release/mxtrend
page=man/mxtrend.1
conf=man/mxtrend.conf.5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# differ NAME CODE PAGE: both sorted lists
differ() {
	sort -u "$2" >"$2.sorted"
	sort -u "$3" >"$3.sorted"
	comm -3 "$2.sorted" "$3.sorted" |
	    sed 's/^\t\(.*\)/only in the manual: \1/; t
	    s/^/only in the program: /' >"$work/bad"
	[ -s "$2" ] || echo 'nothing found in the program' >>"$work/bad"
	check "$1" "$work/bad"
}

$mxtrend --help | sed -n 's/^  \([a-z]*\) .*/\1/p' >"$work/commands"
sed -n '/^The commands:/,/^\.El/s/^\.It Cm \([a-z]*\).*/\1/p' $page \
    >"$work/commands.page"
differ 'commands' "$work/commands" "$work/commands.page"

while read -r command; do
	$mxtrend "$command" --help
done <"$work/commands" |
    sed -nE 's/^  (-.,|   ) --([a-z-]+)(\[?=[A-Z]+\]?)? .*/\1 --\2/p' |
    sed 's/^,* *//; s/^\(-.\),/\1/' >"$work/options"
sed -nE '/^\.Sh OPTIONS/,/^\.Sh DATES/{
	s/^\.It Fl (.) , -([a-z-]+).*/-\1 --\2/p
	s/^\.It Fl -([a-z-]+).*/--\1/p
}' $page >"$work/options.page"
differ 'options, long and short' "$work/options" "$work/options.page"

sed -nE 's/^.*= \{ (0|EX_[A-Z]+), "(EX_[A-Z]+)" \},.*/\2/p' base/err.c |
    grep -v EX_OK >"$work/status"
sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/s/.*Dv \(EX_[A-Z]*\).*/\1/p' \
    $page >"$work/status.page"
differ 'exit statuses by name' "$work/status" "$work/status.page"

while read -r name; do
	printf '#include <sysexits.h>\n%s\n' "$name" | ${CC:-gcc} -E -P -xc - |
	    tail -n 1
done <"$work/status" >"$work/numbers"
sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/s/^\.It \([0-9]*\)$/\1/p' $page |
    grep -v '^[01]$' >"$work/numbers.page"
differ 'exit statuses by number' "$work/numbers" "$work/numbers.page"

# section and key; [inputs] has "files" besides
MXTREND_CONFIG=/dev/null $mxtrend config --state= | awk '
	/^\[/ { section = $1 }
	/^[a-z_]+ = / { print section, $1 }
	END { print "[inputs] files" }' >"$work/keys"
awk '/^\.Ss \[/ { section = $2 }
	/^\.It Ic / { print section, $3 }' $conf >"$work/keys.page"
differ 'configuration keys' "$work/keys" "$work/keys.page"

# "Default 6." behind an .It belongs to the keys since the last default.
MXTREND_CONFIG=/dev/null $mxtrend config | awk '
	/^\[/ { section = $1 }
	/; default$/ { print section, $1, ($3 == ";" ? "-" : $3) }' \
    >"$work/defaults"
awk '/^\.Ss \[/ { section = $2; n = 0 }
	/^\.It Ic / { n++; key[n] = $3 }
	/^Defaults? / {
		value = $2; sub(/[.:]$/, "", value)
		if ($1 == "Defaults") {
			print section, key[n - 1], value
			getline; print section, key[n], $2
		} else if (NF == 1 || value == "") {
			getline; print section, key[n], $2
		} else print section, key[n], value
	}
	/^Default$/ { getline; print section, key[n], $2 }' $conf |
    sort >"$work/defaults.page"
sort "$work/defaults" | comm -13 - "$work/defaults.page" >"$work/bad"
[ -s "$work/defaults.page" ] || echo 'no default found' >>"$work/bad"
check 'defaults that the manual names are the built-in ones' "$work/bad"

# keys and kinds of lines of formats of one's own
formats=man/mxtrend-formats.5
sed -nE 's/^\t\[(KEY|USER)_[A-Z_]+\] = (\{ )?"([a-z_]+)".*/\3/p' \
    parsers/user_format.c >"$work/format-keys"
sed -n '/^\.Ss Kinds/,/^\.Ss Limits/s/^\.It [CI][mc] \([a-z_]*\)$/\1/p' $formats \
    >"$work/format-keys.page"
differ 'keys and kinds of lines of own formats' "$work/format-keys" \
    "$work/format-keys.page"
sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/d;s/\\e/\\/g;p;}' $formats |
    diff - samples/own-format/acme.format >"$work/bad" || true
check "the manual's example of a format is the proved one" "$work/bad"
sed -nE "s/^\tcase '(.)':$/%\1/p" parsers/time_format.c |
    grep -v "%%" >"$work/letters"
tr ' ' '\n' <$formats | sed -nE 's/^(\\&)?(%[A-Za-z])(\\.*)?$/\2/p' |
    grep -v '%-' >"$work/letters.page"
differ 'letters of time formats' "$work/letters" "$work/letters.page"

$mxtrend --help >"$work/help"
awk 'length > 79 { print }' "$work/help" >"$work/bad"
[ "$(wc -l <"$work/help")" -le 24 ] || wc -l "$work/help" >>"$work/bad"
check '--help fits 24 lines of 80 columns' "$work/bad"

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning man/*.[157] >"$work/bad" 2>&1 || true
	check 'the pages are clean mdoc' "$work/bad"
else
	skip 'the pages are clean mdoc' 'no mandoc here'
fi

finish
