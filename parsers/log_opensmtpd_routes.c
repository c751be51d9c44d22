/* SPDX-License-Identifier: BSD-2-Clause */
/* Which refusal in a greeting stands behind a deferral that does not say.
 * Bounded rings; a failure is believed to be the cause when its host belongs
 * to the domain, when its address served the domain before, or when it is the
 * only one that failed of late. Source: OpenSMTPD 7.4 smtpd/mta.c,
 * mta_session.c. */
#include "parsers/log_opensmtpd.h"

#include "base/hash.h"

static struct slice
kept(const char *text)
{
	return slice_str(text);
}

static void
keep(char *buf, size_t room, struct slice text)
{
	size_t len = text.len < room ? text.len : room - 1;

	if (len != 0)
		memcpy(buf, text.ptr, len);
	buf[len] = '\0';
}

static uint64_t
hash_name(struct slice name)
{
	uint64_t hash = HASH_STABLE_START;

	for (size_t i = 0; i < name.len; i++) {
		char c = ascii_lower(name.ptr[i]);

		hash = hash_stable(slice_of(&c, 1), hash);
	}
	return hash;
}

/* The value behind KEY up to a blank; absent where it is not there. */
static struct slice
value_of(struct slice text, struct slice key)
{
	const char *at = slice_find(text, key);
	struct slice rest;
	const char *space;

	if (at == NULL)
		return SLICE_NONE;
	rest = slice_skip(text, (size_t)(at - text.ptr) + key.len);
	space = slice_chr(rest, ' ');
	return space != NULL ? slice_between(rest.ptr, space) : rest;
}

/* "smtp+tls://192.0.2.1:25" to its address. */
static struct slice
address_in_url(struct slice url)
{
	const char *at = slice_find(url, slice_of("://", 3));
	uint16_t port;

	if (at != NULL)
		url = slice_skip(url, (size_t)(at + 3 - url.ptr));
	return ip_and_port(url, &port);
}

void
routes_connecting(struct opensmtpd_routes *routes, struct slice session,
    struct slice text)
{
	struct route_session *entry = &routes->sessions[routes->next_session];

	if (session.len != sizeof(entry->id))
		return;
	routes->next_session = (routes->next_session + 1) % ROUTES_SESSIONS;
	memcpy(entry->id, session.ptr, sizeof(entry->id));
	keep(entry->address, sizeof(entry->address), address_in_url(
	    value_of(text, SLICE("address="))));
	keep(entry->host, sizeof(entry->host), value_of(text,
	    SLICE("host=")));
}

static const struct route_session *
find_session(const struct opensmtpd_routes *routes, struct slice session)
{
	/* the newest first */
	for (size_t i = 1; i <= ROUTES_SESSIONS; i++) {
		const struct route_session *entry = &routes->sessions[
		    (routes->next_session + ROUTES_SESSIONS - i) %
		    ROUTES_SESSIONS];

		if (session.len == sizeof(entry->id) &&
		    memcmp(entry->id, session.ptr, sizeof(entry->id)) == 0)
			return entry;
	}
	return NULL;
}

/* Take the command off "BANNER rejected: 554 words". */
static enum stage
stage_of(struct slice *reason)
{
	static const struct {
		const char *word;
		enum stage stage;
	} words[] = {
		{ "BANNER rejected: ", STAGE_CONNECT },
		{ "HELO rejected: ", STAGE_EHLO },
		{ "EHLO rejected: ", STAGE_EHLO },
		{ "LHLO rejected: ", STAGE_EHLO },
		{ "STARTTLS rejected: ", STAGE_STARTTLS },
		{ "AUTH rejected: ", STAGE_AUTH },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(*reason, slice_str(words[i].word))) {
			*reason = slice_skip(*reason, strlen(words[i].word));
			return words[i].stage;
		}
	return STAGE_NONE;
}

void
routes_failed(struct opensmtpd_routes *routes, struct slice session,
    struct slice reason, int64_t utc)
{
	const struct route_session *from = find_session(routes, session);
	struct route_failure *entry;

	if (from == NULL || from->address[0] == '\0')
		return;
	entry = &routes->failures[routes->serial++ % ROUTES_FAILURES];
	*entry = (struct route_failure){ .serial = routes->serial,
		.utc = utc };
	entry->stage = stage_of(&reason);
	keep(entry->address, sizeof(entry->address), kept(from->address));
	keep(entry->host, sizeof(entry->host), kept(from->host));
	keep(entry->words, sizeof(entry->words), reason);
}

/* The newest first; INDEX counts back from it. NULL behind the oldest. */
static struct route_failure *
failure_at(struct opensmtpd_routes *routes, uint64_t index)
{
	struct route_failure *entry;

	if (index >= routes->serial || index >= ROUTES_FAILURES)
		return NULL;
	entry = &routes->failures[(routes->serial - 1 - index) %
	    ROUTES_FAILURES];
	return entry;
}

void
routes_disabled(struct opensmtpd_routes *routes, struct slice text)
{
	static const struct slice arrow = { " <-> ", 5 };
	const char *at = slice_find(text, arrow);
	struct route_failure *entry;
	struct slice source, address;

	if (at == NULL)
		return;
	source = ip_bare(slice_between(text.ptr, at));
	address = ip_bare(value_of(text, arrow));
	for (uint64_t i = 0; (entry = failure_at(routes, i)) != NULL; i++)
		if (entry->serial != 0 && slice_eq(kept(entry->address),
		    address)) {
			keep(entry->source, sizeof(entry->source), source);
			return;
		}
}

static bool
served(const struct opensmtpd_routes *routes, uint64_t domain,
    struct slice address)
{
	for (size_t i = 0; i < ROUTES_RELAYS; i++)
		if (routes->relays[i].domain == domain &&
		    slice_eq(kept(routes->relays[i].address), address))
			return true;
	return false;
}

void
routes_served(struct opensmtpd_routes *routes, struct slice domain,
    struct slice address)
{
	uint64_t hash = hash_name(domain);
	struct route_failure *failure;

	if (domain.len == 0 || address.len == 0)
		return;
	for (uint64_t i = 0; (failure = failure_at(routes, i)) != NULL; i++)
		if (slice_eq(kept(failure->address), address))
			failure->serial = 0;
	if (served(routes, hash, address))
		return;
	routes->relays[routes->next_relay].domain = hash;
	keep(routes->relays[routes->next_relay].address, IPADDR_TEXT,
	    address);
	routes->next_relay = (routes->next_relay + 1) % ROUTES_RELAYS;
}

/* HOST is DOMAIN or lies below it. */
static bool
is_below(struct slice host, struct slice domain)
{
	struct slice tail;

	if (host.len < domain.len || domain.len == 0)
		return false;
	tail = slice_skip(host, host.len - domain.len);
	return slice_eq_nocase(tail, domain) && (host.len == domain.len ||
	    host.ptr[host.len - domain.len - 1] == '.');
}

static bool
is_of(const struct opensmtpd_routes *routes,
    const struct route_failure *failure, struct slice domain, uint64_t hash)
{
	return is_below(kept(failure->host), domain) ||
	    served(routes, hash, kept(failure->address));
}

static const struct route_failure *
find_cause(struct opensmtpd_routes *routes, struct slice domain, int64_t utc)
{
	const struct route_failure *failure, *only = NULL;
	uint64_t hash = hash_name(domain);
	bool is_alone = true;

	for (uint64_t i = 0; (failure = failure_at(routes, i)) != NULL; i++) {
		if (failure->serial == 0 || failure->utc > utc + 1 ||
		    failure->utc < utc - ROUTES_AGE_S)
			continue;
		if (is_of(routes, failure, domain, hash))
			return failure;
		if (only == NULL)
			only = failure;
		else if (strcmp(only->address, failure->address) != 0)
			is_alone = false;
	}
	return is_alone ? only : NULL;
}

/* Has ENVELOPE been told of this failure? It has now. */
static bool
is_echo(struct opensmtpd_routes *routes, const struct route_failure *failure,
    struct slice envelope)
{
	uint64_t key = hash_stable(envelope,
	    HASH_STABLE_START ^ failure->serial);

	for (size_t i = 0; i < ROUTES_ECHOES; i++)
		if (routes->echoes[i] == key)
			return true;
	routes->echoes[routes->next_echo] = key;
	routes->next_echo = (routes->next_echo + 1) % ROUTES_ECHOES;
	return false;
}

const struct route_failure *
routes_explain(struct opensmtpd_routes *routes, struct slice domain,
    struct slice envelope, int64_t utc, bool *is_echo_r)
{
	const struct route_failure *cause = find_cause(routes, domain, utc);

	*is_echo_r = false;
	if (cause == NULL || cause->stage == STAGE_NONE)
		return NULL;
	*is_echo_r = is_echo(routes, cause, envelope);
	return cause;
}
