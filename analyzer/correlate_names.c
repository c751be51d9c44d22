/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is meant: log host, queue, sending source, provider, domain. Design
 * section 5 gives the order of evidence. */
#include "analyzer/correlate_priv.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/ipaddr.h"

/* Names of one kind differ in length or in their last letter, as in
 * "postfix-out1". */
static uint32_t
memo_id(struct name_memo *memos, struct intern *table, struct slice name)
{
	struct name_memo *memo = memos;

	if (name.len != 0)
		memo += (name.len + (unsigned char)name.ptr[name.len - 1]) %
		    MEMO_NAMES;
	if (memo->len == name.len && name.len != 0 &&
	    memcmp(memo->text, name.ptr, name.len) == 0)
		return memo->id;
	memo->id = names_id(table, name);
	memo->len = name.len <= sizeof(memo->text) ? name.len : 0;
	if (memo->len != 0)
		memcpy(memo->text, name.ptr, name.len);
	return memo->id;
}

uint32_t
correlate_host(struct correlate *self, struct slice host)
{
	return memo_id(self->host_memo, &self->is.names->host, host);
}

/* Room in ARRAY for number ID, new elements filled with 0xff or 0. */
static void *
grown(void *array, uint32_t *room, uint32_t id, size_t size, int fill)
{
	uint32_t want = *room != 0 ? *room : 64;

	if (id < *room)
		return array;
	while (want <= id)
		want *= 2;
	array = mx_realloc(array, want * size);
	memset((char *)array + *room * size, fill, (want - *room) * size);
	*room = want;
	return array;
}

static void
know_instance(struct correlate *self, uint32_t instance)
{
	uint32_t room = self->root_room;

	self->roots = grown(self->roots, &self->root_room, instance,
	    sizeof(*self->roots), 0xff);
	self->owns_queue = grown(self->owns_queue, &room, instance,
	    sizeof(*self->owns_queue), 0);
}

uint32_t
correlate_instance(struct correlate *self, struct slice instance)
{
	uint32_t id = memo_id(self->instance_memo, &self->is.names->instance,
	    instance);

	if (id >= self->root_room)
		know_instance(self, id);
	return id;
}

uint32_t
correlate_root(struct correlate *self, uint32_t instance)
{
	struct slice name;
	const char *slash;
	uint32_t root = self->roots[instance];

	if (root != INTERN_NONE)
		return root;
	name = intern_name(&self->is.names->instance, instance);
	slash = slice_chr(name, '/');
	root = slash == NULL ? instance : names_id(&self->is.names->instance,
	    slice_between(name.ptr, slash));
	if (root >= self->root_room)
		know_instance(self, root);
	self->roots[instance] = root;
	return root;
}

/* What is known of a source, from one more line; their order does not
 * matter. LABEL: what the reply quotes, or none. */
static void
sending_merge(struct sending *into, struct arena *text, uint32_t host,
    uint32_t instance, enum source_from from, struct slice label)
{
	if (!into->is_known) {
		into->is_known = true;
		into->host = host;
		into->instance = instance;
		into->from = from;
		into->is_dirty = true;
	}
	if (into->host != host && into->host != INTERN_NONE) {
		into->host = INTERN_NONE;
		into->is_dirty = true;
	}
	if (into->instance != instance && into->instance != INTERN_NONE) {
		into->instance = INTERN_NONE;
		into->is_dirty = true;
	}
	if (slice_is_none(label))
		return;
	if (!into->has_label) {
		into->label = arena_slice(text, label);
		into->has_label = into->is_dirty = true;
	} else if (!slice_eq(into->label, label) && !into->is_disputed) {
		into->is_disputed = into->is_dirty = true;
	}
}

struct sending *
correlate_source(const struct correlate *self, uint32_t source)
{
	return source < self->source_room ? &self->sources[source] : NULL;
}

static uint32_t
source_number(struct correlate *self, struct slice key)
{
	uint32_t id = names_id(&self->is.names->source, key);

	self->sources = grown(self->sources, &self->source_room, id,
	    sizeof(*self->sources), 0);
	return id;
}

/* The source of mail from HOST and INSTANCE where the log itself does not
 * give an address. */
static void
find_source(struct correlate *self, struct source_memo *memo, uint32_t host,
    uint32_t instance)
{
	struct slice host_name = intern_name(&self->is.names->host, host);
	struct slice name = intern_name(&self->is.names->instance, instance);
	char room[IPADDR_TEXT];
	enum source_from from;
	struct slice ip = own_source(self->is.own, name, room, &from);

	strbuf_reset(&self->scratch);
	if (!slice_is_none(ip)) {
		strbuf_add_slice(&self->scratch, ip);
	} else {
		strbuf_add_slice(&self->scratch, host_name);
		if (host_name.len != 0 && name.len != 0)
			strbuf_add_char(&self->scratch, '/');
		strbuf_add_slice(&self->scratch, name);
	}
	memo->used = true;
	memo->host = host;
	memo->instance = instance;
	memo->from = from;
	memo->source = source_number(self, strbuf_slice(&self->scratch));
	sending_merge(&self->sources[memo->source], &self->text, host,
	    instance, from, SLICE_NONE);
}

static uint32_t
mean_source(struct correlate *self, struct delivery *fact, uint32_t host,
    uint32_t instance)
{
	struct source_memo *memo = &self->source_memo[(host * 7 + instance) %
	    MEMO_SOURCES];
	uint32_t source;

	if (!slice_is_none(fact->source_ip)) {
		fact->source_from = SOURCE_LOG;
		source = source_number(self, fact->source_ip);
		sending_merge(&self->sources[source], &self->text, host,
		    instance, SOURCE_LOG, SLICE_NONE);
		return source;
	}
	if (!memo->used || memo->host != host || memo->instance != instance)
		find_source(self, memo, host, instance);
	if (memo->from != SOURCE_UNKNOWN) {
		fact->source_ip = intern_name(&self->is.names->source,
		    memo->source);
		fact->source_from = memo->from;
	}
	return memo->source;
}

static uint32_t
provider_of_mx(struct correlate *self, struct slice host)
{
	uint32_t relay = names_id(&self->is.names->relay, host);
	const struct provider_info *info;
	uint32_t *known;

	self->relay_providers = grown(self->relay_providers, &self->relay_room,
	    relay, sizeof(*self->relay_providers), 0xff);
	known = &self->relay_providers[relay];
	if (*known != INTERN_NONE)
		return *known;
	info = providers_by_mx(self->is.providers, host);
	strbuf_reset(&self->scratch);
	if (info != NULL)
		strbuf_add_slice(&self->scratch, info->key);
	else
		providers_fallback_mx(self->is.providers, host, &self->scratch);
	*known = names_id(&self->is.names->provider,
	    strbuf_slice(&self->scratch));
	return *known;
}

static uint64_t
hash_domain_mx(const struct correlate *self, uint32_t host, uint32_t domain)
{
	return hash_mix(self->is.names->seed ^ host, domain);
}

static struct domain_mx *
find_domain_mx(const struct correlate *self, uint32_t host, uint32_t domain)
{
	uint64_t hash = hash_domain_mx(self, host, domain);
	struct domain_mx *known;

	for (uint32_t i = *chain_head(&self->domain_mx_index, hash);
	    i != POOL_NONE; i = known->next) {
		known = pool_at(&self->domain_mx, i);
		if (known->host == host && known->domain == domain)
			return known;
	}
	return NULL;
}

static struct domain_mx *
add_domain_mx(struct correlate *self, uint32_t host, uint32_t domain)
{
	struct chain_index *index = &self->domain_mx_index;
	struct domain_mx *entry;
	uint32_t number, *head;

	if (chain_is_full(index)) {
		chain_grow(index);
		for (uint32_t i = 0; i < self->domain_mx.used; i++) {
			entry = pool_at(&self->domain_mx, i);
			head = chain_head(index, hash_domain_mx(self,
			    entry->host, entry->domain));
			entry->next = *head;
			*head = i;
			index->count++;
		}
	}
	number = pool_take(&self->domain_mx);
	entry = pool_at(&self->domain_mx, number);
	entry->host = host;
	entry->domain = domain;
	entry->provider = entry->otherwise = INTERN_NONE;
	entry->seen_utc = INT64_MIN;
	head = chain_head(index, hash_domain_mx(self, host, domain));
	entry->next = *head;
	*head = number;
	index->count++;
	return entry;
}

static void
learn_mx(struct correlate *self, const struct meaning *meaning, int64_t utc)
{
	struct domain_mx *known =
	    find_domain_mx(self, meaning->host, meaning->domain);

	if (known == NULL)
		known = add_domain_mx(self, meaning->host, meaning->domain);
	if (known->provider != meaning->provider && utc >= known->seen_utc) {
		known->provider = meaning->provider;
		known->is_dirty = true;
	}
	if (utc > known->seen_utc)
		known->seen_utc = utc;
}

/* What this host last saw of DOMAIN in an earlier run, or what its name says. */
static uint32_t
guess_provider(struct correlate *self, uint32_t host, uint32_t domain)
{
	struct slice name = intern_name(&self->is.names->domain, domain);
	const struct provider_info *info;
	uint32_t provider;

	if (self->is.hooks.recall_mx != NULL &&
	    self->is.hooks.recall_mx(self->is.hooks.ctx, host, domain,
	    &provider))
		return provider;
	if (name.len == 0)
		return PROVIDER_UNKNOWN;
	info = providers_by_domain(self->is.providers, name);
	strbuf_reset(&self->scratch);
	if (info != NULL)
		strbuf_add_slice(&self->scratch, info->key);
	else
		providers_fallback_domain(self->is.providers, name,
		    &self->scratch);
	return names_id(&self->is.names->provider,
	    strbuf_slice(&self->scratch));
}

/* The store is asked once for a domain: what it says changes by what this run
 * sees only. */
static uint32_t
provider_of_domain(struct correlate *self, uint32_t host, uint32_t domain)
{
	struct domain_mx *known = find_domain_mx(self, host, domain);

	if (known != NULL && known->provider != INTERN_NONE)
		return known->provider;
	if (known == NULL)
		known = add_domain_mx(self, host, domain);
	if (known->otherwise == INTERN_NONE)
		known->otherwise = guess_provider(self, host, domain);
	return known->otherwise;
}

static void
mean_provider(struct correlate *self, const struct delivery *fact,
    struct meaning *meaning)
{
	struct slice mx = fact->relay_host;

	if (meaning->hop == HOP_LOCAL) {
		meaning->provider = PROVIDER_LOCAL;
		return;
	}
	if (meaning->hop == HOP_INTERNAL) {
		meaning->provider = PROVIDER_INTERNAL;
		return;
	}
	if (mx.len == 0)
		mx = fact->named_mx;
	meaning->has_provider = mx.len != 0;
	if (mx.len == 0) {
		meaning->provider = provider_of_domain(self, meaning->host,
		    meaning->domain);
		return;
	}
	if (fact->is_relay_reverse &&
	    providers_by_mx(self->is.providers, mx) == NULL) {
		/* no MX's name: the domain may tell more */
		meaning->has_provider = false;
		meaning->provider = provider_of_domain(self, meaning->host,
		    meaning->domain);
		return;
	}
	meaning->provider = provider_of_mx(self, mx);
	if (meaning->domain != INTERN_NONE)
		learn_mx(self, meaning, fact->at.utc);
}

static bool
wants_class(enum outcome outcome)
{
	return outcome == OUTCOME_DEFERRED || outcome == OUTCOME_BOUNCED ||
	    outcome == OUTCOME_EXPIRED || outcome == OUTCOME_SUSPENDED;
}

static void
mean_class(struct correlate *self, struct delivery *fact,
    struct meaning *meaning)
{
	struct classify_query query = {
		.reply = fact->reply, .provider = fact->provider,
		.dsn = fact->dsn, .reply_code = fact->reply_code,
		.stage = fact->stage, .outcome = fact->outcome,
		.is_own_text = fact->is_own_text,
	};

	meaning->own_ip = SLICE_NONE;
	if (!wants_class(fact->outcome))
		return;
	meaning->class =
	    classify(self->is.classifier, &query, &meaning->own_ip);
	fact->class = meaning->class;
}

/* An address that mail on the Internet cannot come from. */
static bool
is_inner_address(struct slice text)
{
	struct ipaddr address;

	return ipaddr_parse(text, &address) && ipaddr_is_internal(&address);
}

/* An address that a reply quotes labels its source, but only where nothing
 * better says what the address is, and only one that can be ours. */
static void
mean_label(struct correlate *self, struct delivery *fact,
    const struct meaning *meaning)
{
	struct sending *info = &self->sources[meaning->source];

	if (slice_is_none(meaning->own_ip) ||
	    fact->source_from != SOURCE_UNKNOWN)
		return;
	if (own_is_configured(self->is.own)) {
		if (!own_has_ip(self->is.own, meaning->own_ip))
			return;
	} else if (slice_eq(meaning->own_ip, fact->relay_ip) ||
	    is_inner_address(meaning->own_ip)) {
		return; /* the other end's, or of nobody outside */
	}
	sending_merge(info, &self->text, info->host, info->instance,
	    info->from, meaning->own_ip);
	fact->source_ip = meaning->own_ip;
	fact->source_from = SOURCE_REPLY;
}

void
correlate_mean(struct correlate *self, struct delivery *fact,
    struct meaning *meaning)
{
	uint32_t instance = correlate_instance(self, fact->instance);

	meaning->class = NULL;
	meaning->has_provider = false;
	meaning->host = correlate_host(self, fact->host);
	meaning->root = correlate_root(self, instance);
	meaning->hop = fact->hop = own_hop(self->is.own, fact);
	meaning->domain = names_id(&self->is.names->domain,
	    meaning->hop == HOP_REMOTE ? fact->domain : SLICE(""));
	meaning->source = mean_source(self, fact, meaning->host, instance);
	mean_provider(self, fact, meaning);
	if (meaning->hop == HOP_REMOTE)
		fact->provider = intern_name(&self->is.names->provider,
		    meaning->provider);
	mean_class(self, fact, meaning);
	mean_label(self, fact, meaning);
}
