mxtrend parse --anonymize=key /dev/null
chmod 640 key
mxtrend parse --anonymize=key /dev/null
