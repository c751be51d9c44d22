/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/report_json.h"

#include "analyzer/classify.h"
#include "base/json_writer.h"

static void
begin(struct json_writer *json, struct strbuf *out, const char *type)
{
	json_init(json, out, false);
	json_open_object(json);
	json_member_text(json, "type", slice_str(type));
}

/* What is empty was not known. */
static void
member_name(struct json_writer *json, const char *key, struct slice text)
{
	if (text.len != 0)
		json_member_text(json, key, text);
}

static void
member_word(struct json_writer *json, const char *key, const char *word)
{
	if (word != NULL)
		json_member_text(json, key, slice_str(word));
}

static void
member_count(struct json_writer *json, const char *key, int64_t count)
{
	if (count >= 0)
		json_member_int(json, key, count);
}

static void
members_head(struct json_writer *json, const struct report_head *head)
{
	member_name(json, "reporter", head->reporter);
	member_name(json, "report_id", head->report_id);
	json_member_time(json, "begin", head->begin_utc);
	json_member_time(json, "end", head->end_utc);
}

/* Who sent it, for whoever asks whether it is what it says. */
static void
members_mail(struct json_writer *json, const struct report_head *head)
{
	member_name(json, "mail_from", head->mail_from);
	member_name(json, "mail_dkim", head->mail_dkim);
	member_name(json, "mail_dkim_domain", head->mail_dkim_domain);
	member_name(json, "mail_dmarc", head->mail_dmarc);
}

static void
finish(struct json_writer *json, const struct report_head *head,
    struct slice provider)
{
	members_mail(json, head);
	member_name(json, "provider", provider);
	json_member_text(json, "file", slice_str(head->path));
	json_close_object(json);
	strbuf_add_char(json->out, '\n');
}

static void
results(struct json_writer *json, const char *key, const char *detail,
    const struct auth_result *list, size_t count)
{
	if (count == 0)
		return;
	json_key(json, key);
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(json);
		member_name(json, "domain", list[i].domain);
		member_name(json, detail, list[i].detail);
		member_name(json, "result", list[i].result);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
reasons(struct json_writer *json, const struct dmarc_row *row)
{
	if (row->reason_count == 0)
		return;
	json_key(json, "override_reasons");
	json_open_array(json);
	for (size_t i = 0; i < row->reason_count; i++) {
		json_open_object(json);
		member_name(json, "type", row->reasons[i].type);
		member_name(json, "comment", row->reasons[i].comment);
		json_close_object(json);
	}
	json_close_array(json);
}

void
report_json_dmarc_common(struct dmarc_common *common,
    const struct dmarc_row *row, struct slice provider)
{
	struct json_writer json;

	strbuf_reset(&common->head);
	begin(&json, &common->head, "dmarc");
	members_head(&json, row->head);
	member_name(&json, "email", row->head->email);
	member_name(&json, "policy_domain", row->policy_domain);
	member_name(&json, "p", row->p);
	member_name(&json, "sp", row->sp);
	member_name(&json, "np", row->np);
	member_count(&json, "pct", row->pct);
	member_name(&json, "adkim", row->adkim);
	member_name(&json, "aspf", row->aspf);
	strbuf_reset(&common->tail);
	json.out = &common->tail;
	finish(&json, row->head, provider);
}

void
report_json_dmarc(struct strbuf *out, const struct dmarc_row *row,
    const struct dmarc_common *common)
{
	struct json_writer json;

	/* behind the members of the head */
	json_init(&json, out, false);
	json.depth = 1;
	json.needs_comma = true;
	strbuf_add_slice(out, strbuf_slice(&common->head));
	member_name(&json, "source_ip", row->source_ip);
	member_count(&json, "count", row->count);
	member_name(&json, "disposition", row->disposition);
	member_name(&json, "dkim", row->dkim);
	member_name(&json, "spf", row->spf);
	reasons(&json, row);
	member_name(&json, "header_from", row->header_from);
	/* "" is the null sender */
	json_member_text(&json, "envelope_from", row->envelope_from);
	member_name(&json, "envelope_to", row->envelope_to);
	results(&json, "dkim_results", "selector", row->dkim_results,
	    row->dkim_count);
	results(&json, "spf_results", "scope", row->spf_results,
	    row->spf_count);
	strbuf_add_slice(out, strbuf_slice(&common->tail));
}

void
report_json_tls_policy(struct strbuf *out, const struct tls_policy *policy,
    struct slice provider)
{
	struct json_writer json;

	begin(&json, out, "tlsrpt");
	members_head(&json, policy->head);
	member_name(&json, "policy_type", policy->policy_type);
	member_name(&json, "policy_domain", policy->policy_domain);
	member_name(&json, "mx_host", policy->mx_host);
	member_count(&json, "total_successful_session_count",
	    policy->successes);
	member_count(&json, "total_failure_session_count", policy->failures);
	finish(&json, policy->head, provider);
}

void
report_json_tls_failure(struct strbuf *out, const struct tls_failure *failure,
    struct slice provider)
{
	struct json_writer json;

	begin(&json, out, "tlsrpt-failure");
	members_head(&json, failure->head);
	member_name(&json, "policy_domain", failure->policy_domain);
	member_name(&json, "result_type", failure->result_type);
	member_name(&json, "sending_mta_ip", failure->sending_mta_ip);
	member_name(&json, "receiving_mx_hostname",
	    failure->receiving_mx_hostname);
	member_name(&json, "receiving_mx_helo", failure->receiving_mx_helo);
	member_name(&json, "receiving_ip", failure->receiving_ip);
	member_count(&json, "failed_session_count", failure->sessions);
	member_name(&json, "failure_reason_code",
	    failure->failure_reason_code);
	finish(&json, failure->head, provider);
}

void
report_json_complaint(struct strbuf *out, const struct complaint *complaint,
    struct slice provider)
{
	struct json_writer json;

	begin(&json, out, "complaint");
	json_member_time(&json, "time", complaint->at_utc);
	members_head(&json, complaint->head);
	member_name(&json, "feedback_type", complaint->feedback_type);
	member_name(&json, "source_ip", complaint->source_ip);
	json_member_text(&json, "original_mail_from",
	    complaint->original_mail_from);
	member_name(&json, "original_rcpt_to", complaint->original_rcpt_to);
	member_name(&json, "reported_domain", complaint->reported_domain);
	member_name(&json, "user_agent", complaint->user_agent);
	member_name(&json, "auth_failure", complaint->auth_failure);
	member_name(&json, "delivery_result", complaint->delivery_result);
	json_member_time(&json, "arrival_time", complaint->arrival_utc);
	member_count(&json, "incidents", complaint->incidents);
	finish(&json, complaint->head, provider);
}

void
report_json_snds(struct strbuf *out, const struct snds_row *row,
    struct slice provider)
{
	struct json_writer json;

	begin(&json, out, "snds");
	member_name(&json, "source_ip", row->source_ip);
	member_name(&json, "range", row->range);
	members_head(&json, row->head);
	member_count(&json, "rcpt_commands", row->rcpt_commands);
	member_count(&json, "data_commands", row->data_commands);
	member_count(&json, "recipients", row->recipients);
	member_name(&json, "filter_result", row->filter_result);
	member_name(&json, "complaint_rate", row->complaint_rate);
	member_count(&json, "trap_hits", row->trap_hits);
	if (row->range.len != 0) {
		json_key(&json, "blocked");
		json_bool(&json, row->is_blocked);
	}
	member_name(&json, "status", row->status);
	finish(&json, row->head, provider);
}

static void
members_class(struct json_writer *json, const struct classification *class)
{
	if (class == NULL)
		return;
	member_word(json, "reason", reason_name(class->reason));
	member_word(json, "scope", scope_name(class->scope));
	member_word(json, "severity", severity_name(class->severity));
	member_name(json, "token", class->token);
	member_name(json, "rule", class->rule);
}

void
report_json_bounce(struct strbuf *out, const struct bounce_mail *bounce)
{
	struct json_writer json;

	begin(&json, out, "bounce-mail");
	json_member_time(&json, "time", bounce->at_utc);
	members_head(&json, bounce->head);
	member_name(&json, "action", bounce->action);
	member_name(&json, "status", bounce->status);
	member_name(&json, "dsn", bounce->dsn);
	if (bounce->reply_code != 0)
		json_member_int(&json, "reply_code", bounce->reply_code);
	member_name(&json, "recipient", bounce->recipient);
	member_name(&json, "reply", bounce->reply);
	member_name(&json, "remote_mta", bounce->remote_mta);
	member_name(&json, "source_ip", bounce->source_ip);
	members_class(&json, bounce->class);
	finish(&json, bounce->head, bounce->provider);
}
