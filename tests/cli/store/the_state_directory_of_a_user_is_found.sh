# Also by root, who keeps the system's store where nothing asks for another.
mkdir -p "$XDG_STATE_HOME/mxtrend"
mxtrend --log-tz UTC -q ingest "$SAMPLES"/demo/mail.log
mxtrend --tz UTC status | sed "s|$XDG_STATE_HOME|STATE|; s|  [0-9].*||" | head -n 1
