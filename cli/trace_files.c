/* SPDX-License-Identifier: BSD-2-Clause */
/* Logs are read twice: first for which messages are meant, since a line about
 * a recipient does not tell what came before it, then for all that is said
 * of them. */
#include "cli/filters.h"
#include "cli/trace.h"

#include <stdlib.h>

#include "analyzer/correlate.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "cli/walk.h"
#include "parsers/ingest_formats.h"

struct meant {
	uint32_t next;
	struct slice host, id;
};

struct passing {
	struct trace *trace;
	const struct engine *engine;
	const struct fact_sink *inner; /* the correlator's */
	struct pool meant;
	struct chain_index index;
	bool is_second;
	bool *was_told;       /* of which file trouble was said */
};

/* ------------------------------------------------------------------ */
/* Which messages */

static uint64_t
hash_meant(struct slice host, struct slice id)
{
	return hash_mix(hash_slice(id, 0), hash_slice(host, 0));
}

static bool
is_meant(const struct passing *self, struct slice host, struct slice id)
{
	const struct meant *it;

	if (id.len == 0)
		return false;
	for (uint32_t i = *chain_head(&self->index, hash_meant(host, id));
	    i != POOL_NONE; i = it->next) {
		it = pool_at(&self->meant, i);
		if (slice_eq(it->id, id) && slice_eq(it->host, host))
			return true;
	}
	return false;
}

static void
relink(struct passing *self)
{
	chain_grow(&self->index);
	for (uint32_t i = 0; i < self->meant.used; i++) {
		struct meant *it = pool_at(&self->meant, i);
		uint32_t *head =
		    chain_head(&self->index, hash_meant(it->host, it->id));

		it->next = *head;
		*head = i;
		self->index.count++;
	}
}

static void
note_meant(struct passing *self, struct slice host, struct slice id)
{
	struct meant *it;
	uint32_t number, *head;

	if (id.len == 0 || is_meant(self, host, id))
		return;
	if (self->meant.used >= LIMIT_TRACE_MESSAGES) {
		self->trace->has_more = true;
		return;
	}
	if (chain_is_full(&self->index))
		relink(self);
	number = pool_take(&self->meant);
	it = pool_at(&self->meant, number);
	it->host = arena_slice(&self->trace->arena, host);
	it->id = arena_slice(&self->trace->arena, id);
	head = chain_head(&self->index, hash_meant(host, id));
	it->next = *head;
	*head = number;
	self->index.count++;
}

static bool
is_of_source(const struct delivery *fact, struct slice source)
{
	const char *slash = slice_chr(source, '/');

	if (slice_eq(fact->source_ip, source))
		return true;
	return slash != NULL &&
	    slice_eq(fact->host, slice_between(source.ptr, slash)) &&
	    slice_eq(fact->instance,
	    slice_between(slash + 1, source.ptr + source.len));
}

/* Does the fact itself say what is wished for? */
static bool
is_wished(const struct trace_wish *wish, const struct delivery *fact)
{
	if (wish->id.len != 0 && !slice_eq(fact->id, wish->id))
		return false;
	if (wish->recipient.len != 0 &&
	    !slice_eq_nocase(fact->recipient, wish->recipient) &&
	    !slice_eq_nocase(fact->orig_recipient, wish->recipient))
		return false;
	if (wish->reply.len != 0 && !filter_has_text(fact->reply, wish->reply))
		return false;
	return wish->provider.len == 0 || (fact->class != NULL &&
	    fact->class->votes && slice_eq(fact->provider, wish->provider) &&
	    fact->at.utc >= wish->since_utc &&
	    fact->at.utc <= wish->until_utc &&
	    is_of_source(fact, wish->source));
}

/* ------------------------------------------------------------------ */
/* Steps */

static void
add_delivery(struct trace *trace, const struct delivery *fact)
{
	struct trace_step *step = trace_add(trace, &fact->at, fact->host,
	    fact->id, outcome_name(fact->outcome));

	if (step == NULL)
		return;
	step->sender = trace_keep(trace, fact->sender);
	step->recipient = trace_keep(trace, fact->recipient);
	step->relay = trace_keep(trace, slice_is_none(fact->relay_host) ?
	    fact->named_mx : fact->relay_host);
	step->provider = trace_keep(trace, fact->provider);
	step->source = trace_keep(trace, fact->source_ip);
	step->reply = trace_keep(trace, fact->reply);
	if (fact->class != NULL && fact->outcome != OUTCOME_ACCEPTED) {
		step->reason = slice_str(reason_name(fact->class->reason));
		step->token = trace_keep(trace, fact->class->token);
	}
	step->path = trace_keep(trace, slice_str(fact->where.path));
	step->line = fact->where.line;
	step->size_bytes = fact->size_bytes;
}

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct passing *self = ctx;
	const struct trace_wish *wish = &self->trace->wish;

	(void)err;
	if (!self->is_second) {
		if (is_wished(wish, fact))
			note_meant(self, fact->host, fact->id);
		return MX_OK;
	}
	/* of a message with other recipients only the one that is meant */
	if (is_wished(wish, fact) || (wish->recipient.len == 0 &&
	    is_meant(self, fact->host, fact->id)))
		add_delivery(self->trace, fact);
	return MX_OK;
}

static void
add_message(struct trace *trace, const struct message_event *event)
{
	static const char *const words[] = { [MESSAGE_BORN] = "received",
		[MESSAGE_ACTIVE] = "queued", [MESSAGE_EXPIRED] = "expired",
		[MESSAGE_CHILD] = "notified", [MESSAGE_REMOVED] = "removed" };
	struct trace_step *step = trace_add(trace, &event->at, event->host,
	    event->id, words[event->kind]);

	if (step == NULL)
		return;
	step->sender = trace_keep(trace, event->sender);
	step->message_id = trace_keep(trace, event->message_id);
	step->child_id = trace_keep(trace, event->child_id);
	step->path = trace_keep(trace, slice_str(event->where.path));
	step->line = event->where.line;
	step->size_bytes = event->size_bytes;
	step->recipients = event->recipient_count;
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	struct passing *self = ctx;

	if (self->is_second && is_meant(self, event->host, event->id))
		add_message(self->trace, event);
	else if (!self->is_second && self->trace->wish.id.len != 0 &&
	    slice_eq(event->id, self->trace->wish.id))
		note_meant(self, event->host, event->id);
	return self->inner->message(self->inner->ctx, event, err);
}

/* ------------------------------------------------------------------ */
/* Reading */

static enum mx_code
pass_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct passing *self = ctx;

	return self->inner->delivery(self->inner->ctx, fact, err);
}

static enum mx_code
read_log(struct passing *self, struct correlate *correlate, const char *path,
    struct mx_err *err)
{
	const struct settings *settings = self->trace->settings;
	const struct fact_sink tee = { .ctx = self,
		.delivery = pass_delivery, .message = on_message,
		.skipped = fact_ignore_skipped, .line_seen = fact_ignore_line,
		.notice = fact_ignore_notice };
	struct source_options options = { .threads = 1 };
	struct source_info info;
	struct byte_source *source;
	struct log_input what = { .path = path, .zone = settings->log_zone,
		.now_utc = clock_now(&settings->clock),
		.format = slice_str(settings->input_format),
		.own_formats = self->engine->formats.list,
		.takes_tail = true };
	struct log_reader *log;
	bool at_end = false;
	enum mx_code code = source_open(path, &options, &source, &info, err);

	if (code != MX_OK)
		return code;
	what.reader = line_reader_new(source);
	what.mtime_utc = info.mtime_utc;
	code = log_reader_open(&what, NULL, &log, err);
	if (code == MX_OK) {
		correlate_begin_input(correlate, log_reader_first_utc(log));
		while (code == MX_OK && !at_end)
			code = log_reader_run(log, LIMIT_BLOCK_BYTES, &tee,
			    &at_end, err);
		log_reader_close(log);
	}
	line_reader_free(what.reader);
	return code;
}

static enum mx_code
read_all(struct passing *self, const struct path_list *list,
    enum mx_code *worst, struct mx_err *err)
{
	const struct engine *engine = self->engine;
	const struct fact_sink facts = { .ctx = self, .delivery = on_delivery,
		.message = on_message, .skipped = fact_ignore_skipped,
		.line_seen = fact_ignore_line, .notice = fact_ignore_notice };
	struct names names;
	struct queue queue;
	struct correlate_options options = { .names = &names, .queue = &queue,
		.providers = engine->providers,
		.classifier = engine->classifier, .own = engine->own,
		.facts = &facts };
	struct correlate *correlate;

	names_init(&names);
	queue_init(&queue, names.seed);
	correlate = correlate_new(&options);
	self->inner = correlate_sink(correlate);
	for (size_t i = 0; i < list->count; i++)
		if (read_log(self, correlate, list->paths[i], err) != MX_OK) {
			if (!self->was_told[i])
				say_err(list->paths[i], err);
			self->was_told[i] = true;
			if (*worst == MX_OK)
				*worst = err->code;
		}
	correlate_free(correlate);
	queue_release(&queue);
	names_release(&names);
	return MX_OK;
}

static enum mx_code
list_files(const struct settings *settings, const char *const *files,
    size_t count, struct path_list *list, enum mx_code *worst,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < count && code == MX_OK; i++) {
		if (strcmp(files[i], "-") == 0)
			return mx_fail(err, MX_E_USAGE, "trace: files are read "
			    "twice, so standard input is none");
		code = walk_path(list, files[i], settings->is_recursive, err);
		if (walk_is_partial(code)) {
			*worst = code;
			code = MX_OK;
		}
	}
	return code;
}

enum mx_code
trace_files(struct trace *trace, const struct engine *engine,
    const char *const *files, size_t count, enum mx_code *worst,
    struct mx_err *err)
{
	struct passing self = { .trace = trace, .engine = engine };
	struct path_list list = { 0 };
	enum mx_code code = list_files(trace->settings, files, count, &list,
	    worst, err);

	pool_init(&self.meant, sizeof(struct meant));
	chain_init(&self.index);
	self.was_told = mx_calloc(list.count, sizeof(*self.was_told));
	if (code == MX_OK)
		code = read_all(&self, &list, worst, err);
	self.is_second = true;
	if (code == MX_OK)
		code = read_all(&self, &list, worst, err);
	chain_release(&self.index);
	pool_release(&self.meant);
	free(self.was_told);
	path_list_release(&list);
	return code;
}
