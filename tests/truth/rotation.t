#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Real logrotate, ingest at random moments, kills: a short run of what
# `make check-rotation` does for a month.
# usage: rotation.t MXTREND GENLOG    prints TAP
exec python3 "$(dirname "$0")/../rotation/rotation.py" "$1" "$2" \
	--days 3 --per-day 100
