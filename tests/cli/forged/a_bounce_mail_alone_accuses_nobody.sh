# Anybody can send bounces to the report mailbox. What no log of ours tells is
# shown as such, opens no episode and is no delivery.
for number in 1 2 3 4 5; do
	cat <<END
From MAILER-DAEMON Fri Nov 20 10:00:00 2026
From: MAILER-DAEMON@outlook.com
To: news@example.org
Subject: Undeliverable
Date: Fri, 20 Nov 2026 10:0$number:00 +0000
Message-ID: <$number@outlook.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; reader$number@outlook.com
Action: failed
Status: 5.7.1
Remote-MTA: dns; outlook-com.olc.protection.outlook.com
Diagnostic-Code: smtp; 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).

--b--

END
done >forged.mbox
cat <<'END' >log
Nov 20 08:00:00 mail postfix/smtp[9]: 3FA1B2C4D5: to=<a@outlook.com>, relay=outlook-com.olc.protection.outlook.com[52.101.8.33]:25, delay=1, delays=0/0/0/1, dsn=2.6.0, status=sent (250 2.6.0 Queued mail for delivery)
END
mxtrend --log-tz UTC --tz UTC --now 2026-11-21 report -f json log forged.mbox |
	python3 -c 'import json, sys
it = json.load(sys.stdin)
print(it["totals"]["deliveries"], it["totals"]["accepted"], it["totals"]["blocked"])
print("episodes", len(it["episodes"]))
for row in it["bounces"]:
    print(*("%s=%s" % (key, row[key]) for key in sorted(row) if key not in (
        "sample", "first", "last")))'
