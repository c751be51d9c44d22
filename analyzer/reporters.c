/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/reporters.h"

#include "analyzer/reporter_table.h"
#include "base/ipaddr.h"

static const struct provider_info *
by_domain(const struct providers *providers, struct slice domain)
{
	const struct provider_info *info;

	if (domain.len == 0)
		return NULL;
	info = providers_by_domain(providers, domain);
	return info != NULL ? info : providers_by_mx(providers, domain);
}

struct slice
reporter_provider(const struct providers *providers,
    const struct report_head *head, struct strbuf *scratch)
{
	const struct provider_info *info = providers_by_key(providers,
	    reporter_table_find(providers_reporters(providers),
	    head->reporter, head->reporter_domain, head->receiver));

	if (info == NULL)
		info = by_domain(providers, head->reporter_domain);
	if (info == NULL)
		info = by_domain(providers, head->receiver);
	if (info != NULL)
		return info->key;
	if (slice_chr(head->reporter_domain, '.') == NULL)
		return SLICE_NONE;
	strbuf_reset(scratch);
	providers_fallback_domain(providers, head->reporter_domain, scratch);
	return strbuf_slice(scratch);
}

/* Behind the last "@", as the parsers left it; compared in lower case by
 * those who know it. */
static struct slice
domain_of(struct slice address, struct strbuf *scratch)
{
	size_t at = address.len;

	while (at != 0 && address.ptr[at - 1] != '@')
		at--;
	if (at == 0)
		return SLICE_NONE;
	strbuf_reset(scratch);
	for (size_t i = at; i < address.len; i++)
		strbuf_add_char(scratch, ascii_lower(address.ptr[i]));
	return strbuf_slice(scratch);
}

static bool
is_family(const struct providers *providers, struct slice key,
    struct slice other)
{
	const struct provider_info *info = providers_by_key(providers, key);

	return slice_eq(key, other) ||
	    (info != NULL && slice_eq(info->family, other));
}

/* Domains that providers send their reports from, and that by themselves do
 * not tell whose a report is. */
static bool
is_sender_of(struct slice provider, struct slice domain)
{
	static const struct {
		const char *provider, *domain;
	} senders[] = {
		{ "microsoft365", "microsoft.com" },
		{ "microsoft-consumer", "microsoft.com" },
		{ "yahoo", "dmarc.yahoo.com" },
		{ "aol", "dmarc.yahoo.com" },
	};

	for (size_t i = 0; i < sizeof(senders) / sizeof(senders[0]); i++)
		if (slice_eq(provider, slice_str(senders[i].provider)) &&
		    slice_eq(domain, slice_str(senders[i].domain)))
			return true;
	return false;
}

/* A mail of DOMAIN can be the reporter's. What a report says of itself is
 * worth nothing alone: its name may be another's. */
static bool
is_of_reporter(const struct providers *providers,
    const struct report_head *head, struct slice provider, struct slice domain)
{
	const struct report_head bare = {
		.reporter_domain = head->reporter_domain };
	struct strbuf scratch;
	struct slice key;
	bool is_same;

	if (domain.len == 0)
		return false;
	if (is_sender_of(provider, domain))
		return true;
	key = reporter_table_find(providers_reporters(providers), SLICE_NONE,
	    domain, SLICE_NONE);
	if (key.len != 0 && (is_family(providers, key, provider) ||
	    is_family(providers, provider, key)))
		return true;
	if (!slice_eq(providers_registrable(providers, domain),
	    providers_registrable(providers, head->reporter_domain)))
		return false;
	strbuf_init(&scratch, 1024);
	is_same = slice_eq(reporter_provider(providers, &bare, &scratch),
	    provider);
	strbuf_release(&scratch);
	return is_same;
}

enum reporter_signature
reporter_signature(const struct providers *providers,
    const struct report_head *head, struct slice provider)
{
	struct strbuf scratch;
	bool is_good;

	if (head->mail_dkim.len == 0 && head->mail_dmarc.len == 0)
		return SIGNATURE_UNKNOWN;
	strbuf_init(&scratch, 1024);
	is_good = (slice_eq(head->mail_dkim, SLICE("pass")) &&
	    is_of_reporter(providers, head, provider,
	    head->mail_dkim_domain)) ||
	    (slice_eq(head->mail_dmarc, SLICE("pass")) &&
	    is_of_reporter(providers, head, provider,
	    domain_of(head->mail_from, &scratch)));
	strbuf_release(&scratch);
	return is_good ? SIGNATURE_GOOD : SIGNATURE_NONE;
}

/* Brands on one platform, whose reports are signed by one of them. */
struct slice
reporter_covering(struct slice provider)
{
	static const struct {
		const char *brand, *reporter;
	} covered[] = {
		{ "google-workspace", "gmail" },
		{ "aol", "yahoo" },
		{ "att", "yahoo" },
		{ "yahoo-smallbusiness", "yahoo" },
	};

	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++)
		if (slice_eq(provider, slice_str(covered[i].brand)))
			return slice_str(covered[i].reporter);
	return SLICE_NONE;
}

/* A name: of an address nobody knows whose it is. */
static bool
is_host(struct slice remote)
{
	struct ipaddr addr;

	return slice_chr(remote, '.') != NULL &&
	    !ipaddr_parse_literal(remote, &addr);
}

static struct slice
bounce_provider(const struct providers *providers,
    const struct bounce_mail *bounce, struct strbuf *scratch)
{
	const struct provider_info *info = NULL;
	struct strbuf domain_text;
	struct slice domain, key = SLICE_NONE;

	if (bounce->remote_mta.len != 0)
		info = providers_by_mx(providers, bounce->remote_mta);
	strbuf_init(&domain_text, 1024);
	domain = domain_of(bounce->recipient, &domain_text);
	if (info == NULL && domain.len != 0)
		info = providers_by_domain(providers, domain);
	strbuf_reset(scratch);
	if (info != NULL) {
		key = info->key;
	} else if (is_host(bounce->remote_mta)) {
		providers_fallback_mx(providers, bounce->remote_mta, scratch);
		key = strbuf_slice(scratch);
	} else if (domain.len != 0) {
		providers_fallback_domain(providers, domain, scratch);
		key = strbuf_slice(scratch);
	}
	strbuf_release(&domain_text);
	return key;
}

static enum outcome
outcome_of(const struct bounce_mail *bounce)
{
	return slice_eq(bounce->action, SLICE("delayed")) ? OUTCOME_DEFERRED :
	    OUTCOME_BOUNCED;
}

void
bounce_judge(const struct providers *providers, struct classifier *classifier,
    struct bounce_mail *bounce, struct strbuf *scratch)
{
	struct classify_query query = { .reply = bounce->reply,
		.dsn = bounce->dsn, .reply_code = bounce->reply_code,
		.outcome = outcome_of(bounce),
		.is_own_text = bounce->is_own_text };

	bounce->provider = bounce_provider(providers, bounce, scratch);
	query.provider = bounce->provider;
	/* a success notice has no reason */
	if (slice_eq(bounce->action, SLICE("delivered")) ||
	    slice_eq(bounce->action, SLICE("relayed")) ||
	    slice_eq(bounce->action, SLICE("expanded")))
		return;
	bounce->class = classify(classifier, &query, &bounce->source_ip);
}
