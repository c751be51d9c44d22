# Every shape and deviation of samples/reports; the notes on what was odd are
# on standard error. ipStatus has no date but the file's. Ids of rules may
# change without a report's meaning doing so.
cp "$SAMPLES"/reports/* .
touch -d 2026-11-23T12:00:00Z ./*
mxtrend parse -v ./* | sed 's/"rule":"[^"]*",//'
