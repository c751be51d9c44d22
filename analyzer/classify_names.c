/* SPDX-License-Identifier: BSD-2-Clause */
/* The contract's words for reasons, scopes and severities. */
#include "analyzer/classify.h"

/* clang-format off */
static const char *const reasons[REASONS] = {
	[REASON_IP_BLOCK] = "ip-block",
	[REASON_DNSBL] = "dnsbl",
	[REASON_IP_REPUTATION] = "ip-reputation",
	[REASON_DYNAMIC_IP] = "dynamic-ip",
	[REASON_DOMAIN_REPUTATION] = "domain-reputation",
	[REASON_RATE_LIMIT] = "rate-limit",
	[REASON_GREYLIST] = "greylist",
	[REASON_CONTENT_SPAM] = "content-spam",
	[REASON_CONTENT_URL] = "content-url",
	[REASON_MALWARE] = "malware",
	[REASON_AUTH_SPF] = "auth-spf",
	[REASON_AUTH_DKIM] = "auth-dkim",
	[REASON_AUTH_DMARC] = "auth-dmarc",
	[REASON_AUTH_MISSING] = "auth-missing",
	[REASON_PTR] = "ptr",
	[REASON_HELO] = "helo",
	[REASON_TLS] = "tls",
	[REASON_POLICY] = "policy",
	[REASON_LIST_QUALITY] = "list-quality",
	[REASON_SENDER_INVALID] = "sender-invalid",
	[REASON_MAILBOX_UNKNOWN] = "mailbox-unknown",
	[REASON_MAILBOX_DISABLED] = "mailbox-disabled",
	[REASON_MAILBOX_FULL] = "mailbox-full",
	[REASON_DOMAIN_UNKNOWN] = "domain-unknown",
	[REASON_RELAY_DENIED] = "relay-denied",
	[REASON_SIZE] = "size",
	[REASON_SYSTEM_BUSY] = "system-busy",
	[REASON_RECEIVER_MISCONFIG] = "receiver-misconfig",
	[REASON_CONNECTION_REFUSED] = "connection-refused",
	[REASON_TIMEOUT] = "timeout",
	[REASON_NETWORK] = "network",
	[REASON_DNS] = "dns",
	[REASON_PROTOCOL] = "protocol",
	[REASON_LOOP] = "loop",
	[REASON_LOCAL] = "local",
	[REASON_EXPIRED] = "expired",
	[REASON_UNCLASSIFIED] = "unclassified",
};
static const char *const scopes[SCOPES] = {
	[SCOPE_IP] = "ip",
	[SCOPE_IP_RANGE] = "ip-range",
	[SCOPE_DOMAIN] = "domain",
	[SCOPE_SENDER] = "sender",
	[SCOPE_RECIPIENT] = "recipient",
	[SCOPE_CONTENT] = "content",
	[SCOPE_CONNECTION] = "connection",
	[SCOPE_LOCAL] = "local",
};
static const char *const severities[SEVERITIES] = {
	[SEVERITY_BLOCK] = "block",
	[SEVERITY_THROTTLE] = "throttle",
	[SEVERITY_RECIPIENT] = "recipient",
	[SEVERITY_CONTENT] = "content",
	[SEVERITY_TRANSPORT] = "transport",
	[SEVERITY_LOCAL] = "local",
};
/* clang-format on */

static int
find(const char *const *names, int count, struct slice name)
{
	for (int i = 1; i < count; i++)
		if (slice_eq(name, slice_str(names[i])))
			return i;
	return 0;
}

const char *
reason_name(enum reason reason)
{
	return reasons[reason];
}

const char *
scope_name(enum scope scope)
{
	return scopes[scope];
}

const char *
severity_name(enum severity severity)
{
	return severities[severity];
}

enum reason
reason_by_name(struct slice name)
{
	return (enum reason)find(reasons, REASONS, name);
}

enum scope
scope_by_name(struct slice name)
{
	return (enum scope)find(scopes, SCOPES, name);
}

enum severity
severity_by_name(struct slice name)
{
	return (enum severity)find(severities, SEVERITIES, name);
}
