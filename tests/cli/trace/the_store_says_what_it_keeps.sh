# Failed attempts with file and line, what waits in the queue, and that the
# rest is not kept. An episode's attempts are all there.
cd "$SAMPLES/demo"
mxtrend --state "$OLDPWD/s" -q ingest mail.log*
cd "$OLDPWD"
mxtrend --state s trace 4jQCxW3KfHzNkDs
mxtrend --state s trace --episode 5f632989 -f json | grep -c '"event": "bounced"'
mxtrend --state s episodes -f json | grep '"attempts": ' | tail -n 1
mxtrend --state s trace --reply 'Connection refused' -f json |
	grep -c '"event": "deferred"'
zcat -f "$SAMPLES"/demo/mail.log* | grep 'status=deferred.*Connection refused' |
	grep -vc 'temporarily suspended'
mxtrend --state s trace no-such-id
mxtrend --state s trace --recipient nobody@example.org -f json
