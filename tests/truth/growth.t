#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: growth.t MXTREND GENLOG    prints TAP
exec python3 -B "$(dirname "$0")/growth.py" "$1"
