# Changes of clocks by an hour, half of one and at midnight; ends of years.
python3 "$ROOT/tests/support/check_windows.py" 3 60
