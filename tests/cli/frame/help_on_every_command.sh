# Each command that is listed explains itself, in 80 columns.
mxtrend --help | sed -n 's/^  \([a-z]*\) .*/\1/p' >commands
test "$(wc -l <commands)" -ge 2
while read -r command; do
	mxtrend "$command" --help >one
	head -n 1 one | grep -q "^Usage: mxtrend $command " || {
		echo "$command has no usage"
		exit 1
	}
	awk -v c="$command" 'length > 80 { print c ": " $0; bad = 1 }
	    END { exit bad }' one
done <commands
