/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/own.h"

#include <stdlib.h>

struct own_source {
	struct slice instance, ip;
};

struct own_hop {
	struct slice name; /* with a leading dot: a suffix */
	struct ipnet net;
	bool is_net;
	enum hop hop;
};

struct own {
	struct arena text;
	struct own_source *sources;
	size_t source_count;
	struct slice default_ip;
	struct own_hop *hops;
	size_t hop_count;
};

struct own *
own_new(void)
{
	struct own *own = mx_calloc(1, sizeof(*own));

	arena_init(&own->text);
	return own;
}

void
own_free(struct own *own)
{
	if (own == NULL)
		return;
	arena_release(&own->text);
	free(own->sources);
	free(own->hops);
	free(own);
}

enum mx_code
own_add_source(struct own *own, struct slice instance, struct slice ip,
    struct mx_err *err)
{
	char canonical[IPADDR_TEXT];
	struct ipaddr addr;
	struct slice text;

	if (!ipaddr_parse_literal(ip, &addr))
		return mx_fail(err, MX_E_CONFIG,
		    "[source-ip] %.*s: %.*s is no IP address",
		    SLICE_ARG(instance), SLICE_ARG(ip));
	text = slice_of(canonical, ipaddr_format(&addr, canonical));
	text = arena_slice(&own->text, text);
	if (slice_eq(instance, SLICE("default"))) {
		own->default_ip = text;
		return MX_OK;
	}
	own->sources = mx_realloc(own->sources,
	    (own->source_count + 1) * sizeof(*own->sources));
	own->sources[own->source_count++] = (struct own_source){
		.instance = arena_slice(&own->text, instance), .ip = text };
	return MX_OK;
}

enum mx_code
own_add_hop(struct own *own, struct slice relay, struct slice hop,
    struct mx_err *err)
{
	struct own_hop entry = { .hop = HOPS };

	for (int i = 0; i < HOPS; i++)
		if (slice_eq(hop, slice_str(hop_name((enum hop)i))))
			entry.hop = (enum hop)i;
	if (entry.hop == HOPS)
		return mx_fail(err, MX_E_CONFIG,
		    "[hops] %.*s: %.*s is none of remote, local, internal",
		    SLICE_ARG(relay), SLICE_ARG(hop));
	if (relay.len == 0)
		return mx_fail(err, MX_E_CONFIG, "[hops]: empty name");
	entry.is_net = ipnet_parse(relay, &entry.net);
	entry.name = arena_slice(&own->text, relay);
	own->hops = mx_realloc(own->hops,
	    (own->hop_count + 1) * sizeof(*own->hops));
	own->hops[own->hop_count++] = entry;
	return MX_OK;
}

/* Hosters put the address into the instance's name: postfix-192.0.2.7. */
static struct slice
ip_in_name(struct slice instance, char room[IPADDR_TEXT])
{
	struct ipaddr addr;
	struct slice tail = instance;
	const char *dash;

	while ((dash = slice_chr(tail, '-')) != NULL) {
		tail = slice_between(dash + 1, tail.ptr + tail.len);
		if (ipaddr_parse(tail, &addr))
			return slice_of(room, ipaddr_format(&addr, room));
	}
	return SLICE_NONE;
}

struct slice
own_source(const struct own *own, struct slice instance,
    char room[IPADDR_TEXT], enum source_from *from_r)
{
	struct slice ip;

	for (size_t i = own->source_count; i-- > 0;) {
		if (!slice_eq(own->sources[i].instance, instance))
			continue;
		*from_r = SOURCE_MAP;
		return own->sources[i].ip;
	}
	ip = ip_in_name(instance, room);
	if (!slice_is_none(ip)) {
		*from_r = SOURCE_LOG;
		return ip;
	}
	*from_r = slice_is_none(own->default_ip) ? SOURCE_UNKNOWN :
	    SOURCE_DEFAULT;
	return own->default_ip;
}

static bool
hop_fits(const struct own_hop *entry, const struct delivery *fact)
{
	struct ipaddr addr;

	if (entry->is_net)
		return ipaddr_parse_literal(fact->relay_ip, &addr) &&
		    ipnet_has(&entry->net, &addr);
	if (entry->name.ptr[0] == '.')
		return fact->relay_host.len >= entry->name.len &&
		    slice_eq_nocase(slice_skip(fact->relay_host,
		    fact->relay_host.len - entry->name.len), entry->name);
	return slice_eq_nocase(fact->relay_host, entry->name);
}

/* The relay is the host that logged: another queue of it. A host name without
 * a domain is no sign. */
static bool
is_ourselves(const struct own *own, const struct delivery *fact)
{
	if (fact->relay_ip.len != 0 && own_has_ip(own, fact->relay_ip))
		return true;
	return slice_chr(fact->host, '.') != NULL &&
	    slice_eq_nocase(fact->relay_host, fact->host);
}

enum hop
own_hop(const struct own *own, const struct delivery *fact)
{
	for (size_t i = own->hop_count; i-- > 0;)
		if (hop_fits(&own->hops[i], fact))
			return own->hops[i].hop;
	return fact->hop == HOP_REMOTE && is_ourselves(own, fact) ?
	    HOP_INTERNAL : fact->hop;
}

bool
own_has_ip(const struct own *own, struct slice ip)
{
	for (size_t i = 0; i < own->source_count; i++)
		if (slice_eq(own->sources[i].ip, ip))
			return true;
	return own->default_ip.len != 0 && slice_eq(own->default_ip, ip);
}

bool
own_is_configured(const struct own *own)
{
	return own->source_count != 0 || own->default_ip.len != 0;
}
