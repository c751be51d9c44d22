# Labelled replies of the public, with their provider and stage: what the rules
# answer is as right as tests/replies/CONFUSION.md says, and right enough.
command -v python3 >/dev/null || { echo 'no python3 here'; exit 77; }
python3 "$ROOT/tests/replies/precision.py" check "$(command -v mxtrend)"
