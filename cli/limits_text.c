/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/limits_text.h"

#include <inttypes.h>

#include "base/json_writer.h"
#include "base/limits.h"
#include "reports/text_table.h"

enum { REASON_INDENT = 4 };

static const struct {
	const char *name;
	uint64_t value;
	const char *reason;
} rows[] = {
#include "cli/limits_rows.h"
};

static const size_t row_count = sizeof(rows) / sizeof(rows[0]);

void
limits_text(struct strbuf *out, size_t width)
{
	for (size_t i = 0; i < row_count; i++) {
		size_t column = REASON_INDENT;

		strbuf_addf(out, "%-28s %" PRIu64 "\n%*s", rows[i].name,
		    rows[i].value, (int)column, "");
		text_wrap(out, slice_str(rows[i].reason), REASON_INDENT, width,
		    &column);
		strbuf_add_char(out, '\n');
	}
}

void
limits_json(struct strbuf *out)
{
	struct json_writer json;

	json_init(&json, out, true);
	json_open_object(&json);
	json_key(&json, "limits");
	json_open_array(&json);
	for (size_t i = 0; i < row_count; i++) {
		json_open_object(&json);
		json_member_text(&json, "name", slice_str(rows[i].name));
		json_member_int(&json, "value", (int64_t)rows[i].value);
		json_member_text(&json, "reason", slice_str(rows[i].reason));
		json_close_object(&json);
	}
	json_close_array(&json);
	json_close_object(&json);
	strbuf_add_char(out, '\n');
}
