/* SPDX-License-Identifier: BSD-2-Clause */
/* A DMARC report that was read: to rows of the sink, with what was odd. */
#include "parsers/dmarc_report_priv.h"

#include <stdlib.h>

#include "parsers/domain_name.h"
#include "parsers/report_text.h"
#include "parsers/timestamp.h"

static const char *const alignment_words[] = { "r", "s", NULL };

/* Whole seconds; a fraction is dropped. */
static enum mx_code
read_time(struct slice text, int64_t *utc_r, struct mx_err *err)
{
	uint64_t seconds;
	size_t len = slice_number(text, INT64_MAX, &seconds);

	if (text.len == 0)
		return MX_OK;
	if (len == 0 || (len < text.len && text.ptr[len] != '.') ||
	    !stamp_is_possible((int64_t)seconds))
		return mx_fail(err, MX_E_DATA,
		    "the period is no time of 1970 to 2100");
	*utc_r = (int64_t)seconds;
	return MX_OK;
}

static enum mx_code
note_rows(const struct dmarc_report *state,
    const struct report_context *context, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (state->first == NULL)
		return report_note(context, err, "a report without rows");
	if (state->bad_ips != 0)
		code = report_note(context, err,
		    "rows without a source address: %u", state->bad_ips);
	if (code == MX_OK && state->bad_counts != 0)
		code = report_note(context, err,
		    "rows whose count is no number: %u", state->bad_counts);
	if (code == MX_OK && state->odd_counts != 0)
		code = report_note(context, err,
		    "rows whose count is 0 or above 10^9: %u",
		    state->odd_counts);
	if (code == MX_OK && state->cut_texts != 0)
		code = report_note(context, err, "texts that were cut: %u",
		    state->cut_texts);
	if (code == MX_OK && state->cut_lists != 0)
		code = report_note(context, err,
		    "%u results above %u a row were left out",
		    state->cut_lists, LIMIT_ROW_RESULTS);
	return code;
}

static void
fill_policy(struct dmarc_report *state, struct dmarc_row *row)
{
	const struct dmarc_texts *texts = &state->head;

	row->policy_domain = report_domain(&state->arena, texts->domain);
	row->p = dmarc_word(texts->p, dmarc_policy_words);
	row->sp = dmarc_word(texts->sp, dmarc_policy_words);
	row->np = dmarc_word(texts->np, dmarc_policy_words);
	row->adkim = dmarc_word(texts->adkim, alignment_words);
	row->aspf = dmarc_word(texts->aspf, alignment_words);
	row->pct = -1;
	(void)report_count(texts->pct, &row->pct);
}

static enum mx_code
tell_rows(struct dmarc_report *state, const struct report_context *context,
    const struct report_head *head, struct mx_err *err)
{
	const struct report_sink *sink = context->sink;
	struct row_node none = { 0 };
	struct row_node *node = state->first != NULL ? state->first : &none;
	struct dmarc_row policy = { 0 };
	enum mx_code code = note_rows(state, context, err);

	fill_policy(state, &policy);
	for (; node != NULL && code == MX_OK; node = node->next) {
		struct dmarc_row *row = &node->row;

		row->head = head;
		row->policy_domain = policy.policy_domain;
		row->p = policy.p;
		row->sp = policy.sp;
		row->np = policy.np;
		row->adkim = policy.adkim;
		row->aspf = policy.aspf;
		row->pct = policy.pct;
		code = sink->dmarc(sink->ctx, row, err);
	}
	return code == MX_OK ? sink->report_end(sink->ctx, head, err) : code;
}

/* RFC 9990 allows "<" and ">" around it. */
static struct slice
plain_id(struct slice id)
{
	if (id.len > 2 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
		id = slice_trim(slice_of(id.ptr + 1, id.len - 2));
	return id.len != 0 ? id : SLICE_NONE;
}

static enum mx_code
note_form(const struct dmarc_report *state,
    const struct report_context *context, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (state->names_dtd)
		code = report_note(context, err,
		    "names a DTD, which was not read");
	if (code == MX_OK && state->is_repaired)
		code = report_note(context, err,
		    "not well-formed; read after a repair");
	return code;
}

static enum mx_code
tell(struct dmarc_report *state, const struct report_context *context,
    struct mx_err *err)
{
	struct report_head head;
	enum mx_code code = note_form(state, context, err);

	if (code != MX_OK)
		return code;
	if (state->code != MX_OK) {
		*err = state->err;
		return state->code;
	}
	report_head_init(context, &head);
	head.reporter = state->head.org_name;
	head.email = report_address(state->head.email);
	head.report_id = plain_id(state->head.report_id);
	report_head_finish(&head, &state->arena);
	code = read_time(state->head.begin, &head.begin_utc, err);
	if (code == MX_OK)
		code = read_time(state->head.end, &head.end_utc, err);
	if (code == MX_OK)
		code = report_check_period(context, &head, err);
	if (code == MX_OK)
		code = tell_rows(state, context, &head, err);
	return code;
}

enum mx_code
dmarc_report_tell(struct dmarc_report *state,
    const struct report_context *context, struct mx_err *err)
{
	enum mx_code code = tell(state, context, err);

	dmarc_report_free(state);
	return code;
}

enum mx_code
dmarc_report_read(const struct report_context *context, struct slice text,
    struct mx_err *err)
{
	return dmarc_report_tell(dmarc_report_parse(text), context, err);
}
