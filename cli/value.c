/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/value.h"

#include <assert.h>
#include <inttypes.h>

#include "cli/settings.h"
#include "cli/when.h"

const char *const value_yes_no_names[] = { "no", "yes", NULL };
const char *const value_color_names[] = { "auto", "always", "never", NULL };
const char *const value_addresses_names[] = { "whole", "hashed", "none",
	NULL };
const char *const value_fail_on_names[] = { "nothing", "new", "open", "any",
	NULL };

static_assert(sizeof(enum color_when) == sizeof(unsigned) &&
    sizeof(enum fail_on) == sizeof(unsigned), "choices are stored as unsigned");

/* Through memcpy, so that no type is assumed of what lies there. */
static void
put(struct settings *settings, const struct value_slot *slot,
    const void *value, size_t size)
{
	memcpy((char *)settings + slot->offset, value, size);
}

static void
get(const struct settings *settings, const struct value_slot *slot,
    void *value_r, size_t size)
{
	memcpy(value_r, (const char *)settings + slot->offset, size);
}

static enum mx_code
set_number(struct settings *settings, const struct value_slot *slot,
    struct slice text, enum mx_code code, struct mx_err *err)
{
	uint64_t number = 0;
	int64_t value;

	if (text.len == 0 ||
	    slice_number(text, (uint64_t)slot->max, &number) != text.len ||
	    number < (uint64_t)slot->min)
		return mx_fail(err, code, "'%.*s' is no number from %" PRId64
		    " to %" PRId64, SLICE_ARG(text), slot->min, slot->max);
	value = (int64_t)number;
	put(settings, slot, &value, sizeof(value));
	return MX_OK;
}

static enum mx_code
set_age(struct settings *settings, const struct value_slot *slot,
    struct slice text, enum mx_code code, struct mx_err *err)
{
	int64_t seconds = 0;

	if (!slice_eq_nocase(text, SLICE("never")) &&
	    when_age(text, &seconds, err) != MX_OK)
		return mx_fail(err, code,
		    "'%.*s' is no age such as 36h, 90d, 2 weeks or never",
		    SLICE_ARG(text));
	put(settings, slot, &seconds, sizeof(seconds));
	return MX_OK;
}

static enum mx_code
set_choice(struct settings *settings, const struct value_slot *slot,
    struct slice text, enum mx_code code, struct mx_err *err)
{
	struct strbuf all;

	for (unsigned i = 0; slot->choices[i] != NULL; i++) {
		if (!slice_eq_nocase(text, slice_str(slot->choices[i])))
			continue;
		put(settings, slot, &i, sizeof(i));
		return MX_OK;
	}
	strbuf_init(&all, sizeof(err->text));
	for (unsigned i = 0; slot->choices[i] != NULL; i++)
		strbuf_addf(&all, " %s", slot->choices[i]);
	(void)mx_fail(err, code, "'%.*s' is none of%s", SLICE_ARG(text),
	    all.ptr);
	strbuf_release(&all);
	return code;
}

enum mx_code
value_set(struct settings *settings, const struct value_slot *slot,
    struct slice text, enum mx_code code, struct mx_err *err)
{
	const bool yes = true;
	const char *copy;
	unsigned count;

	switch (slot->kind) {
	case VALUE_FLAG:
		put(settings, slot, &yes, sizeof(yes));
		return MX_OK;
	case VALUE_COUNT:
		get(settings, slot, &count, sizeof(count));
		count++;
		put(settings, slot, &count, sizeof(count));
		return MX_OK;
	case VALUE_TEXT:
		copy = arena_strndup(&settings->arena, text.ptr, text.len);
		put(settings, slot, &copy, sizeof(copy));
		return MX_OK;
	case VALUE_NUMBER:
		return set_number(settings, slot, text, code, err);
	case VALUE_AGE:
		return set_age(settings, slot, text, code, err);
	case VALUE_CHOICE:
		return set_choice(settings, slot, text, code, err);
	case VALUE_NONE:
		break;
	}
	mx_bug("a value without a place");
}

static void
show_age(int64_t seconds, struct strbuf *out)
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" },
		{ 1, "s" } };

	if (seconds == 0) {
		strbuf_add_str(out, "never");
		return;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (seconds % units[i].seconds != 0)
			continue;
		strbuf_addf(out, "%" PRId64 "%s", seconds / units[i].seconds,
		    units[i].unit);
		return;
	}
}

void
value_show(const struct settings *settings, const struct value_slot *slot,
    struct strbuf *out)
{
	const char *text = NULL;
	int64_t number = 0;
	unsigned choice = 0;
	bool flag = false;

	switch (slot->kind) {
	case VALUE_FLAG:
		get(settings, slot, &flag, sizeof(flag));
		strbuf_add_str(out, flag ? "yes" : "no");
		break;
	case VALUE_COUNT:
		get(settings, slot, &choice, sizeof(choice));
		strbuf_addf(out, "%u", choice);
		break;
	case VALUE_TEXT:
		get(settings, slot, &text, sizeof(text));
		strbuf_add_str(out, text != NULL ? text : "");
		break;
	case VALUE_NUMBER:
		get(settings, slot, &number, sizeof(number));
		strbuf_addf(out, "%" PRId64, number);
		break;
	case VALUE_AGE:
		get(settings, slot, &number, sizeof(number));
		show_age(number, out);
		break;
	case VALUE_CHOICE:
		get(settings, slot, &choice, sizeof(choice));
		strbuf_add_str(out, slot->choices[choice]);
		break;
	case VALUE_NONE:
		break;
	}
}
