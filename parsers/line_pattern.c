/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/line_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/limits.h"

struct line_pattern {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	const unsigned char *names; /* PCRE2's table */
	uint32_t name_count, name_size;
	bool is_jit_tried;
};

static enum mx_code
compile_failed(int error, size_t at, struct mx_err *err)
{
	PCRE2_UCHAR why[160];

	if (pcre2_get_error_message(error, why, sizeof(why)) < 0)
		why[0] = '\0';
	return mx_fail(err, MX_E_CONFIG, "%s at byte %zu of the pattern",
	    (const char *)why, at + 1);
}

static void
make_context(struct line_pattern *pattern)
{
	pattern->data = pcre2_match_data_create_from_pattern(pattern->code,
	    NULL);
	pattern->context = pcre2_match_context_create(NULL);
	if (pattern->data == NULL || pattern->context == NULL)
		mx_oom();
	(void)pcre2_set_match_limit(pattern->context, LIMIT_FORMAT_MATCH);
	(void)pcre2_set_depth_limit(pattern->context, LIMIT_FORMAT_DEPTH);
	(void)pcre2_set_heap_limit(pattern->context, LIMIT_FORMAT_HEAP_KIB);
}

enum mx_code
line_pattern_compile(struct slice text, struct line_pattern **pattern_r,
    struct mx_err *err)
{
	/* Bound to the begin, so that the limit is one for the line, not one
	 * for each byte of it. */
	uint32_t options = PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C |
	    PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF;
	struct line_pattern *pattern = mx_calloc(1, sizeof(*pattern));
	PCRE2_SPTR names = NULL;
	PCRE2_SIZE at;
	int error;

	*pattern_r = NULL;
	pattern->code = pcre2_compile((PCRE2_SPTR)(const void *)text.ptr,
	    text.len, options, &error, &at, NULL);
	if (pattern->code == NULL && error == PCRE2_ERROR_HEAP_FAILED)
		mx_oom();
	if (pattern->code == NULL) {
		line_pattern_free(pattern);
		return compile_failed(error, at, err);
	}
	(void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT,
	    &pattern->name_count);
	(void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE,
	    &pattern->name_size);
	(void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &names);
	pattern->names = names;
	make_context(pattern);
	*pattern_r = pattern;
	return MX_OK;
}

void
line_pattern_free(struct line_pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_match_context_free(pattern->context);
	pcre2_match_data_free(pattern->data);
	pcre2_code_free(pattern->code);
	free(pattern);
}

bool
line_pattern_name(const struct line_pattern *pattern, size_t index,
    const char **name_r, unsigned *number_r)
{
	const unsigned char *entry;

	if (index >= pattern->name_count)
		return false;
	entry = pattern->names + index * pattern->name_size;
	*number_r = (unsigned)entry[0] << 8 | entry[1];
	*name_r = (const char *)(entry + 2);
	return true;
}

enum line_match
line_pattern_match(struct line_pattern *pattern, struct slice line)
{
	int status;

	if (!pattern->is_jit_tried) {
		/* without machine code the interpreter does it, slower */
		(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
		pattern->is_jit_tried = true;
	}
	status = pcre2_match(pattern->code,
	    (PCRE2_SPTR)(const void *)(line.ptr != NULL ? line.ptr : ""),
	    line.len, 0, 0, pattern->data, pattern->context);
	if (status == PCRE2_ERROR_NOMEMORY)
		mx_oom();
	if (status == PCRE2_ERROR_NOMATCH)
		return LINE_DIFFERS;
	return status > 0 ? LINE_MATCHES : LINE_OVER_LIMIT;
}

struct slice
line_pattern_group(const struct line_pattern *pattern, struct slice line,
    unsigned number)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(pattern->data);

	if (number >= pcre2_get_ovector_count(pattern->data) ||
	    at[2 * number] == PCRE2_UNSET || at[2 * number + 1] > line.len ||
	    at[2 * number] > at[2 * number + 1])
		return SLICE_NONE;
	return slice_of(line.ptr + at[2 * number],
	    at[2 * number + 1] - at[2 * number]);
}
