# The first waits for its input and holds the lock meanwhile.
mkfifo pipe
mxtrend --state s ingest pipe >/dev/null &
exec 3>pipe
until [ -s s/mxtrend.lock ]; do sleep 0.1; done
status=0
mxtrend --state s ingest "$SAMPLES/demo/mail.log" 2>said || status=$?
sed 's/process [0-9]*/process N/' said
exec 3>&-
wait
exit $status
