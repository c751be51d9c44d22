# An object's own provider, MX and stage come before the options.
mxtrend classify -f json --provider kddi --stage rcpt <<'EOF' |
550 : User unknown

{"reply":"550 : User unknown","provider":"gmail"}
{"reply":"554 xyzzy","stage":"connect","mx":"mx1.mail.example.net."}
{"reply":"xyzzy","reply_code":552,"dsn":"5.2.2","provider":"gmail"}
EOF
    sed 's/.*"provider":"\([^"]*\)","reason":"\([^"]*\)","scope":"\([^"]*\)".*/\1 \2 \3/'
