mxtrend --now 2026-11-23 evidence nobody "$SAMPLES"/demo/*
