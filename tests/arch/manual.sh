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

# The page of a command is the one that its entry names.
# page_of COMMAND: the file
page_of() {
	sed -n '/^The commands:/,/^\.El/p' $page | awk -v command="$1" '
		/^\.It Cm / { mine = $3 == command }
		mine && $1 == ".Xr" && $2 != "cron" { print $2 "." $3; exit }' |
	    sed 's,^,man/,'
}
# options_in HELP: "-f --format", one a line
options_in() {
	sed -nE 's/^  (-.,|   ) --([a-z-]+)(\[?=[A-Z]+\]?)? .*/\1 --\2/p' "$1" |
	    sed 's/^,* *//; s/^\(-.\),/\1/'
}
# items_in PAGE: the same
items_in() {
	sed -nE 's/^\.It Fl (.) , -([a-z-]+).*/-\1 --\2/p
		s/^\.It Fl -([a-z-]+).*/--\1/p' "$1"
}
# Those that a page leaves to mxtrend(1): -S for --since alike.
left_in() {
	awk '/^As told in$/ { on = 1; next }
		on && /^\.Fl / { for (i = 2; i <= NF; i++)
			if ($i ~ /^[-a-zA-Z]+$/) print "-" $i; next }
		on && !/^\.Xr mxtrend 1 :$/ { on = 0 }' "$1"
}
# The options with their short letters, for what only has that one.
sed -n '/^\.Ss Of several/,/^\.Sh DATES/p' $page >"$work/several"
items_in "$work/several" >"$work/shared"
: >"$work/used"
: >"$work/bad"
while read -r command; do
	its=$(page_of "$command")
	if [ ! -f "$its" ]; then
		echo "$command: no page is named in $page" >>"$work/bad"
		continue
	fi
	$mxtrend "$command" --help >"$work/help"
	sed '/^Options of every command/,$d' "$work/help" >"$work/help.own"
	options_in "$work/help.own" | sort >"$work/own"
	left_in "$its" | while read -r option; do
		grep -E -e "(^| )$option( |\$)" "$work/shared" ||
		    echo "$its: $option is not in $page" >>"$work/bad"
	done >"$work/left"
	items_in "$its" | sort -u - "$work/left" >"$work/told"
	comm -3 "$work/own" "$work/told" |
	    sed "s,^\t,$its alone has ,; t
	    s,^,$its does not have ," >>"$work/bad"
	cat "$work/own" >>"$work/used"
	sed -n 's/^Formats: \(.*\) (.*/\1/p' "$work/help" | tr ' ' '\n' |
	    sort >"$work/formats"
	sed -n '/^\.It Fl f ,/,/^\.[^IC]/p' "$its" | awk '
		/^\.Cm / && !over { gsub(/[,.;:]/, " "); for (i = 2; i <= NF; i++)
			print $i; next }
		!/^\.It/ { over = 1 }' | sort -u | comm -3 "$work/formats" - |
	    sed "s,^[[:space:]]*,$its or --help has no format ," >>"$work/bad"
	grep -q '^\.Op Ar options$' "$its" || case $its in
	*.1) echo "$its: no synopsis" >>"$work/bad" ;;
	esac
done <"$work/commands"
sort "$work/shared" >"$work/shared.sorted"
sort -u "$work/used" | comm -13 - "$work/shared.sorted" |
    sed "s,^,$page: of no command: ," >>"$work/bad"
[ -s "$work/used" ] || echo 'no option found' >>"$work/bad"
check 'the page of each command has its options and formats' "$work/bad"

$mxtrend report --help | sed '1,/^Options of every command/d' >"$work/help"
options_in "$work/help" >"$work/options"
sed '/^\.Ss Of several/,$d' $page >"$work/every"
items_in "$work/every" >"$work/options.page"
differ 'options of every command' "$work/options" "$work/options.page"

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

# keys of facts
grep -oE '(member_[a-z]+|json_member_[a-z]+|json_key|member_stamp)\((&json|json|&json, out), "[a-z_0-9]+"' \
    cli/fact_json.c cli/report_json.c | cut -d '"' -f 2 >"$work/facts"
grep -oE '\b(results|begin)\(&json, (out, )?"[a-z_-]+"(, "[a-z]+")?' \
    cli/report_json.c | tr ',' '\n' | cut -s -d '"' -f 2 >>"$work/facts"
printf '%s\n' time delivery skipped >>"$work/facts"
{
	sed -n '/^\.Sh FACTS/,/^\.Sh EXAMPLES/p' man/mxtrend-parse.1 |
	    sed -nE 's/^(\.It)? *\.?(Va|Cm) //p' | tr -s ' ,.;:' '[\n*]'
	sed -n '/^\.Sh FACTS/,/^\.Sh EXAMPLES/s/^\.Ss //p' man/mxtrend-parse.1
} | grep -xE '[a-z_0-9-]+' >"$work/facts.words"
sort -u "$work/facts.words" >"$work/facts.words.sorted"
sort -u "$work/facts" | comm -23 - "$work/facts.words.sorted" \
    >"$work/bad"
sed -n '/^\.Sh FACTS/,/^\.Sh EXAMPLES/p' man/mxtrend-parse.1 |
    sed -nE 's/^(\.It )?\.?Va //p' | tr -s ' ,.;:' '[\n*]' | grep . |
    sort -u >"$work/facts.page"
sort -u "$work/facts" | comm -13 - "$work/facts.page" >>"$work/bad"
[ "$(wc -l <"$work/facts.page")" -gt 60 ] || echo 'no keys' >>"$work/bad"
check 'every key of a fact is on its page, and no other' "$work/bad"

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

# Rule files: the parser's keys, the words of a class, and an example that is
# one.
rules=man/mxtrend-rules.5
sed -n '/^} keys\[\]/,/^};/p' analyzer/rules_field.c | grep -o '{ "[^"]*"' |
    cut -d '"' -f 2 >"$work/rule.keys"
sed -n 's/.*slice_eq(key, SLICE("\([a-z-]*\)")).*/\1/p' \
    analyzer/rules_load.c >>"$work/rule.keys"
sed -n '/^\.Sh RULES/,/^\.Sh PROVIDERS/s/^\.It Ic \([^ ]*\).*/\1/p' $rules |
    sed 's/^\\&//' >"$work/rule.keys.page"
differ 'keys of rule files' "$work/rule.keys" "$work/rule.keys.page"

sed -n 's/^	\[\(REASON\|SCOPE\|SEVERITY\)_[A-Z_]*\] = "\([a-z-]*\)",/\2/p' \
    analyzer/classify_names.c >"$work/class"
sed -n '/^The reasons:/,/^\.Ss/p' $rules | sed -n 's/^\.Cm //p' |
    tr -s ' ,.' '[\n*]' | grep . >"$work/class.page"
differ 'reasons, scopes and severities' "$work/class" "$work/class.page"

sed -n 's/^key	/key	/p' analyzer/rules/providers.tsv | tr '\t' '\n' \
    >"$work/fields"
sed -n '/^\.Sh PROVIDERS/,/^\.Sh CHECKING/s/^\.It Ar //p' $rules \
    >"$work/fields.page"
differ 'fields of the provider table' "$work/fields" "$work/fields.page"

mkdir "$work/rules.d"
sed -n '/^\.Bd -literal/,/^\.Ed/p' $rules | sed '/^\.[BE]d/d; s/\\e/\\/g' \
    >"$work/rules.d/page.rules"
printf 'partner\tPartner\t-\tmx.partner.example\t-\t-\t-\t-\t-\n' \
    >"$work/rules.d/providers.tsv"
printf '[rules]\ndirectory = %s\n' "$work/rules.d" >"$work/rules.conf"
$mxtrend -c "$work/rules.conf" rules check >"$work/out" 2>&1 || true
grep -v ' 0 faults$' "$work/out" >"$work/bad" || true
grep -q '^rule ' "$work/rules.d/page.rules" || echo 'no example' >>"$work/bad"
check 'the example of a rule file proves itself' "$work/bad"

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
