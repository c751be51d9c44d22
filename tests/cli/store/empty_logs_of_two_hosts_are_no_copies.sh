# Just after a rotation both hosts have an empty log; their stores merge.
: >a.log
: >b.log
mxtrend --state a -q ingest "$SAMPLES"/postfix/expired.log a.log >/dev/null
mxtrend --state b -q ingest b.log >/dev/null
mxtrend --state a merge b/mxtrend.db
