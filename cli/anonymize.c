/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/anonymize.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "cli/name_scan.h"

enum { LOCAL_DIGITS = 12, DOMAIN_DIGITS = 12, HOST_DIGITS = 8, IP_DIGITS = 8,
	NAME_LEAST = 3, BUFFERS = 2 };

/* ADDRESS is whom the text with this hash is about; its name is what stands
 * before the "@", or before a "+" in it. */
struct known_name {
	uint64_t words;
	struct slice name, address; /* address: none = a sending source */
};

struct anonymizer {
	const struct providers *providers;
	struct pseudonym_key key;
	bool hides_domains, hides_ips;
	struct arena arena;         /* of the kept */
	struct arena name_arena;
	struct known_name *names;
	size_t name_count, name_room;
	bool is_sorted;
	struct slice *kept;         /* registrable domains */
	size_t kept_count, kept_room;
	struct strbuf buffers[BUFFERS];
	unsigned buffer;            /* the one that holds the text so far */
	struct strbuf scratch;
};

struct anonymizer *
anonymizer_new(const struct settings *settings,
    const struct providers *providers)
{
	struct anonymizer *self;

	if (settings->anonymize == NULL)
		return NULL;
	self = mx_calloc(1, sizeof(*self));
	self->providers = providers;
	self->key = settings->anonymize_key;
	self->hides_domains = settings->hides_domains;
	self->hides_ips = settings->hides_ips;
	arena_init(&self->arena);
	arena_init(&self->name_arena);
	for (unsigned i = 0; i < BUFFERS; i++)
		strbuf_init(&self->buffers[i], LIMIT_OUTPUT_PIECE_BYTES);
	strbuf_init(&self->scratch, LIMIT_OUTPUT_PIECE_BYTES);
	return self;
}

void
anonymizer_free(struct anonymizer *self)
{
	if (self == NULL)
		return;
	for (unsigned i = 0; i < BUFFERS; i++)
		strbuf_release(&self->buffers[i]);
	strbuf_release(&self->scratch);
	arena_release(&self->arena);
	arena_release(&self->name_arena);
	free(self->names);
	free(self->kept);
	free(self);
}

/* ---- pseudonyms ---- */

/* One address has one pseudonym, whatever its letters' case. */
static void
add_local(struct anonymizer *self, struct strbuf *out, struct slice local,
    struct slice domain)
{
	strbuf_reset(&self->scratch);
	for (size_t i = 0; i < local.len; i++)
		strbuf_add_char(&self->scratch, ascii_lower(local.ptr[i]));
	strbuf_add_char(&self->scratch, '@');
	for (size_t i = 0; i < domain.len; i++)
		strbuf_add_char(&self->scratch, ascii_lower(domain.ptr[i]));
	pseudonym_add(out, &self->key, "u", strbuf_slice(&self->scratch),
	    LOCAL_DIGITS);
}

static bool
is_kept(const struct anonymizer *self, struct slice registrable)
{
	for (size_t i = 0; i < self->kept_count; i++)
		if (slice_eq(self->kept[i], registrable))
			return true;
	return false;
}

/* A host of a known provider stays; a label of its customer's does not
 * (contoso-com.mail.protection.outlook.com). */
static void
add_provider_host(struct anonymizer *self, struct strbuf *out,
    struct slice name, struct slice lower)
{
	const char *dot = slice_chr(lower, '.');
	struct slice label = slice_between(lower.ptr, dot);

	if (slice_chr(label, '-') == NULL) {
		strbuf_add_slice(out, name);
		return;
	}
	pseudonym_add(out, &self->key, "h", label, HOST_DIGITS);
	strbuf_add_slice(out, slice_skip(name, label.len));
}

static void
add_domain(struct anonymizer *self, struct strbuf *out, struct slice name)
{
	struct slice lower, registrable;

	strbuf_reset(&self->scratch);
	for (size_t i = 0; i < name.len; i++)
		strbuf_add_char(&self->scratch, ascii_lower(name.ptr[i]));
	lower = strbuf_slice(&self->scratch);
	if (providers_by_mx(self->providers, lower) != NULL) {
		add_provider_host(self, out, name, lower);
		return;
	}
	registrable = providers_registrable(self->providers, lower);
	if (providers_by_domain(self->providers, lower) != NULL ||
	    providers_by_domain(self->providers, registrable) != NULL ||
	    is_kept(self, registrable)) {
		strbuf_add_slice(out, name);
		return;
	}
	if (registrable.len < lower.len) {
		pseudonym_add(out, &self->key, "h", lower, HOST_DIGITS);
		strbuf_add_char(out, '.');
	}
	pseudonym_add(out, &self->key, "d", registrable, DOMAIN_DIGITS);
	strbuf_add_str(out, ".invalid"); /* RFC 2606: nobody's */
}

/* A host as it calls itself, perhaps without a dot, and what of it sends.
 * Addresses and names with dots are the later passes'. */
static void
add_source(struct anonymizer *self, struct strbuf *out, struct slice text)
{
	const char *slash = slice_chr(text, '/');
	struct slice host = slash != NULL ?
	    slice_between(text.ptr, slash) : text;
	struct slice found;

	if (host.len == 0 || slice_chr(host, ' ') != NULL ||
	    scan_ip(host, 0, &found) || scan_domain(host, 0, &found)) {
		strbuf_add_slice(out, text);
		return;
	}
	pseudonym_add(out, &self->key, "h", host, HOST_DIGITS);
	strbuf_add_slice(out, slice_skip(text, host.len));
}

/* ---- passes over a text ---- */

/* The other buffer, empty. */
static struct strbuf *
next_buffer(struct anonymizer *self)
{
	self->buffer = (self->buffer + 1) % BUFFERS;
	strbuf_reset(&self->buffers[self->buffer]);
	return &self->buffers[self->buffer];
}

static void
add_until(struct strbuf *out, struct slice text, size_t *at, const char *end)
{
	strbuf_add_slice(out, slice_between(text.ptr + *at, end));
	*at = (size_t)(end - text.ptr);
}

static struct slice
hide_addresses(struct anonymizer *self, struct slice text)
{
	struct found_address found;
	struct strbuf *out;
	size_t at = 0;

	if (!scan_address(text, 0, &found))
		return text;
	out = next_buffer(self);
	do {
		add_until(out, text, &at, found.local.ptr);
		add_local(self, out, found.local, found.domain);
		at += found.local.len;
		add_until(out, text, &at, found.domain.ptr +
		    found.domain.len);
	} while (scan_address(text, at, &found));
	add_until(out, text, &at, text.ptr + text.len);
	return strbuf_slice(out);
}

static struct slice
hide_ips(struct anonymizer *self, struct slice text)
{
	struct slice found;
	struct strbuf *out;
	size_t at = 0;

	if (!scan_ip(text, 0, &found))
		return text;
	out = next_buffer(self);
	do {
		struct strbuf *plain = &self->scratch;

		add_until(out, text, &at, found.ptr);
		strbuf_reset(plain);
		for (size_t i = 0; i < found.len; i++)
			strbuf_add_char(plain, found.ptr[i] == '-' ? '.' :
			    ascii_lower(found.ptr[i]));
		pseudonym_add(out, &self->key, "ip", strbuf_slice(plain),
		    IP_DIGITS);
		at += found.len;
	} while (scan_ip(text, at, &found));
	add_until(out, text, &at, text.ptr + text.len);
	return strbuf_slice(out);
}

static struct slice
hide_domains(struct anonymizer *self, struct slice text)
{
	struct slice found;
	struct strbuf *out;
	size_t at = 0;

	if (!scan_domain(text, 0, &found))
		return text;
	out = next_buffer(self);
	do {
		add_until(out, text, &at, found.ptr);
		add_domain(self, out, found);
		at += found.len;
	} while (scan_domain(text, at, &found));
	add_until(out, text, &at, text.ptr + text.len);
	return strbuf_slice(out);
}

static void
add_known(struct anonymizer *self, struct strbuf *out,
    const struct known_name *known)
{
	struct found_address whole;

	if (slice_is_none(known->address)) {
		add_source(self, out, known->name);
		return;
	}
	if (!scan_address(known->address, 0, &whole))
		whole = (struct found_address){ known->address, SLICE("") };
	add_local(self, out, whole.local, whole.domain);
}

static struct slice
hide_name(struct anonymizer *self, struct slice text,
    const struct known_name *known)
{
	const char *hit = scan_word(text, 0, known->name);
	struct strbuf *out;
	size_t at = 0;

	if (hit == NULL)
		return text;
	out = next_buffer(self);
	for (; hit != NULL; hit = scan_word(text, at, known->name)) {
		add_until(out, text, &at, hit);
		add_known(self, out, known);
		at += known->name.len;
	}
	add_until(out, text, &at, text.ptr + text.len);
	return strbuf_slice(out);
}

/* ---- who is meant ---- */

static void
add_name(struct anonymizer *self, uint64_t words, struct slice name,
    struct slice address)
{
	if (self->name_count == self->name_room) {
		self->name_room = self->name_room * 2 + 16;
		self->names = mx_realloc(self->names,
		    self->name_room * sizeof(*self->names));
	}
	self->names[self->name_count++] = (struct known_name){ words,
		arena_slice(&self->name_arena, name),
		slice_is_none(address) ? SLICE_NONE :
		arena_slice(&self->name_arena, address) };
	self->is_sorted = false;
}

/* What is told of a person by a word alone. */
static void
add_person(struct anonymizer *self, uint64_t words, struct slice name,
    struct slice address)
{
	if (name.len >= NAME_LEAST && !scan_is_role(name))
		add_name(self, words, name, address);
}

void
anonymizer_learn_source(struct anonymizer *self, struct slice words,
    struct slice source)
{
	if (self->hides_domains && source.len != 0)
		add_name(self, hash_stable(words, HASH_STABLE_START), source,
		    SLICE_NONE);
}

void
anonymizer_learn(struct anonymizer *self, struct slice words,
    struct slice address)
{
	uint64_t hash = hash_stable(words, HASH_STABLE_START);
	struct found_address found;
	struct slice local = address;
	const char *plus;

	if (address.len == 0)
		return;
	if (scan_address(address, 0, &found))
		local = found.local;
	add_person(self, hash, local, address);
	plus = slice_chr(local, '+');
	if (plus != NULL)
		add_person(self, hash, slice_between(local.ptr, plus),
		    address);
}

void
anonymizer_forget(struct anonymizer *self)
{
	self->name_count = 0;
	arena_reset(&self->name_arena);
}

void
anonymizer_keep(struct anonymizer *self, struct slice token)
{
	struct slice registrable;

	if (slice_chr(token, '.') == NULL)
		return;
	registrable = providers_registrable(self->providers, token);
	if (is_kept(self, registrable))
		return;
	if (self->kept_count == self->kept_room) {
		self->kept_room = self->kept_room * 2 + 16;
		self->kept = mx_realloc(self->kept,
		    self->kept_room * sizeof(*self->kept));
	}
	self->kept[self->kept_count++] =
	    arena_slice(&self->arena, registrable);
}

/* By text, then longest name first, so that "tina+news" goes before
 * "tina". */
static int
compare_names(const void *left, const void *right)
{
	const struct known_name *a = left, *b = right;

	if (a->words != b->words)
		return a->words < b->words ? -1 : 1;
	if (a->name.len != b->name.len)
		return a->name.len > b->name.len ? -1 : 1;
	return slice_cmp(a->address, b->address);
}

static struct slice
hide_known(struct anonymizer *self, struct slice text, uint64_t hash)
{
	size_t low = 0, high = self->name_count;

	if (!self->is_sorted && self->name_count > 1)
		qsort(self->names, self->name_count, sizeof(*self->names),
		    compare_names);
	self->is_sorted = true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (self->names[middle].words < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < self->name_count && self->names[low].words == hash; low++)
		text = hide_name(self, text, &self->names[low]);
	return text;
}

/* ---- by key ---- */

static bool
is_one_of(const char *key, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(key, list[i]) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(key, list) \
	is_one_of(key, list, sizeof(list) / sizeof((list)[0]))

/* Values that are an address and nothing else. */
static bool
is_address_key(const char *key)
{
	static const char *const keys[] = { "sender", "recipient",
		"orig_recipient", "original_mail_from", "original_rcpt_to",
		"email" };

	return IS_ONE_OF(key, keys);
}

/* Words of ours and of the standards, in which dots are no names'. */
static bool
is_plain_key(const char *key)
{
	static const char *const keys[] = { "token", "tokens", "reason",
		"rule", "time", "first", "last", "begin", "end", "dsn", "id",
		"fingerprint", "format", "formula", "unit", "tls", "type",
		"status", "user_agent", "version", "rules", "generated" };

	return IS_ONE_OF(key, keys);
}

static struct slice
hide_source(struct anonymizer *self, struct slice text)
{
	struct strbuf *out = next_buffer(self);

	add_source(self, out, text);
	return strbuf_slice(out);
}

/* "WEB.DE" is no host. */
static bool
is_provider_name(const struct anonymizer *self, struct slice text)
{
	for (size_t i = 0; i < providers_count(self->providers); i++)
		if (slice_eq(providers_at(self->providers, i)->name, text))
			return true;
	return false;
}

static struct slice
hide_whole_address(struct anonymizer *self, struct slice text)
{
	struct strbuf *out = next_buffer(self);

	add_local(self, out, text, SLICE(""));
	return strbuf_slice(out);
}

struct slice
anonymizer_episode(struct anonymizer *self, struct slice id)
{
	struct strbuf *out;

	if (!self->hides_ips)
		return id;
	out = next_buffer(self);
	pseudonym_add(out, &self->key, "e", id, (unsigned)id.len);
	return slice_skip(strbuf_slice(out), strlen("e-"));
}

/* The way to a file tells of the machine. */
static struct slice
base_name(struct slice path)
{
	size_t begin = path.len;

	while (begin > 0 && path.ptr[begin - 1] != '/')
		begin--;
	return slice_skip(path, begin);
}

struct slice
anonymizer_text(struct anonymizer *self, const char *key, struct slice text)
{
	uint64_t hash;

	if (text.len == 0)
		return text;
	hash = hash_stable(text, HASH_STABLE_START);
	if (strcmp(key, "path") == 0 || strcmp(key, "file") == 0)
		text = base_name(text);
	if (is_address_key(key) && slice_chr(text, '@') == NULL)
		text = hide_whole_address(self, text);
	else
		text = hide_addresses(self, text);
	text = hide_known(self, text, hash);
	if (is_plain_key(key))
		return text;
	if (self->hides_domains && (strcmp(key, "host") == 0 ||
	    strcmp(key, "source") == 0))
		text = hide_source(self, text);
	if (self->hides_ips)
		text = hide_ips(self, text);
	if (self->hides_domains && !(strcmp(key, "name") == 0 &&
	    is_provider_name(self, text)))
		text = hide_domains(self, text);
	return text;
}
