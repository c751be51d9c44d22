/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "analyzer/trace.h"
#include "base/limits.h"
#include "cli/anonymize.h"
#include "cli/evidence.h"

struct loading {
	struct evidence *self;
	struct anonymizer *hider; /* NULL: nothing is hidden */
};

/* Into the letter's arena, as it may be told. */
static struct slice
keep(struct loading *loading, const char *key, struct slice text)
{
	if (text.len == 0)
		return SLICE_NONE;
	if (loading->hider != NULL)
		text = anonymizer_text(loading->hider, key, text);
	return arena_slice(&loading->self->letter.arena, text);
}

static struct slice
domain_of(struct slice address)
{
	const char *at = slice_chr(address, '@');

	return at == NULL ? SLICE_NONE :
	    slice_between(at + 1, address.ptr + address.len);
}

static void
on_refusal(void *ctx, const struct traced *it)
{
	struct loading *loading = ctx;
	struct evidence *self = loading->self;

	if (self->refusal_count == self->refusal_room) {
		self->refusal_room = self->refusal_room != 0 ?
		    self->refusal_room * 2 : 64;
		self->refusals = mx_realloc(self->refusals,
		    self->refusal_room * sizeof(*self->refusals));
	}
	if (loading->hider != NULL)
		anonymizer_learn(loading->hider, it->reply, it->recipient);
	self->refusals[self->refusal_count++] = (struct evidence_refusal){
		.utc = it->at.utc, .id = keep(loading, "id", it->id),
		.domain = keep(loading, "domain", domain_of(it->recipient)),
		.relay = keep(loading, "relay_host", it->relay),
		.reply = keep(loading, "reply", it->reply) };
}

enum mx_code
evidence_load(struct evidence *self, struct slice provider,
    struct slice source, struct mx_err *err)
{
	const struct report_episode *it = self->episode;
	const struct trace_wish wish = { .id = SLICE_NONE,
		.recipient = SLICE_NONE, .reply = SLICE_NONE,
		.provider = provider, .source = source,
		.since_utc = it->first_refusal_utc,
		.until_utc = it->last_refusal_utc };
	struct slice ip = slice_is_none(it->source_ip) ? source :
	    it->source_ip;
	const struct others_scope scope = { .store = self->engine->store,
		.since_utc = self->own.window.since_utc,
		.until_utc = self->own.window.until_utc,
		.provider = provider, .source_ip = ip };
	struct loading loading = { .self = self,
		.hider = anonymizer_new(self->settings,
		    self->engine->providers) };
	enum mx_code code = store_trace(self->engine->store, &wish,
	    LIMIT_TRACE_STEPS, on_refusal, &loading, &self->has_more_refusals,
	    err);

	anonymizer_free(loading.hider);
	if (code == MX_OK)
		code = others_evidence(&scope, &self->others, err);
	return code;
}
