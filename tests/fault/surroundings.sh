#!/bin/sh
# No room, no permission, damaged stores: surroundings.sh BUILD [ROUNDS]
exec python3 -B tests/fault/surroundings.py "$@"
