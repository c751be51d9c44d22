# A host and the store that it is merged into both prune an old block. Merged
# again it is still one, with the replies it had.
for hour in 01 02 03 04 05 06 07 08 09 10 11 12; do
	id=4AAAA$hour
	cat <<END
2026-01-05T$hour:00:00+00:00 mx2 postfix/qmgr[1]: $id: from=<a@example.org>, size=1, nrcpt=1 (queue active)
2026-01-05T$hour:00:01+00:00 mx2 postfix/smtp[2]: $id: to=<b@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.27]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host gmail-smtp-in.l.google.com[192.0.2.27] said: 550-5.7.1 [203.0.113.9] Our system has detected an unusual rate of unsolicited mail originating from your IP address. 550 5.7.1 review our bulk sending guidelines (in reply to end of DATA command))
2026-01-05T$hour:00:02+00:00 mx2 postfix/qmgr[1]: $id: removed
END
done >log
for day in 07 08 09 10; do
	for hour in 01 02 03 04 05 06; do
		id=4BBBB$day$hour
		cat <<END
2026-01-${day}T$hour:00:00+00:00 mx2 postfix/qmgr[1]: $id: from=<a@example.org>, size=1, nrcpt=1 (queue active)
2026-01-${day}T$hour:00:01+00:00 mx2 postfix/smtp[2]: $id: to=<b@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.27]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)
2026-01-${day}T$hour:00:02+00:00 mx2 postfix/qmgr[1]: $id: removed
END
	done
done >>log
tell() {
	mxtrend --state central --tz UTC --now 2026-06-01 episodes -f json \
	    --since 2026-01-01 | python3 -c 'import json, sys
for it in json.load(sys.stdin)["episodes"]:
    print(it["id"], it["provider"], it["attempts"], it["state"],
          [row["attempts"] for row in it["reasons"]])'
}
mxtrend --state mx2 -q --now 2026-01-11 ingest log
mxtrend --state central -q --now 2026-01-11 ingest /dev/null
mxtrend --state central -q --now 2026-01-11 merge mx2/mxtrend.db
tell
mxtrend --state central -q --now 2026-06-01 prune --keep 30d
tell
# something new there, so that the merge is no empty one
mxtrend --state mx2 -q --now 2026-06-01 prune --keep 30d
echo '2026-05-31T01:00:00+00:00 mx2 postfix/qmgr[1]: 4CCCC1: removed' >new
mxtrend --state mx2 -q --now 2026-06-01 ingest new
mxtrend --state central -q --now 2026-06-01 merge mx2/mxtrend.db
tell
