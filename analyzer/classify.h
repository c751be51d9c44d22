/* SPDX-License-Identifier: BSD-2-Clause */
/* What a refusal means: reason, scope, severity, token, out of rule files.
 * Pure apart from its caches: the same text, provider and stage always give
 * the same answer. Knows no store, no clock, no files but the rules. */
#ifndef MX_ANALYZER_CLASSIFY_H
#define MX_ANALYZER_CLASSIFY_H

#include "parsers/facts.h"

/* clang-format off */
enum reason {
	REASON_NONE, /* outcome accepted */
	REASON_IP_BLOCK, REASON_DNSBL, REASON_IP_REPUTATION, REASON_DYNAMIC_IP,
	REASON_DOMAIN_REPUTATION, REASON_RATE_LIMIT, REASON_GREYLIST,
	REASON_CONTENT_SPAM, REASON_CONTENT_URL, REASON_MALWARE,
	REASON_AUTH_SPF, REASON_AUTH_DKIM, REASON_AUTH_DMARC,
	REASON_AUTH_MISSING, REASON_PTR, REASON_HELO, REASON_TLS,
	REASON_POLICY, REASON_LIST_QUALITY, REASON_SENDER_INVALID,
	REASON_MAILBOX_UNKNOWN, REASON_MAILBOX_DISABLED, REASON_MAILBOX_FULL,
	REASON_DOMAIN_UNKNOWN, REASON_RELAY_DENIED, REASON_SIZE,
	REASON_SYSTEM_BUSY, REASON_RECEIVER_MISCONFIG,
	REASON_CONNECTION_REFUSED, REASON_TIMEOUT, REASON_NETWORK, REASON_DNS,
	REASON_PROTOCOL, REASON_LOOP, REASON_LOCAL, REASON_EXPIRED,
	REASON_UNCLASSIFIED,
	REASONS
};
enum scope {
	SCOPE_NONE, SCOPE_IP, SCOPE_IP_RANGE, SCOPE_DOMAIN, SCOPE_SENDER,
	SCOPE_RECIPIENT, SCOPE_CONTENT, SCOPE_CONNECTION, SCOPE_LOCAL, SCOPES
};
enum severity {
	SEVERITY_NONE, SEVERITY_BLOCK, SEVERITY_THROTTLE, SEVERITY_RECIPIENT,
	SEVERITY_CONTENT, SEVERITY_TRANSPORT, SEVERITY_LOCAL, SEVERITIES
};
/* clang-format on */

/* "ip-block", "ip-range", "throttle", ...; NULL for 0. */
const char *reason_name(enum reason reason);
const char *scope_name(enum scope scope);
const char *severity_name(enum severity severity);
/* 0 (..._NONE) when NAME is none of them. */
enum reason reason_by_name(struct slice name);
enum scope scope_by_name(struct slice name);
enum severity severity_by_name(struct slice name);

enum { TOKENS_MAX = 8 };

/* Owned by the classifier; valid until the next classify() call that misses
 * the cache fills it anew -- copy what must last, or compare `id`. */
struct classification {
	enum reason reason;
	enum scope scope;
	enum severity severity;
	bool is_explicit;          /* the provider itself says block list or
	                            * reputation; else inferred */
	bool votes;                /* severity block or throttle and scope ip,
	                            * ip-range or domain (design section 5) */
	struct slice token;        /* letter for letter; SLICE_NONE = none */
	struct slice tokens[TOKENS_MAX]; /* all, most specific first */
	unsigned token_count;
	struct slice rule;         /* id of the rule that decided */
	struct slice meaning, remedy, url; /* from the rule */
	struct slice fingerprint;  /* the masked text, scrubbed of nothing */
	uint64_t fingerprint_id;   /* hash_stable of it: same in every run */
};

struct classifier;

/* RULE_DIRS: directories with *.rules files, in order; a later one
 * overrides rules of an earlier one by id. MX_E_CONFIG: "file:line: why". */
enum mx_code classifier_open(const char *const *rule_dirs, size_t dir_count,
    struct classifier **classifier_r, struct mx_err *err) MX_MUST_USE;
void classifier_close(struct classifier *classifier);
/* The same in two steps: read the files; make their patterns, before the
 * first text is classified. The second is for free where it was done. */
enum mx_code classifier_read(const char *const *rule_dirs, size_t dir_count,
    struct classifier **classifier_r, struct mx_err *err) MX_MUST_USE;
enum mx_code classifier_prepare(struct classifier *classifier,
    struct mx_err *err) MX_MUST_USE;

struct classify_query {
	struct slice reply;        /* unfolded text, without MTA's framing */
	struct slice provider;     /* key, may be none */
	struct slice dsn;          /* as logged, may be none */
	uint16_t reply_code;       /* 0 = none */
	enum stage stage;
	enum outcome outcome;
	bool is_own_text;          /* the MTA's own words, no remote reply */
};

/* Never fails: what no rule knows is REASON_UNCLASSIFIED. *own_ip_r: the
 * sender's own address that the reply quotes where the rule says so, a slice
 * of query->reply, else SLICE_NONE. Not for accepted deliveries. */
const struct classification *classify(struct classifier *classifier,
    const struct classify_query *query, struct slice *own_ip_r);

/* Where a rule stands; rule is SLICE_NONE when there is none. */
struct classify_source {
	struct slice rule, source;  /* id; where its author saw the words */
	const char *path;
	uint32_t line;
	enum reason reason;
	bool is_by_code;            /* it looks at codes alone, at no words */
};
struct classify_explanation {
	struct classify_source decided_by;
	struct classify_source runner_up; /* would have, without the first */
};
/* classify(), and which rules had a word in it. */
const struct classification *classify_explain(struct classifier *classifier,
    const struct classify_query *query, struct classify_explanation *why_r,
    struct slice *own_ip_r);

/* "2026.11 (412 rules)" or so, for --version and the report. */
const char *classifier_version(const struct classifier *classifier);
size_t classifier_rule_count(const struct classifier *classifier);

#endif
