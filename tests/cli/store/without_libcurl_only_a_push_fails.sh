# A library that is none stands before the real one.
mkdir lib
: >lib/libcurl.so.4
export LD_LIBRARY_PATH="$PWD/lib"
mxtrend --state s ingest "$SAMPLES/demo/mail.log.1" | cut -d';' -f1
mxtrend --state s push --to clickhouse://127.0.0.1:1/x
