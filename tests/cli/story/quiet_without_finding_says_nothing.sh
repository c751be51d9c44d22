mxtrend --now 2026-11-23 -q report --until 2026-11-10 "$SAMPLES"/demo/*
