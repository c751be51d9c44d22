# Tracking and send protocol tell of the same deliveries: whichever comes second
# is named, once.
cp "$SAMPLES/exchange/MSGTRK2026112008-1.log" tracking
cp "$SAMPLES/exchange/SEND2026112008-1.log" send
mxtrend --state a -q ingest tracking
mxtrend --state a ingest send 2>&1
mxtrend --state a ingest send 2>&1
mxtrend --state b -q ingest send tracking 2>&1
sed 's/2026-11-20T/2026-11-29T/' send >later
mxtrend --state c --now 2026-12-01 ingest tracking later 2>&1
