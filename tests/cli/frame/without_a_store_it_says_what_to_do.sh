# With configured inputs and no store, mxtrend alone reports on the inputs;
# commands that need the store say how to fill it.
cp "$SAMPLES"/demo/mail.log mail.log
printf '[inputs]\nfiles = "%s/mail.log*" "%s/maillog*"\ntimezone = Europe/Berlin\n' \
    "$PWD" "$PWD" >conf
look() {
	mxtrend -c conf --state state --now 2026-11-23T01:00Z "$@"
}
look 2>said | sed -n 2,3p
sed "s,$PWD,DIR,; s/([0-9.]* MB)/(SIZE)/" said
look episodes 2>&1 || echo "status $?"
# one pattern of several may find nothing
look nightly | sed -n 2,3p
look | sed -n 2,3p
