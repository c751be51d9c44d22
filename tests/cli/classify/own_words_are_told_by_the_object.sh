# The same words mean another thing when our own MTA says them.
{
	echo '{"reply":"451 4.0.0 I/O error","said_by":"remote"}'
	echo '{"reply":"451 4.0.0 I/O error","said_by":"own"}'
} | mxtrend classify -f json | grep -o '"reason":"[a-z-]*"'
status=0
echo '{"reply":"x","said_by":"nobody"}' | mxtrend classify 2>&1 || status=$?
echo "$status"
