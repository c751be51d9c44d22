unset MXTREND_CONFIG
mkdir -p "$XDG_CONFIG_HOME/mxtrend"
echo '[report]
top = 77' >"$XDG_CONFIG_HOME/mxtrend/mxtrend.conf"
mxtrend config | grep -E '^top ' | sed 's/  */ /g'
