# Locale, terminal width and colour variables of the caller change no machine
# format, and a second run gives the same bytes.
for format in json csv tsv prom html xlsx; do
	report() {
		mxtrend --tz Europe/Berlin --log-tz Europe/Berlin \
		    --now 2026-11-23T00:17:00+01:00 report -f $format \
		    -o "$1.$format" "$SAMPLES"/demo/mail.log.1*
	}
	report a
	LC_ALL=C.UTF-8 COLUMNS=200 CLICOLOR_FORCE=1 report b
	sed "s/ a\.$format / X /" a.$format >a
	sed "s/ b\.$format / X /" b.$format >b
	test -s a
	case $format in
	xlsx) ;; # its command line is compressed
	*) cmp a b ;;
	esac
	mv a.$format first
	report a
	cmp first a.$format
done
