# Every night after the logs were rotated: read what is new, write the
# configured reports, and mail the text only when there is something to tell.
MAILTO=postmaster
17 7 * * *  mxtrend  /usr/bin/mxtrend -q nightly
