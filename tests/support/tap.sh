# shellcheck shell=sh
# TAP for shell scripts: . tests/support/tap.sh; ok NAME; not_ok NAME WHY...;
# check NAME FILE (fine when FILE is empty, else its lines are the reason);
# finish at the end.
tap_count=0

ok() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

not_ok() {
	tap_count=$((tap_count + 1))
	echo "not ok $tap_count - $1"
	shift
	printf '%s\n' "$@" | sed 's/^/# /'
}

check() {
	if [ -s "$2" ]; then
		not_ok "$1" "$(head -n 40 "$2")"
	else
		ok "$1"
	fi
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

finish() {
	echo "1..$tap_count"
}
