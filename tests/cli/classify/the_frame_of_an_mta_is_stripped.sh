# Stage and MX come out of the frame, from a whole log line as well.
mxtrend classify -f json \
    'host mx1.example.net[198.51.100.1] said: 554 xyzzy (in reply to end of DATA command)' \
    'SMTP error from remote mail server after RCPT TO:<a@example.com>: 550 xyzzy' \
    'delivery temporarily suspended: connect to mx1.example.net[198.51.100.1]:25: Connection refused' \
    'Nov 22 00:06:11 mail postfix/smtp[40073]: 4jX79Z5XwfzNkDw: to=<a@live.com>, relay=live-com.olc.protection.outlook.com[198.51.100.1]:25, delay=1.2, dsn=5.5.0, status=bounced (host live-com.olc.protection.outlook.com[198.51.100.1] said: 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). (in reply to RCPT TO command))' |
    sed 's/^{"reply":.*"provider"/{"provider"/; s/^{"reply":.*"reason":/{"reason":/; s/"meaning".*//'
