report() {
	mxtrend --tz UTC --log-tz Europe/Berlin --now 2026-11-23 report "$@" \
	    "$SAMPLES"/demo/mail.log | LC_ALL=C grep -c "$(printf '\033')" || :
}
echo "$(report) $(CLICOLOR_FORCE=1 NO_COLOR=1 report)"
for with in "$(report --color)" "$(CLICOLOR_FORCE=1 report)" \
    "$(NO_COLOR=1 report --color=always)"; do
	test "$with" -gt 0 && echo colour
done
