/* SPDX-License-Identifier: BSD-2-Clause */
/* Refusals that deferrals may still refer to, for the next file. Each ring is
 * written with its oldest first, so that the same go first from there on. */
#include "parsers/log_opensmtpd.h"
#include "parsers/log_saved.h"

static void
save_sessions(const struct opensmtpd_routes *routes, struct strbuf *out)
{
	saved_add_number(out, ROUTES_SESSIONS);
	for (size_t i = 0; i < ROUTES_SESSIONS; i++) {
		const struct route_session *one = &routes->sessions[
		    (routes->next_session + i) % ROUTES_SESSIONS];

		saved_add_text(out, slice_of(one->id, one->id[0] != '\0' ?
		    sizeof(one->id) : 0));
		saved_add_text(out, slice_str(one->address));
		saved_add_text(out, slice_str(one->host));
	}
}

static void
load_sessions(struct opensmtpd_routes *routes, struct saved_fields *from)
{
	size_t count = saved_number(from, ROUTES_SESSIONS);

	for (size_t i = 0; i < count; i++) {
		struct route_session *one = &routes->sessions[i];
		struct slice id = saved_text(from, sizeof(one->id));

		if (id.len == sizeof(one->id))
			memcpy(one->id, id.ptr, sizeof(one->id));
		saved_string(from, one->address, sizeof(one->address));
		saved_string(from, one->host, sizeof(one->host));
	}
	routes->next_session = count % ROUTES_SESSIONS;
}

static void
save_failures(const struct opensmtpd_routes *routes, struct strbuf *out)
{
	saved_add_number(out, routes->serial);
	for (size_t i = 0; i < ROUTES_FAILURES; i++) {
		const struct route_failure *one = &routes->failures[i];

		saved_add_number(out, one->serial);
		if (one->serial == 0)
			continue;
		saved_add_utc(out, one->utc);
		saved_add_number(out, one->stage);
		saved_add_text(out, slice_str(one->address));
		saved_add_text(out, slice_str(one->source));
		saved_add_text(out, slice_str(one->host));
		saved_add_text(out, slice_str(one->words));
	}
}

static void
load_failures(struct opensmtpd_routes *routes, struct saved_fields *from)
{
	routes->serial = saved_number(from, UINT64_MAX / 2);
	for (size_t i = 0; i < ROUTES_FAILURES && !from->is_bad; i++) {
		struct route_failure *one = &routes->failures[i];

		one->serial = saved_number(from, routes->serial);
		if (one->serial == 0)
			continue;
		/* each has its place */
		from->is_bad |= (one->serial - 1) % ROUTES_FAILURES != i;
		one->utc = saved_utc(from);
		one->stage = (enum stage)saved_number(from, STAGES - 1);
		saved_string(from, one->address, sizeof(one->address));
		saved_string(from, one->source, sizeof(one->source));
		saved_string(from, one->host, sizeof(one->host));
		saved_string(from, one->words, sizeof(one->words));
	}
}

static void
save_relays(const struct opensmtpd_routes *routes, struct strbuf *out)
{
	for (size_t i = 0; i < ROUTES_RELAYS; i++) {
		const struct route_relay *one = &routes->relays[
		    (routes->next_relay + i) % ROUTES_RELAYS];

		saved_add_number(out, one->domain);
		saved_add_text(out, slice_str(one->address));
	}
}

static void
load_relays(struct opensmtpd_routes *routes, struct saved_fields *from)
{
	for (size_t i = 0; i < ROUTES_RELAYS; i++) {
		struct route_relay *one = &routes->relays[i];

		one->domain = saved_number(from, UINT64_MAX);
		saved_string(from, one->address, sizeof(one->address));
	}
}

void
opensmtpd_routes_save(const struct opensmtpd_routes *routes,
    struct strbuf *out)
{
	save_sessions(routes, out);
	save_failures(routes, out);
	save_relays(routes, out);
	for (size_t i = 0; i < ROUTES_ECHOES; i++)
		saved_add_number(out, routes->echoes[
		    (routes->next_echo + i) % ROUTES_ECHOES]);
}

void
opensmtpd_routes_load(struct opensmtpd_routes *routes, struct slice text)
{
	struct saved_fields from = { .rest = text };

	load_sessions(routes, &from);
	load_failures(routes, &from);
	load_relays(routes, &from);
	for (size_t i = 0; i < ROUTES_ECHOES; i++)
		routes->echoes[i] = saved_number(&from, UINT64_MAX);
	if (from.is_bad)
		memset(routes, 0, sizeof(*routes));
}
