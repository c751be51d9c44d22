# The line that other tools hide: provider, own address, reason, token, first
# and last time must stand in the report, and be its verdict.
cat >mail.log <<'END'
Nov 18 08:12:01 mail postfix/smtp[2211]: 4F1234567: to=<bob@outlook.com>, relay=outlook-com.olc.protection.outlook.com[203.0.113.61]:25, delay=1.2, delays=0.1/0.01/0.6/0.5, dsn=5.7.1, status=bounced (host outlook-com.olc.protection.outlook.com[203.0.113.61] said: 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors. (in reply to MAIL FROM command))
END
touch -d '2026-11-18 08:30' mail.log
mxtrend --now 2026-11-19 report -f json mail.log >report.json
python3 - <<'END'
import json
report = json.load(open("report.json"))
verdict = report["verdict"]
episode = report["episodes"][0]
for word in ("192.0.2.9", "S3140", "ip-block", "2026-11-18"):
    assert word in verdict, verdict
assert episode["provider"] == "microsoft-consumer"
assert episode["source_ip"] == "192.0.2.9"
assert (episode["reason"], episode["token"]) == ("ip-block", "S3140")
assert episode["first_refusal"] == episode["last_refusal"] \
    == "2026-11-18T08:12:01Z"
assert episode["state"] == "suspected"
assert report["providers"][0]["blocked"] == 1
reason = report["reasons"][0]
assert reason["first"] == reason["last"] == "2026-11-18T08:12:01Z"
print("told")
END
