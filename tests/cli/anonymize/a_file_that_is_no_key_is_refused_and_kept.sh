printf 'my dear diary\n' >key
chmod 600 key
status=0
mxtrend parse --anonymize=key /dev/null || status=$?
cat key
exit $status
