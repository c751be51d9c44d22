#!/bin/sh
# Allocations, reads and writes that fail, one after the other:
# injected.sh BUILD-OF-VARIANT-FAULT [STRIDE]
exec python3 -B tests/fault/injected.py "$@"
