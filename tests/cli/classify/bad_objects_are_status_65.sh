mxtrend classify -f json <<'EOF' | sed 's/"scope".*//'
{"reply":
{"x":1}
{"reply":"x","stage":"nosuch"}
{"reply":"x","provider":"nosuch"}
{"reply":"x","reply_code":42}
550 5.1.1 User unknown
EOF
