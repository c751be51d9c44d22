/* SPDX-License-Identifier: BSD-2-Clause */
/* SMTP TLS reports (RFC 8460): JSON to policies and failures. They tell of
 * mail that others sent to us. */
#include "parsers/report_context.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/json_value.h"
#include "parsers/report_text.h"

static const char *const policy_types[] = { "tlsa", "sts", "no-policy-found",
	NULL };
/* RFC 8460 4.3. */
static const char *const result_types[] = { "starttls-not-supported",
	"certificate-host-mismatch", "certificate-expired",
	"certificate-not-trusted", "validation-failure", "tlsa-invalid",
	"dnssec-invalid", "dane-required", "sts-policy-fetch-error",
	"sts-policy-invalid", "sts-webpki-invalid", NULL };

struct tls_run {
	const struct report_context *context;
	struct arena arena;
	struct report_head head;
};

/* Trimmed, cut to the limit, absent when empty. */
static struct slice
text_of(const struct json_value *object, const char *key)
{
	struct slice text = slice_trim(json_member_text_of(object, key));

	if (text.len > LIMIT_REPORT_TEXT_BYTES)
		text.len = LIMIT_REPORT_TEXT_BYTES;
	return text.len != 0 ? text : SLICE_NONE;
}

/* A number, or the same as text; -1 when there is none. */
static int64_t
number_of(const struct json_value *object, const char *key)
{
	int64_t number;

	if (json_member_int_of(object, key, &number))
		return number >= 0 ? number : -1;
	return report_count(json_member_text_of(object, key), &number) ?
	    number : -1;
}

/* One generator writes "mx: host" as the value. */
static struct slice
plain_host(struct slice host)
{
	host = slice_trim(host);
	if (slice_starts(host, SLICE("mx:")))
		host = slice_trim(slice_skip(host, 3));
	return host;
}

/* A text or an array of them; several are joined by blanks. */
static struct slice
mx_host_of(struct tls_run *run, const struct json_value *policy)
{
	const struct json_value *value = json_value_member(policy, "mx-host");
	struct strbuf joined;
	struct slice hosts;

	if (value == NULL)
		value = json_value_member(policy, "mx-host-pattern");
	if (value == NULL)
		return SLICE_NONE;
	if (json_value_kind(value) != JSON_KIND_ARRAY)
		return report_domain(&run->arena,
		    plain_host(json_value_text(value)));
	strbuf_init(&joined, LIMIT_REPORT_TEXT_BYTES);
	for (size_t i = 0; i < json_value_count(value); i++) {
		struct slice host = plain_host(json_value_text(
		    json_value_at(value, i)));

		if (host.len == 0)
			continue;
		if (joined.len != 0)
			strbuf_add_char(&joined, ' ');
		strbuf_add_slice(&joined, report_domain(&run->arena, host));
	}
	hosts = joined.len == 0 ? SLICE_NONE :
	    arena_slice(&run->arena, strbuf_slice(&joined));
	strbuf_release(&joined);
	return hosts;
}

/* "receiver!domain!begin!end", or the mail's own field, or its subject. */
static struct slice
domain_of_surroundings(const struct report_context *context)
{
	struct slice name = context->file_name;
	const char *first = slice_chr(name, '!'), *second;
	const char *word = report_find_nocase(context->subject,
	    SLICE("Report Domain:"));
	struct slice rest;
	size_t len = 0;

	if (context->tls_domain.len != 0)
		return context->tls_domain;
	if (first != NULL) {
		rest = slice_between(first + 1, name.ptr + name.len);
		second = slice_chr(rest, '!');
		if (second != NULL)
			return slice_between(first + 1, second);
	}
	if (word == NULL)
		return SLICE_NONE;
	rest = slice_trim(slice_between(word + sizeof("Report Domain:") - 1,
	    context->subject.ptr + context->subject.len));
	while (len < rest.len && rest.ptr[len] > ' ' && rest.ptr[len] != ';')
		len++;
	return slice_of(rest.ptr, len);
}

static struct slice
policy_domain_of(struct tls_run *run, const struct json_value *policy)
{
	struct slice domain = text_of(policy, "policy-domain");

	if (domain.len == 0)
		domain = domain_of_surroundings(run->context);
	return report_domain(&run->arena, domain);
}

static enum mx_code
tell_failure(struct tls_run *run, struct slice policy_domain,
    const struct json_value *detail, struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct slice type = text_of(detail, "result-type");
	struct tls_failure failure = {
		.head = &run->head, .policy_domain = policy_domain,
		.result_type = type.len == 0 ? SLICE_NONE :
		    report_word(type, result_types),
		.sending_mta_ip = report_ip(&run->arena,
		    text_of(detail, "sending-mta-ip")),
		.receiving_mx_hostname = report_domain(&run->arena,
		    text_of(detail, "receiving-mx-hostname")),
		.receiving_mx_helo = text_of(detail, "receiving-mx-helo"),
		.receiving_ip = report_ip(&run->arena,
		    text_of(detail, "receiving-ip")),
		.failure_reason_code = text_of(detail, "failure-reason-code"),
		.sessions = number_of(detail, "failed-session-count") };

	return sink->tls_failure(sink->ctx, &failure, err);
}

static enum mx_code
tell_policy(struct tls_run *run, const struct json_value *entry,
    struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	const struct json_value *policy = json_value_member(entry, "policy");
	const struct json_value *summary = json_value_member(entry, "summary");
	const struct json_value *details = json_value_member(entry,
	    "failure-details");
	struct slice type = text_of(policy, "policy-type");
	struct tls_policy fact = { .head = &run->head,
		.policy_type = type.len == 0 ? SLICE_NONE :
		    report_word(type, policy_types),
		.policy_domain = policy_domain_of(run, policy),
		.mx_host = mx_host_of(run, policy),
		.successes = number_of(summary,
		    "total-successful-session-count"),
		.failures = number_of(summary,
		    "total-failure-session-count") };
	enum mx_code code = sink->tls_policy(sink->ctx, &fact, err);

	for (size_t i = 0; i < json_value_count(details) && code == MX_OK; i++)
		code = tell_failure(run, fact.policy_domain,
		    json_value_at(details, i), err);
	return code;
}

static enum mx_code
fill_head(struct tls_run *run, const struct json_value *root,
    struct mx_err *err)
{
	const struct json_value *range = json_value_member(root,
	    "date-range");
	struct report_head *head = &run->head;

	report_head_init(run->context, head);
	head->reporter = text_of(root, "organization-name");
	head->report_id = text_of(root, "report-id");
	head->email = report_address(text_of(root, "contact-info"));
	if (slice_chr(head->email, '@') == NULL)
		head->email = SLICE_NONE;
	report_head_finish(head, &run->arena);
	head->begin_utc = report_rfc3339(text_of(range, "start-datetime"));
	head->end_utc = report_rfc3339(text_of(range, "end-datetime"));
	return report_check_period(run->context, head, err);
}

static enum mx_code
tell(struct tls_run *run, const struct json_value *root, struct mx_err *err)
{
	const struct json_value *policies = json_value_member(root,
	    "policies");
	size_t count = json_value_count(policies);
	enum mx_code code;

	if (json_value_member(root, "organization-name") == NULL &&
	    json_value_member(root, "report-id") == NULL && count == 0)
		return mx_fail(err, MX_E_DATA, "JSON, but no TLS report");
	if (count > LIMIT_REPORT_ROWS)
		return mx_fail(err, MX_E_LIMIT, "more than %u policies",
		    LIMIT_REPORT_ROWS);
	code = fill_head(run, root, err);
	if (code == MX_OK && count == 0)
		return report_note(run->context, err,
		    "a report without policies");
	for (size_t i = 0; i < count && code == MX_OK; i++)
		code = tell_policy(run, json_value_at(policies, i), err);
	return code == MX_OK ? run->context->sink->report_end(
	    run->context->sink->ctx, &run->head, err) : code;
}

enum mx_code
tlsrpt_report_read(const struct report_context *context, struct slice text,
    struct mx_err *err)
{
	struct tls_run run = { .context = context };
	struct json_doc *doc;
	enum mx_code code;

	code = json_doc_parse(text, &doc, err);
	if (code != MX_OK)
		return code;
	arena_init(&run.arena);
	code = tell(&run, json_doc_root(doc), err);
	arena_release(&run.arena);
	json_doc_free(doc);
	return code;
}
