/* SPDX-License-Identifier: BSD-2-Clause */
/* DMARC aggregate reports (RFC 7489 appendix C, RFC 9990): XML to rows. One
 * tolerant table for both: elements by local name and parent, in any order,
 * what is unknown is passed over. Rows are held until the report is known to
 * be whole. */
#include "parsers/report_context.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/domain_name.h"
#include "parsers/report_text.h"
#include "parsers/timestamp.h"
#include "parsers/xml_events.h"
#include "parsers/xml_repair.h"

enum node {
	NODE_OUTSIDE, NODE_FEEDBACK, NODE_METADATA, NODE_RANGE, NODE_POLICY,
	NODE_RECORD, NODE_ROW, NODE_EVALUATED, NODE_REASON, NODE_IDENTIFIERS,
	NODE_RESULTS, NODE_DKIM, NODE_SPF, NODE_OTHER
};

#define NAME(text) { (text), sizeof(text) - 1 }

/* Which elements hold others. */
static const struct {
	enum node parent;
	struct slice name;
	enum node node;
} branches[] = {
	{ NODE_OUTSIDE, NAME("feedback"), NODE_FEEDBACK },
	{ NODE_FEEDBACK, NAME("report_metadata"), NODE_METADATA },
	{ NODE_METADATA, NAME("date_range"), NODE_RANGE },
	{ NODE_FEEDBACK, NAME("policy_published"), NODE_POLICY },
	{ NODE_FEEDBACK, NAME("record"), NODE_RECORD },
	{ NODE_RECORD, NAME("row"), NODE_ROW },
	{ NODE_ROW, NAME("policy_evaluated"), NODE_EVALUATED },
	{ NODE_EVALUATED, NAME("reason"), NODE_REASON },
	{ NODE_RECORD, NAME("identifiers"), NODE_IDENTIFIERS },
	{ NODE_RECORD, NAME("identities"), NODE_IDENTIFIERS },
	{ NODE_RECORD, NAME("auth_results"), NODE_RESULTS },
	{ NODE_RESULTS, NAME("dkim"), NODE_DKIM },
	{ NODE_RESULTS, NAME("spf"), NODE_SPF }
};

struct dmarc_texts {
	struct slice org_name, email, report_id, begin, end;
	struct slice domain, p, sp, np, pct, adkim, aspf;
};

struct record_texts {
	struct slice source_ip, count, disposition, dkim, spf;
	struct slice header_from, envelope_from, envelope_to;
};

struct row_node {
	struct dmarc_row row;
	struct row_node *next;
};

struct dmarc_state {
	const struct report_context *context;
	struct arena *arena;
	enum node stack[LIMIT_XML_DEPTH + 1];
	struct slice *leaf; /* where the text goes; NULL: nowhere */
	struct strbuf text;
	bool is_whole, saw_html;
	struct dmarc_texts head;
	struct record_texts record;
	struct auth_result auth;      /* the one being read */
	struct override_reason reason;
	struct override_reason reasons[LIMIT_ROW_RESULTS];
	struct auth_result dkim[LIMIT_ROW_RESULTS], spf[LIMIT_ROW_RESULTS];
	size_t reason_count, dkim_count, spf_count;
	struct row_node *first, **end;
	size_t row_count;
	unsigned bad_ips, bad_counts, odd_counts, cut_texts, cut_lists;
};

#define STATE_TEXT(node, name, member) \
	{ (node), NAME(name), offsetof(struct dmarc_state, member) }

/* Elements of text, and where it goes; of several the first counts. */
static const struct {
	enum node parent;
	struct slice name;
	size_t offset;
} leaves[] = {
	STATE_TEXT(NODE_METADATA, "org_name", head.org_name),
	STATE_TEXT(NODE_METADATA, "email", head.email),
	STATE_TEXT(NODE_METADATA, "report_id", head.report_id),
	STATE_TEXT(NODE_RANGE, "begin", head.begin),
	STATE_TEXT(NODE_RANGE, "end", head.end),
	STATE_TEXT(NODE_POLICY, "domain", head.domain),
	STATE_TEXT(NODE_POLICY, "p", head.p),
	STATE_TEXT(NODE_POLICY, "sp", head.sp),
	STATE_TEXT(NODE_POLICY, "np", head.np),
	STATE_TEXT(NODE_POLICY, "pct", head.pct),
	STATE_TEXT(NODE_POLICY, "adkim", head.adkim),
	STATE_TEXT(NODE_POLICY, "aspf", head.aspf),
	STATE_TEXT(NODE_ROW, "source_ip", record.source_ip),
	STATE_TEXT(NODE_ROW, "count", record.count),
	STATE_TEXT(NODE_EVALUATED, "disposition", record.disposition),
	STATE_TEXT(NODE_EVALUATED, "dkim", record.dkim),
	STATE_TEXT(NODE_EVALUATED, "spf", record.spf),
	STATE_TEXT(NODE_REASON, "type", reason.type),
	STATE_TEXT(NODE_REASON, "comment", reason.comment),
	STATE_TEXT(NODE_IDENTIFIERS, "header_from", record.header_from),
	STATE_TEXT(NODE_IDENTIFIERS, "envelope_from", record.envelope_from),
	STATE_TEXT(NODE_IDENTIFIERS, "envelope_to", record.envelope_to),
	STATE_TEXT(NODE_DKIM, "domain", auth.domain),
	STATE_TEXT(NODE_DKIM, "selector", auth.detail),
	STATE_TEXT(NODE_DKIM, "result", auth.result),
	STATE_TEXT(NODE_SPF, "domain", auth.domain),
	STATE_TEXT(NODE_SPF, "scope", auth.detail),
	STATE_TEXT(NODE_SPF, "result", auth.result)
};

/* Words of the two RFCs. */
static const char *const policy_words[] = { "none", "quarantine", "reject",
	"pass", NULL };
static const char *const alignment_words[] = { "r", "s", NULL };
static const char *const result_words[] = { "none", "pass", "fail", "policy",
	"neutral", "softfail", "temperror", "permerror", NULL };
static const char *const scope_words[] = { "mfrom", "helo", NULL };
static const char *const override_words[] = { "forwarded", "sampled_out",
	"trusted_forwarder", "mailing_list", "local_policy", "other",
	"policy_test_mode", NULL };

static enum node
branch_of(enum node parent, struct slice name)
{
	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++)
		if (branches[i].parent == parent &&
		    slice_eq(name, branches[i].name))
			return branches[i].node;
	/* what wraps the report without being one */
	return parent == NODE_OUTSIDE ? NODE_OUTSIDE : NODE_OTHER;
}

/* Programs of other habits: results' words that the schemas know by another
 * name. */
static struct slice
result_of(struct slice text, bool is_spf)
{
	if (slice_eq_nocase(text, SLICE("hardfail")))
		return SLICE("fail");
	if (slice_eq_nocase(text, SLICE("unknown")))
		return is_spf ? SLICE("temperror") : SLICE("permerror");
	if (is_spf && slice_eq_nocase(text, SLICE("error")))
		return SLICE("permerror");
	if (!is_spf && slice_eq_nocase(text, SLICE("invalid")))
		return SLICE("permerror");
	return report_word(text, result_words);
}

/* Elements of the two RFCs that say nothing here. */
static const struct slice other_names[] = { NAME("version"),
	NAME("extra_contact_info"), NAME("error"), NAME("generator"),
	NAME("fo"), NAME("rf"), NAME("ri"), NAME("testing"),
	NAME("discovery_method"), NAME("extension"), NAME("human_result") };

static bool
is_known_element(struct slice name)
{
	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++)
		if (slice_eq(name, branches[i].name))
			return true;
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		if (slice_eq(name, leaves[i].name))
			return true;
	for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]);
	    i++)
		if (slice_eq(name, other_names[i]))
			return true;
	return false;
}

static struct slice *
leaf_of(struct dmarc_state *state, enum node parent, struct slice name)
{
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		if (leaves[i].parent == parent &&
		    slice_eq(name, leaves[i].name))
			return (struct slice *)(void *)((char *)state +
			    leaves[i].offset);
	return NULL;
}

static enum mx_code
on_open(void *ctx, struct slice name, unsigned depth, struct mx_err *err)
{
	struct dmarc_state *state = ctx;
	enum node parent = depth > 1 ? state->stack[depth - 1] : NODE_OUTSIDE;
	enum node node = branch_of(parent, name);

	(void)err;
	state->stack[depth] = node;
	state->leaf = node == NODE_OTHER ? leaf_of(state, parent, name) :
	    NULL;
	if (state->leaf != NULL)
		strbuf_reset(&state->text);
	if (depth == 1 && slice_eq_nocase(name, SLICE("html")))
		state->saw_html = true;
	if (node == NODE_RECORD) {
		state->record = (struct record_texts){ 0 };
		state->reason_count = state->dkim_count = 0;
		state->spf_count = 0;
	}
	if (node == NODE_DKIM || node == NODE_SPF)
		state->auth = (struct auth_result){ 0 };
	if (node == NODE_REASON)
		state->reason = (struct override_reason){ 0 };
	return MX_OK;
}

static void
on_text(void *ctx, struct slice text)
{
	struct dmarc_state *state = ctx;

	if (state->leaf != NULL)
		strbuf_add_slice(&state->text, text);
}

/* Of several elements of one name the first that says something counts. */
static void
store_leaf(struct dmarc_state *state)
{
	if (state->leaf->len == 0)
		*state->leaf = arena_slice(state->arena,
		    slice_trim(strbuf_slice(&state->text)));
	state->cut_texts += state->text.is_cut;
	state->leaf = NULL;
}

static void
add_result(struct dmarc_state *state, struct auth_result *list,
    size_t *count, bool is_spf)
{
	struct auth_result *auth = &state->auth;

	if (auth->domain.len + auth->detail.len + auth->result.len == 0)
		return;
	if (*count == LIMIT_ROW_RESULTS) {
		state->cut_lists++;
		return;
	}
	list[(*count)++] = (struct auth_result){
		.domain = report_domain(state->arena, auth->domain),
		.detail = auth->detail.len == 0 ? SLICE_NONE : is_spf ?
		    report_word(auth->detail, scope_words) : auth->detail,
		.result = auth->result.len == 0 ? SLICE_NONE :
		    result_of(auth->result, is_spf) };
}

static void
add_reason(struct dmarc_state *state)
{
	struct override_reason reason = state->reason;

	if (state->reason_count == LIMIT_ROW_RESULTS) {
		state->cut_lists++;
		return;
	}
	reason.type = reason.type.len == 0 ? SLICE("other") :
	    report_word(reason.type, override_words);
	if (reason.comment.len == 0)
		reason.comment = SLICE_NONE;
	state->reasons[state->reason_count++] = reason;
}

static struct slice
word_or_none(struct slice text, const char *const *list)
{
	return text.len == 0 ? SLICE_NONE : report_word(text, list);
}

/* A domain; of an address or a whole From field, which stand there at times,
 * the address's. */
static struct slice
domain_of_text(struct dmarc_state *state, struct slice text)
{
	return report_domain(state->arena, slice_chr(text, '@') == NULL ?
	    text : address_domain(report_address(text)));
}

/* What is wrong in a row is left out of it and counted. */
static void
fill_row(struct dmarc_state *state, struct dmarc_row *row)
{
	const struct record_texts *texts = &state->record;

	row->source_ip = report_ip(state->arena, texts->source_ip);
	state->bad_ips += slice_is_none(row->source_ip);
	row->count = -1;
	if (!report_count(texts->count, &row->count))
		state->bad_counts++;
	state->odd_counts += row->count == 0 || row->count > 1000000000;
	row->disposition = word_or_none(texts->disposition, policy_words);
	row->dkim = texts->dkim.len == 0 ? SLICE_NONE :
	    result_of(texts->dkim, false);
	row->spf = texts->spf.len == 0 ? SLICE_NONE :
	    result_of(texts->spf, true);
	row->header_from = domain_of_text(state, texts->header_from);
	row->envelope_to = domain_of_text(state, texts->envelope_to);
	/* present and empty: the null sender */
	row->envelope_from = texts->envelope_from.len == 0 ?
	    texts->envelope_from :
	    domain_of_text(state, texts->envelope_from);
}

static void *
copied(struct arena *arena, const void *list, size_t size)
{
	void *copy;

	if (size == 0)
		return NULL;
	copy = arena_alloc(arena, size);
	memcpy(copy, list, size);
	return copy;
}

static enum mx_code
add_row(struct dmarc_state *state, struct mx_err *err)
{
	struct row_node *node;
	struct dmarc_row *row;

	if (++state->row_count > LIMIT_REPORT_ROWS)
		return mx_fail(err, MX_E_LIMIT, "more than %u rows",
		    LIMIT_REPORT_ROWS);
	node = arena_alloc(state->arena, sizeof(*node));
	memset(node, 0, sizeof(*node));
	row = &node->row;
	fill_row(state, row);
	row->reason_count = state->reason_count;
	row->dkim_count = state->dkim_count;
	row->spf_count = state->spf_count;
	row->reasons = copied(state->arena, state->reasons,
	    state->reason_count * sizeof(state->reasons[0]));
	row->dkim_results = copied(state->arena, state->dkim,
	    state->dkim_count * sizeof(state->dkim[0]));
	row->spf_results = copied(state->arena, state->spf,
	    state->spf_count * sizeof(state->spf[0]));
	*state->end = node;
	state->end = &node->next;
	return MX_OK;
}

static enum mx_code
on_close(void *ctx, struct slice name, unsigned depth, bool *done_r,
    struct mx_err *err)
{
	struct dmarc_state *state = ctx;
	enum node node = state->stack[depth];

	(void)name;
	if (node == NODE_OTHER && state->leaf != NULL)
		store_leaf(state);
	else if (node == NODE_DKIM)
		add_result(state, state->dkim, &state->dkim_count, false);
	else if (node == NODE_SPF)
		add_result(state, state->spf, &state->spf_count, true);
	else if (node == NODE_REASON)
		add_reason(state);
	else if (node == NODE_RECORD)
		return add_row(state, err);
	else if (node == NODE_FEEDBACK)
		*done_r = state->is_whole = true;
	return MX_OK;
}

/* ------------------------------------------------------------------ */

static void
state_init(struct dmarc_state *state, const struct report_context *context,
    struct arena *arena)
{
	memset(state, 0, sizeof(*state));
	state->context = context;
	state->arena = arena;
	state->end = &state->first;
	strbuf_init(&state->text, LIMIT_REPORT_TEXT_BYTES);
}

/* Read once; MX_E_DATA when it is no whole report. */
static enum mx_code
read_once(struct dmarc_state *state, struct slice text, struct mx_err *err)
{
	struct xml_handler handler = { .ctx = state, .open = on_open,
		.text = on_text, .close = on_close };
	unsigned seen;
	enum mx_code code = xml_events(text, &handler, &seen, err);

	if (code == MX_OK && (seen & XML_SEEN_DOCTYPE) != 0)
		code = report_note(state->context, err,
		    "names a DTD, which was not read");
	if (state->saw_html && (code == MX_OK || code == MX_E_DATA))
		return mx_fail(err, MX_E_DATA, "an HTML page, not a report");
	if (code != MX_OK || state->is_whole)
		return code;
	return mx_fail(err, MX_E_DATA, "XML, but no DMARC report");
}

static enum mx_code
read_repaired(struct dmarc_state *state, struct slice text,
    struct mx_err *err)
{
	const struct report_context *context = state->context;
	struct arena *arena = state->arena;
	struct strbuf repaired;
	struct mx_err second;
	enum mx_code code;

	strbuf_release(&state->text);
	arena_reset(arena);
	state_init(state, context, arena);
	strbuf_init(&repaired, 2 * (size_t)LIMIT_REPORT_BYTES);
	xml_repair(text, is_known_element, &repaired);
	code = read_once(state, strbuf_slice(&repaired), &second);
	strbuf_release(&repaired);
	/* the first defect is what people can find in the file */
	if (code == MX_E_DATA)
		return code;
	if (code != MX_OK) {
		*err = second;
		return code;
	}
	return report_note(context, err,
	    "not well-formed; read after a repair");
}

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
note_rows(const struct dmarc_state *state, struct mx_err *err)
{
	const struct report_context *context = state->context;
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
fill_policy(const struct dmarc_state *state, struct dmarc_row *row)
{
	const struct dmarc_texts *texts = &state->head;

	row->policy_domain = report_domain(state->arena, texts->domain);
	row->p = word_or_none(texts->p, policy_words);
	row->sp = word_or_none(texts->sp, policy_words);
	row->np = word_or_none(texts->np, policy_words);
	row->adkim = word_or_none(texts->adkim, alignment_words);
	row->aspf = word_or_none(texts->aspf, alignment_words);
	row->pct = -1;
	(void)report_count(texts->pct, &row->pct);
}

static enum mx_code
tell(struct dmarc_state *state, const struct report_head *head,
    struct mx_err *err)
{
	const struct report_sink *sink = state->context->sink;
	struct row_node none = { 0 };
	struct row_node *node = state->first != NULL ? state->first : &none;
	struct dmarc_row policy = { 0 };
	enum mx_code code = note_rows(state, err);

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
finish(struct dmarc_state *state, struct mx_err *err)
{
	struct report_head head;
	enum mx_code code;

	report_head_init(state->context, &head);
	head.reporter = state->head.org_name;
	head.email = report_address(state->head.email);
	head.report_id = plain_id(state->head.report_id);
	report_head_finish(&head, state->arena);
	code = read_time(state->head.begin, &head.begin_utc, err);
	if (code == MX_OK)
		code = read_time(state->head.end, &head.end_utc, err);
	if (code == MX_OK)
		code = report_check_period(state->context, &head, err);
	if (code == MX_OK)
		code = tell(state, &head, err);
	return code;
}

enum mx_code
dmarc_report_read(const struct report_context *context, struct slice text,
    struct mx_err *err)
{
	struct dmarc_state *state = mx_alloc(sizeof(*state));
	struct arena arena;
	enum mx_code code;

	arena_init(&arena);
	state_init(state, context, &arena);
	code = read_once(state, text, err);
	if (code == MX_E_DATA && !state->saw_html)
		code = read_repaired(state, text, err);
	if (code == MX_OK)
		code = finish(state, err);
	strbuf_release(&state->text);
	arena_release(&arena);
	free(state);
	return code;
}
