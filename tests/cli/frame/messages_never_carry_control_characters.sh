mxtrend "$(printf 'no\033[2Jsuch')"
