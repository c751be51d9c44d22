/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/filters.h"

#include "base/ipaddr.h"
#include "base/strbuf.h"

enum { SHOWN_MAX = 4, TEXT_MAX = 512 };

bool
filter_has_text(struct slice text, struct slice part)
{
	for (; text.len >= part.len; text = slice_skip(text, 1)) {
		if (slice_eq_nocase(slice_of(text.ptr, part.len), part))
			return true;
		if (text.len == 0)
			break;
	}
	return false;
}

/* Part of a key or a name, or a mail domain with or without its .com. */
static bool
may_be_meant(const struct providers *providers,
    const struct provider_info *info, struct slice text)
{
	char domain[64];
	const struct provider_info *of;

	if (filter_has_text(info->key, text) ||
	    filter_has_text(info->name, text))
		return true;
	of = providers_by_domain(providers, text);
	if (of == NULL && text.len < sizeof(domain) - 4) {
		(void)snprintf(domain, sizeof(domain), "%.*s.com",
		    SLICE_ARG(text));
		of = providers_by_domain(providers, slice_str(domain));
	}
	return of == info;
}

static void
add_meant(const struct providers *providers, struct slice text,
    struct strbuf *out)
{
	size_t shown = 0;

	for (size_t i = 0; i < providers_count(providers); i++) {
		const struct provider_info *info = providers_at(providers, i);

		if (!may_be_meant(providers, info, text))
			continue;
		if (shown++ == SHOWN_MAX) {
			strbuf_add_str(out, ", ...");
			return;
		}
		strbuf_add_str(out, shown == 1 ? "" : ", ");
		strbuf_add_slice(out, info->key);
	}
}

/* An address, or a source that has none: "HOST/INSTANCE". */
static enum mx_code
check_ip(const char *ip, struct mx_err *err)
{
	struct ipaddr addr;

	if (ip == NULL || strchr(ip, '/') != NULL ||
	    ipaddr_parse(slice_str(ip), &addr))
		return MX_OK;
	return mx_fail(err, MX_E_USAGE, "--ip: '%s' is no address; `mxtrend "
	    "report -f csv --table sources` has those of your mail", ip);
}

enum mx_code
filters_check(const struct settings *settings,
    const struct providers *providers, struct mx_err *err)
{
	enum mx_code code = check_ip(settings->ip, err);
	struct slice text = slice_str(settings->provider);
	struct strbuf meant;

	if (code != MX_OK || settings->provider == NULL ||
	    slice_starts(text, SLICE("mx:")) ||
	    slice_starts(text, SLICE("domain:")) ||
	    providers_by_key(providers, text) != NULL)
		return code;
	strbuf_init(&meant, TEXT_MAX);
	if (text.len != 0)
		add_meant(providers, text, &meant);
	(void)mx_fail(err, MX_E_USAGE, "--provider: no key \"%.*s\"; %s%.*s%s",
	    SLICE_ARG(text), meant.len != 0 ? "did you mean " :
	    "`mxtrend report -f csv --table providers` has those of your mail",
	    SLICE_ARG(strbuf_slice(&meant)), meant.len != 0 ? "?" : "");
	strbuf_release(&meant);
	return MX_E_USAGE;
}
