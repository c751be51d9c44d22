/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/fact_json.h"

#include "base/json_writer.h"
#include "base/zone.h"

/* As logged, in UTC: the fraction with the digits that it had. */
static void
member_stamp(struct json_writer *json, const struct stamp *at)
{
	char text[21 + 8];
	char fraction[8];
	size_t len;

	rfc3339_utc(at->utc, text);
	if (at->digits != 0) {
		len = strlen(text) - 1; /* before the Z */
		(void)snprintf(fraction, sizeof(fraction), "%06u",
		    (unsigned)at->us % 1000000u);
		text[len++] = '.';
		memcpy(text + len, fraction, at->digits);
		len += at->digits;
		text[len++] = 'Z';
		text[len] = '\0';
	}
	json_member_text(json, "time", slice_str(text));
}

static void
member_word(struct json_writer *json, const char *key, const char *word)
{
	if (word != NULL)
		json_member_text(json, key, slice_str(word));
}

/* What is empty was not known, but for addresses: "" is the null sender. */
static void
member_name(struct json_writer *json, const char *key, struct slice text)
{
	if (text.len != 0)
		json_member_text(json, key, text);
}

static void
members_relay(struct json_writer *json, const struct delivery *fact)
{
	member_name(json, "relay_host", fact->relay_host);
	member_name(json, "relay_ip", fact->relay_ip);
	if (fact->relay_port != 0)
		json_member_int(json, "relay_port", fact->relay_port);
	member_name(json, "source_ip", fact->source_ip);
	if (fact->source_ip.len != 0)
		member_word(json, "source_ip_from",
		    source_from_name(fact->source_from));
}

static void
members_reply(struct json_writer *json, const struct delivery *fact)
{
	json_member_text(json, "hop", slice_str(hop_name(fact->hop)));
	json_member_text(json, "outcome",
	    slice_str(outcome_name(fact->outcome)));
	if (fact->reply_code != 0)
		json_member_int(json, "reply_code", fact->reply_code);
	member_name(json, "dsn", fact->dsn);
	member_name(json, "reply", fact->reply);
	member_word(json, "stage", stage_name(fact->stage));
	if (fact->delay_ms >= 0) {
		json_key(json, "delay_s");
		json_real(json, (double)fact->delay_ms / 1000.0, 3);
	}
	if (fact->size_bytes >= 0)
		json_member_int(json, "size", fact->size_bytes);
	member_name(json, "tls", fact->tls);
}

static void
members_class(struct json_writer *json, const struct delivery *fact)
{
	const struct classification *class = fact->class;

	/* of a delivery to nobody known the provider is unknown, too */
	if (!slice_eq(fact->provider, SLICE("unknown")))
		member_name(json, "provider", fact->provider);
	if (class == NULL)
		return;
	member_word(json, "reason", reason_name(class->reason));
	member_word(json, "scope", scope_name(class->scope));
	member_word(json, "severity", severity_name(class->severity));
	member_name(json, "token", class->token);
	member_name(json, "rule", class->rule);
}

static void
member_where(struct json_writer *json, const struct mx_where *where)
{
	json_member_text(json, "file", slice_str(where->path));
	/* reports have none */
	if (where->line != 0)
		json_member_int(json, "line", (int64_t)where->line);
}

void
fact_json_delivery(struct strbuf *out, const struct delivery *fact)
{
	struct json_writer json;

	json_init(&json, out, false);
	json_open_object(&json);
	json_member_text(&json, "type", SLICE("delivery"));
	member_stamp(&json, &fact->at);
	member_word(&json, "mta", fact->mta);
	member_name(&json, "host", fact->host);
	member_name(&json, "instance", fact->instance);
	member_name(&json, "agent", fact->agent);
	if (!fact->is_id_made)
		member_name(&json, "id", fact->id);
	json_member_text(&json, "sender", fact->sender);
	json_member_text(&json, "recipient", fact->recipient);
	json_member_text(&json, "orig_recipient", fact->orig_recipient);
	member_name(&json, "domain", fact->domain);
	members_relay(&json, fact);
	members_reply(&json, fact);
	members_class(&json, fact);
	member_where(&json, &fact->where);
	json_close_object(&json);
	strbuf_add_char(out, '\n');
}

void
fact_json_skipped(struct strbuf *out, const struct skipped *what)
{
	struct json_writer json;

	json_init(&json, out, false);
	json_open_object(&json);
	json_member_text(&json, "type", SLICE("skipped"));
	json_member_text(&json, "reason",
	    slice_str(skip_reason_name(what->reason)));
	member_where(&json, &what->where);
	json_close_object(&json);
	strbuf_add_char(out, '\n');
}
