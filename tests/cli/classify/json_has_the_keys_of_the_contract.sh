# Keys that are unknown are absent; tokens is a list, the most specific first.
mxtrend classify -f json --provider gmail \
    '421-4.7.28 [192.0.2.9      15] Our system has detected an unusual rate of unsolicited mail originating from your IP address. Please visit https://support.google.com/mail/?p=UnsolicitedRateLimitError' \
    'xyzzy' |
    sed 's/"meaning":"[^"]*"/"meaning":"..."/; s/"remedy":"[^"]*"/"remedy":"..."/; s/"url":"[^"]*"/"url":"..."/'
