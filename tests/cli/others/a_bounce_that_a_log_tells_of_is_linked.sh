# The sample's bounce is about a message that this log refuses as well (same
# queue id and recipient); its delay notice about another recipient is in no
# log. What the log counts stays as it is.
cat >mail.log <<'END'
2026-11-23T09:10:10+00:00 mx postfix/qmgr[9]: 4dKq2L1Yz9z1: from=<news@example.com>, size=900, nrcpt=1 (queue active)
2026-11-23T09:10:11+00:00 mx postfix/smtp[8]: 4dKq2L1Yz9z1: to=<User@outlook.com>, relay=outlook-com.olc.protection.outlook.com[198.51.100.25]:25, delay=1, delays=0.1/0/0.4/0.5, dsn=5.7.1, status=bounced (host outlook-com.olc.protection.outlook.com[198.51.100.25] said: 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). (in reply to MAIL FROM command))
2026-11-23T09:10:11+00:00 mx postfix/qmgr[9]: 4dKq2L1Yz9z1: removed
END
show() {
	python3 -c 'import json, sys
document = json.load(sys.stdin)
print("log:", document["totals"]["deliveries"], document["totals"]["bounced"])
for row in document["bounces"]:
    print(*(row.get(key, "-") for key in ("provider", "reason", "token",
          "failed", "delayed", "in_log", "not_in_log")))'
}
mxtrend --now 2026-11-24 report -f json mail.log "$SAMPLES/reports/dsn-postfix.eml" | show
mxtrend --state s --now 2026-11-24 -q ingest "$SAMPLES/reports/dsn-postfix.eml" mail.log
mxtrend --state s --now 2026-11-24 report -f json | show
mxtrend --state s --now 2027-11-24 -q prune --keep 1d
mxtrend --state s --now 2026-11-24 report -f json | show
