#!/bin/sh
# The power fails: power.sh BUILD-OF-VARIANT-FAULT [MOMENTS]
exec python3 -B tests/fault/power.py "$@"
