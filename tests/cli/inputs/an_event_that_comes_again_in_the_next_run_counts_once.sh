# SendGrid posts an event again where it is not sure that it arrived.
event='{"email":"bert@example.net","timestamp":1795161603,"event":"deferred","response":"421 4.7.28 rate","ip":"192.0.2.9","sg_event_id":"e2","sg_message_id":"m2"}'
echo "[$event]" >events.json
mxtrend -q --state s ingest events.json
echo "[$event]" >>events.json
mxtrend -q --state s ingest events.json
mxtrend --state s report -f json | grep -A 3 '"attempts": {' |
    head -n 4 | sed 's,^ *,,'
