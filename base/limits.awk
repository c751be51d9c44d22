# SPDX-License-Identifier: BSD-2-Clause
# limits.h as rows of a table: { "LIMIT_X", LIMIT_X, "its reason" }. A comment
# is the reason of all definitions up to the next one.
/^\/\*/ { reason = ""; is_comment = 1 }
is_comment {
	text = $0
	gsub(/^\/?[ *]+|[ ]*\*\/$/, "", text)
	reason = reason (reason == "" ? "" : " ") text
	if ($0 ~ /\*\/$/)
		is_comment = 0
	next
}
/^#define LIMIT_/ {
	gsub(/["\\]/, "\\\\&", reason)
	printf "{ \"%s\", (uint64_t)(%s), \"%s\" },\n", $2, $2, reason
}
