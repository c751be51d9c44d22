: >empty.log
gzip -c empty.log >empty.log.gz
mxtrend parse empty.log empty.log.gz
