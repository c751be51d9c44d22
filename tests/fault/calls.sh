#!/bin/sh
# Calls of the C library that fail, in every command, libraries included:
# calls.sh BUILD-OF-A-VARIANT [POINTS [COMMAND]]
exec python3 -B tests/fault/calls.py "$@"
