/* SPDX-License-Identifier: BSD-2-Clause */
/* DMARC aggregate reports (RFC 7489 appendix C, RFC 9990): XML to rows. One
 * tolerant table for both: elements by local name and parent, in any order,
 * what is unknown is passed over. Rows are held until the report is known to
 * be whole. */
#include "parsers/dmarc_report_priv.h"

#include "parsers/domain_name.h"
#include "parsers/report_text.h"
#include "parsers/xml_events.h"
#include "parsers/xml_repair.h"

#define NAME(text) { (text), sizeof(text) - 1 }

/* Which elements hold others. */
static const struct {
	enum node parent, node;
	struct slice name;
} branches[] = {
	{ NODE_OUTSIDE, NODE_FEEDBACK, NAME("feedback") },
	{ NODE_FEEDBACK, NODE_METADATA, NAME("report_metadata") },
	{ NODE_METADATA, NODE_RANGE, NAME("date_range") },
	{ NODE_FEEDBACK, NODE_POLICY, NAME("policy_published") },
	{ NODE_FEEDBACK, NODE_RECORD, NAME("record") },
	{ NODE_RECORD, NODE_ROW, NAME("row") },
	{ NODE_ROW, NODE_EVALUATED, NAME("policy_evaluated") },
	{ NODE_EVALUATED, NODE_REASON, NAME("reason") },
	{ NODE_RECORD, NODE_IDENTIFIERS, NAME("identifiers") },
	{ NODE_RECORD, NODE_IDENTIFIERS, NAME("identities") },
	{ NODE_RECORD, NODE_RESULTS, NAME("auth_results") },
	{ NODE_RESULTS, NODE_DKIM, NAME("dkim") },
	{ NODE_RESULTS, NODE_SPF, NAME("spf") }
};

#define STATE_TEXT(node, name, member) \
	{ (node), NAME(name), offsetof(struct dmarc_report, member) }

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
const char *const dmarc_policy_words[] = { "none", "quarantine", "reject",
	"pass", NULL };
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
leaf_of(struct dmarc_report *state, enum node parent, struct slice name)
{
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		if (leaves[i].parent == parent &&
		    slice_eq(name, leaves[i].name))
			return (struct slice *)(void *)((char *)state +
			    leaves[i].offset);
	return NULL;
}

static enum mx_code
on_open(void *ctx, struct slice name, unsigned depth, bool *takes_text_r,
    struct mx_err *err)
{
	struct dmarc_report *state = ctx;
	enum node parent = depth > 1 ? state->stack[depth - 1] : NODE_OUTSIDE;
	enum node node = branch_of(parent, name);

	(void)err;
	state->stack[depth] = node;
	state->leaf = node == NODE_OTHER ? leaf_of(state, parent, name) :
	    NULL;
	*takes_text_r = state->leaf != NULL;
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
	struct dmarc_report *state = ctx;

	if (state->leaf != NULL)
		strbuf_add_slice(&state->text, text);
}

/* Of several elements of one name the first that says something counts. */
static void
store_leaf(struct dmarc_report *state)
{
	if (state->leaf->len == 0)
		*state->leaf = arena_slice(&state->arena,
		    slice_trim(strbuf_slice(&state->text)));
	state->cut_texts += state->text.is_cut;
	state->leaf = NULL;
}

static void
add_result(struct dmarc_report *state, struct auth_result *list,
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
		.domain = report_domain(&state->arena, auth->domain),
		.detail = auth->detail.len == 0 ? SLICE_NONE : is_spf ?
		    report_word(auth->detail, scope_words) : auth->detail,
		.result = auth->result.len == 0 ? SLICE_NONE :
		    result_of(auth->result, is_spf) };
}

static void
add_reason(struct dmarc_report *state)
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

struct slice
dmarc_word(struct slice text, const char *const *list)
{
	return text.len == 0 ? SLICE_NONE : report_word(text, list);
}

/* A domain; of an address or a whole From field, which stand there at times,
 * the address's. */
static struct slice
domain_of_text(struct dmarc_report *state, struct slice text)
{
	return report_domain(&state->arena, slice_chr(text, '@') == NULL ?
	    text : address_domain(report_address(text)));
}

/* What is wrong in a row is left out of it and counted. */
static void
fill_row(struct dmarc_report *state, struct dmarc_row *row)
{
	const struct record_texts *texts = &state->record;

	row->source_ip = report_ip(&state->arena, texts->source_ip);
	state->bad_ips += slice_is_none(row->source_ip);
	row->count = -1;
	if (!report_count(texts->count, &row->count))
		state->bad_counts++;
	state->odd_counts += row->count == 0 || row->count > 1000000000;
	row->disposition = dmarc_word(texts->disposition, dmarc_policy_words);
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
add_row(struct dmarc_report *state, struct mx_err *err)
{
	struct row_node *node;
	struct dmarc_row *row;

	if (++state->row_count > LIMIT_REPORT_ROWS)
		return mx_fail(err, MX_E_LIMIT, "more than %u rows",
		    LIMIT_REPORT_ROWS);
	node = arena_alloc(&state->arena, sizeof(*node));
	memset(node, 0, sizeof(*node));
	row = &node->row;
	fill_row(state, row);
	row->reason_count = state->reason_count;
	row->dkim_count = state->dkim_count;
	row->spf_count = state->spf_count;
	row->reasons = copied(&state->arena, state->reasons,
	    state->reason_count * sizeof(state->reasons[0]));
	row->dkim_results = copied(&state->arena, state->dkim,
	    state->dkim_count * sizeof(state->dkim[0]));
	row->spf_results = copied(&state->arena, state->spf,
	    state->spf_count * sizeof(state->spf[0]));
	*state->end = node;
	state->end = &node->next;
	return MX_OK;
}

static enum mx_code
on_close(void *ctx, unsigned depth, bool *done_r, struct mx_err *err)
{
	struct dmarc_report *state = ctx;
	enum node node = state->stack[depth];

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
state_init(struct dmarc_report *state)
{
	memset(state, 0, offsetof(struct dmarc_report, reasons));
	arena_init(&state->arena);
	state->end = &state->first;
	strbuf_init(&state->text, LIMIT_REPORT_TEXT_BYTES);
}

static void
state_release(struct dmarc_report *state)
{
	strbuf_release(&state->text);
	arena_release(&state->arena);
}

/* Read once; MX_E_DATA when it is no whole report. */
static enum mx_code
read_once(struct dmarc_report *state, struct slice text, struct mx_err *err)
{
	struct xml_handler handler = { .ctx = state, .open = on_open,
		.text = on_text, .close = on_close };
	unsigned seen;
	enum mx_code code = xml_events(text, &handler, &seen, err);

	state->names_dtd = code == MX_OK && (seen & XML_SEEN_DOCTYPE) != 0;
	if (state->saw_html && (code == MX_OK || code == MX_E_DATA))
		return mx_fail(err, MX_E_DATA, "an HTML page, not a report");
	if (code != MX_OK || state->is_whole)
		return code;
	return mx_fail(err, MX_E_DATA, "XML, but no DMARC report");
}

static enum mx_code
read_repaired(struct dmarc_report *state, struct slice text,
    struct mx_err *err)
{
	struct strbuf repaired;
	struct mx_err second;
	enum mx_code code;

	state_release(state);
	state_init(state);
	strbuf_init(&repaired, 2 * (size_t)LIMIT_REPORT_BYTES);
	xml_repair(text, is_known_element, &repaired);
	code = read_once(state, strbuf_slice(&repaired), &second);
	strbuf_release(&repaired);
	/* the first defect is what people can find in the file */
	if (code == MX_E_DATA)
		return code;
	if (code != MX_OK)
		*err = second;
	state->is_repaired = code == MX_OK;
	return code;
}

struct dmarc_report *
dmarc_report_parse(struct slice text)
{
	struct dmarc_report *state = mx_alloc(sizeof(*state));
	struct mx_err err = { .code = MX_OK };
	enum mx_code code;

	state_init(state);
	code = read_once(state, text, &err);
	if (code == MX_E_DATA && !state->saw_html)
		code = read_repaired(state, text, &err);
	state->code = code;
	state->err = err;
	return state;
}

void
dmarc_report_free(struct dmarc_report *state)
{
	if (state == NULL)
		return;
	state_release(state);
	free(state);
}
