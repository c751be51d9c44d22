mxtrend --now 2026-11-23 report --fail-on=open "$SAMPLES"/demo/* >/dev/null
