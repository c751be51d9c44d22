printf '[report]\ntop = 5\ntimezone = UTC\n' >own.conf
MXTREND_RUN_COLOR=never mxtrend -c own.conf --tz Europe/Berlin config |
    grep -E '^(top|timezone|color|merge) ' | sed 's/  */ /g'
