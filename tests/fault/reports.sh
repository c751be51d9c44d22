#!/bin/sh
# Allocations, reads and writes that fail while reports are read:
# reports.sh BUILD-OF-VARIANT-FAULT [STRIDE]
exec python3 -B tests/fault/reports.py "$@"
