# What a log holds and no rule's words know becomes a rule, once for each cause.
cat >mail.log <<'EOF'
Nov 20 10:00:01 mail postfix/smtp[1]: 4F1A2B3C41: to=<a@example.com>, relay=mx.example.com[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.example.com[198.51.100.1] said: 550 5.7.1 The tea kettle of 192.0.2.9 is cold, id=77-1 (in reply to end of DATA command))
Nov 20 10:00:02 mail postfix/smtp[1]: 4F1A2B3C42: to=<b@example.com>, relay=mx.example.com[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.example.com[198.51.100.1] said: 550 5.7.1 The tea kettle of 192.0.2.9 is cold, id=78-2 (in reply to end of DATA command))
Nov 20 10:00:03 mail postfix/smtp[1]: 4F1A2B3C43: to=<c@example.com>, relay=mx.example.com[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.com[198.51.100.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))
EOF
mxtrend --utc --now 2026-11-21 rules suggest mail.log | sed 's/local-[0-9a-f]*/local-ID/'
