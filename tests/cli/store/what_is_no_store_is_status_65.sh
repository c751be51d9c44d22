mkdir s
echo 'this is a letter to my aunt, and no database at all' >s/mxtrend.db
cp s/mxtrend.db before
status=0
mxtrend --state s ingest "$SAMPLES/demo/mail.log" || status=$?
cmp s/mxtrend.db before
exit $status
