# Found in the configuration directory, recognised by content, stored, told.
log=$SAMPLES/own-format/delivery.log
mkdir -p "$XDG_CONFIG_HOME/mxtrend/formats.d"
cp "$SAMPLES"/own-format/acme.format "$XDG_CONFIG_HOME/mxtrend/formats.d"
COLUMNS=200 mxtrend formats | grep -A1 '^acme' | sed 's/of .*config/of DIR/'
facts() {
	mxtrend parse --skipped "$@" | sed 's/"file":"[^"]*"/"file":"X"/'
}
facts "$log" | tee want
gzip -c "$log" >log.gz
facts log.gz | cmp - want
facts --input-format acme "$log" | cmp - want
# with others on one command line, and in one archive
mxtrend parse "$log" "$SAMPLES"/postfix/reasons.log | grep -c '"mta":"acme"'
tar cf logs.tar -C "$SAMPLES" own-format/delivery.log postfix/reasons.log
mxtrend parse logs.tar | grep -c '"mta":"acme"'
mxtrend --state state ingest "$log"
mxtrend --state state ingest log.gz
mxtrend --now 2026-11-26 --state state report -f json |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["totals"])'
# the format is gone, what it read is not
rm "$XDG_CONFIG_HOME/mxtrend/formats.d/acme.format"
mxtrend --state state ingest log.gz
