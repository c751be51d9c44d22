mxtrend report --anonymize --anonymize-also=names /dev/null
