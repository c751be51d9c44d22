# A server of anybody's quotes an address that is not ours and the words and
# codes of Microsoft. It stays that server's own refusal: Microsoft's episode,
# our address and the source are what they are without it.
cat <<'END' >honest
Nov 20 08:00:00 mail postfix/smtp[9]: 3FA1B2C4D5: to=<a@outlook.com>, relay=outlook-com.olc.protection.outlook.com[52.101.8.33]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host outlook-com.olc.protection.outlook.com[52.101.8.33] said: 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). (in reply to MAIL FROM command))
Nov 20 08:00:30 mail postfix/smtp[9]: 3FA1B2C4D6: to=<b@outlook.com>, relay=outlook-com.olc.protection.outlook.com[52.101.8.33]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host outlook-com.olc.protection.outlook.com[52.101.8.33] said: 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). (in reply to MAIL FROM command))
END
cat <<'END' >forged
Nov 20 08:01:00 mail postfix/smtp[9]: 3FA1B2C4E6: to=<a@evil.example>, relay=mx.evil.example[203.0.113.66]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.evil.example[203.0.113.66] said: 550 5.7.1 Service unavailable; Client host [198.51.100.66] blocked using zen.spamhaus.org (in reply to MAIL FROM command))
Nov 20 08:02:00 mail postfix/smtp[9]: 3FA1B2C4E7: to=<a@evil.example>, relay=mx.outlook.com.evil.example[203.0.113.66]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.outlook.com.evil.example[203.0.113.66] said: 550 5.7.1 Unfortunately, messages from [198.51.100.67] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). (in reply to MAIL FROM command))
END
cat honest forged >both
report() {
	mxtrend --log-tz UTC --tz UTC --now 2026-11-21 report -f json "$1"
}
printf '[source-ip]\ndefault = 192.0.2.9\n' >conf
report honest >honest.json
report both >both.json
MXTREND_CONFIG=conf report both >mapped.json
python3 - <<'END'
import json
honest, both, mapped = (json.load(open(name + ".json"))
                        for name in ("honest", "both", "mapped"))


def of_microsoft(rows):
    return [row for row in rows if row["provider"] == "microsoft-consumer"]


for key in ("providers", "pairs", "episodes"):
    a, b = (of_microsoft(it[key]) for it in (honest, both))
    drop = ("source_ip", "share", "others", "accepted_elsewhere")
    print(key, len(a), len(b))
    for left, right in zip(a, b):
        for name in ("deliveries", "blocked", "attempts", "reason", "token",
                     "state", "score", "first_refusal", "sample"):
            assert left.get(name) == right.get(name), (key, name)
# what one refuser claims of our address is no proof against another's claim
print(sorted({row.get("source_ip", "unknown") for row in both["pairs"]}))
# what the operator says stands above all of them
print(sorted({row.get("source_ip", "unknown") for row in mapped["pairs"]}))
print(sorted({row["provider"] for row in both["pairs"]}))
END
