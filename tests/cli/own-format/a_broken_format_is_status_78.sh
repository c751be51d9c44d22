mkdir -p "$XDG_CONFIG_HOME/mxtrend/formats.d"
printf 'format acme\ntime %%s\ndelivery (?<time>x\n' \
    >"$XDG_CONFIG_HOME/mxtrend/formats.d/acme.format"
status=0
mxtrend parse "$SAMPLES"/postfix/reasons.log 2>err || status=$?
sed 's/: .*formats.d/: DIR/' err >&2
exit $status
