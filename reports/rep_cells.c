/* SPDX-License-Identifier: BSD-2-Clause */
/* One value out of a row, by its column: the only code that turns offsets
 * into members. memcpy, since a row is looked at as bytes. */
#include "reports/rep_tables.h"

#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/zone.h"

/* The member at the column's offset, copied as TYPE. */
#define MEMBER(type, value) \
	type value; \
	memcpy(&(value), (const char *)row + column->offset, sizeof(value))

static void
set_text(struct cell *cell, struct slice text)
{
	cell->text = text;
	cell->is_absent = slice_is_none(text);
}

double
report_seconds(double seconds)
{
	static const double scale = 1000, most = 9e12; /* whole in a double */

	if (!(seconds >= 0) || seconds > most)
		return seconds;
	return (double)(int64_t)(seconds * scale + 0.5) / scale;
}

static void
read_number(const struct report_column *column, const void *row,
    struct cell *cell)
{
	if (column->type == CELL_SECONDS) {
		MEMBER(double, seconds);
		cell->real = report_seconds(seconds);
		cell->is_absent = !(seconds >= 0);
	} else if (column->type == CELL_SHARE ||
	    column->type == CELL_RATE) {
		MEMBER(double, share);
		cell->real = share;
		cell->is_absent = !(share >= 0);
	} else if (column->type == CELL_FLAG) {
		MEMBER(bool, flag);
		cell->number = flag ? 1 : 0;
	} else {
		MEMBER(int64_t, number);
		cell->number = number;
		/* COUNT_NONE is the same value */
		cell->is_absent = number == TIME_NONE ||
		    (column->type == CELL_COUNT && number < 0);
	}
}

static void
read_word(const struct report_column *column, const void *row,
    struct cell *cell)
{
	if (column->type == CELL_STATE) {
		MEMBER(enum report_state, state);
		set_text(cell, slice_str(report_state_name(state)));
	} else if (column->type == CELL_CHANGE) {
		MEMBER(enum report_change, change);
		set_text(cell, slice_str(report_change_name(change)));
	} else {
		MEMBER(enum episode_state, state);
		set_text(cell, slice_str(episode_state_name(state)));
	}
}

static void
read_hex(const struct report_column *column, const void *row,
    struct cell *cell)
{
	MEMBER(uint64_t, number);
	(void)snprintf(cell->hex, sizeof(cell->hex), "%016llx",
	    (unsigned long long)number);
	set_text(cell, slice_str(cell->hex));
}

void
report_cell(const struct report_column *column, const void *row,
    struct cell *cell_r)
{
	cell_r->type = column->type;
	cell_r->is_absent = false;
	cell_r->number = 0;
	cell_r->real = 0;
	cell_r->text = SLICE_NONE;
	switch (column->type) {
	case CELL_INT:
	case CELL_TIME:
	case CELL_FLAG:
	case CELL_COUNT:
	case CELL_SECONDS:
	case CELL_SHARE:
	case CELL_RATE:
		read_number(column, row, cell_r);
		return;
	case CELL_STATE:
	case CELL_CHANGE:
	case CELL_EPISODE:
		read_word(column, row, cell_r);
		return;
	case CELL_HEX:
		read_hex(column, row, cell_r);
		return;
	case CELL_DAY:
		set_text(cell_r, slice_str((const char *)row + column->offset));
		return;
	case CELL_TEXT: {
		MEMBER(struct slice, text);
		set_text(cell_r, text);
		return;
	}
	case CELL_DAY_STATES:
	case CELL_REASONS:
		break;
	}
	cell_r->is_absent = true;
}

const enum report_state *
report_cell_days(const struct report_column *column, const void *row)
{
	MEMBER(const enum report_state *, days);
	return days;
}

/* The JSON writer's digits: one value must not look different elsewhere. */
static void
add_real(double value, int decimals, struct strbuf *out)
{
	struct json_writer json;

	json_init(&json, out, false);
	json_real(&json, value, decimals);
}

void
report_cell_text(const struct cell *cell, struct strbuf *out)
{
	char time[21];

	if (cell->is_absent)
		return;
	switch (cell->type) {
	case CELL_INT:
	case CELL_COUNT:
		strbuf_addf(out, "%lld", (long long)cell->number);
		return;
	case CELL_TIME:
		rfc3339_utc(cell->number, time);
		strbuf_add_str(out, time);
		return;
	case CELL_FLAG:
		strbuf_add_str(out, cell->number != 0 ? "true" : "false");
		return;
	case CELL_SECONDS:
		add_real(cell->real, REPORT_SECONDS_DECIMALS, out);
		return;
	case CELL_SHARE:
	case CELL_RATE:
		add_real(cell->real, REPORT_SHARE_DECIMALS, out);
		return;
	case CELL_TEXT:
	case CELL_DAY:
	case CELL_STATE:
	case CELL_CHANGE:
	case CELL_EPISODE:
	case CELL_HEX:
		strbuf_add_slice(out, cell->text);
		return;
	case CELL_DAY_STATES:
	case CELL_REASONS:
		return;
	}
}

void
report_column_header(const struct report_column *column, struct strbuf *out)
{
	for (const char *key = column->key; *key != '\0'; key++) {
		if (*key == '.')
			strbuf_add_char(out, '_');
		else
			strbuf_add_char(out, *key);
	}
}

void
report_reasons_text(const struct report_episode *episode, struct strbuf *out)
{
	for (size_t i = 0; i < episode->reason_count; i++) {
		const struct report_episode_reason *one = &episode->reasons[i];

		if (i > 0)
			strbuf_add_str(out, ", ");
		strbuf_add_slice(out, one->reason);
		if (!slice_is_none(one->token)) {
			strbuf_add_char(out, ' ');
			strbuf_add_slice(out, one->token);
		}
		strbuf_addf(out, " x%lld", (long long)one->attempts);
	}
}
