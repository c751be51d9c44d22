#!/bin/sh
# Servers that refuse, fail or are none: one line, the right status, nothing
# lost, nothing that counts twice. refused.sh DIRECTORY-OF-THE-BUILD
set -eu
exec python3 tests/fleet/refused.py "$1/mxtrend"
