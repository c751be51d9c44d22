mxtrend --tz Mars/Phobos config
