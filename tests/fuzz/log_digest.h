/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a log, through recognition, line reader, heads and formats.
 * The facts must not depend on how the bytes arrive, on where a run stops,
 * nor on what was saved between two runs. Shared by the targets that read
 * logs. */
#ifndef MX_TESTS_FUZZ_LOG_DIGEST_H
#define MX_TESTS_FUZZ_LOG_DIGEST_H

#include "base/hash.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "parsers/ingest_formats.h"

/* All facts as one number. */
struct digest {
	uint64_t sum;
	int64_t first_utc, last_utc; /* of the lines that have a time */
	/* Files of their own count lines anew and say things of a file anew. */
	bool is_whole_file;
	bool is_odd; /* a line whose time was not the greatest so far */
	/* Lines of no log that we know: what the next is taken for may hang on
	 * how the file begins, or where a reading does. */
	bool has_strangers;
};

static inline struct digest
digest_start(bool is_whole_file)
{
	return (struct digest){ .sum = HASH_STABLE_START,
		.first_utc = INT64_MAX, .last_utc = INT64_MIN,
		.is_whole_file = is_whole_file };
}

static inline void
take_text(struct digest *all, struct slice text)
{
	all->sum = hash_stable(text, all->sum * 31 + text.len);
}

static inline void
take_number(struct digest *all, uint64_t number)
{
	all->sum = hash_mix(all->sum, number);
}

static inline void
take_where(struct digest *all, const struct mx_where *where)
{
	if (where->path == NULL || where->line == 0)
		mx_bug("a fact from nowhere");
	if (all->is_whole_file)
		take_number(all, where->line);
}

static inline void
check_utc(int64_t utc)
{
	if (utc < 0 || utc >= INT64_C(4133980800))
		mx_bug("a date outside 1970..2100");
}

static inline void
check_delivery(const struct delivery *fact)
{
	check_utc(fact->at.utc);
	if (fact->reply_code != 0 &&
	    (fact->reply_code < 100 || fact->reply_code > 599))
		mx_bug("a reply code that is none");
	if (fact->reply_code != 0 && fact->is_own_text)
		mx_bug("our own words have no code");
	if (fact->outcome >= OUTCOMES || fact->hop >= HOPS ||
	    fact->stage >= STAGES || fact->source_from >= SOURCE_FROMS ||
	    fact->delay_ms < -1 || fact->size_bytes < -1 ||
	    fact->mta == NULL || fact->class != NULL)
		mx_bug("an impossible fact");
	if (fact->reply.len != 0 && slice_chr(fact->reply, '\0') != NULL)
		mx_bug("a NUL got through");
}

static inline enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	const struct slice texts[] = { fact->host, fact->instance, fact->agent,
		fact->id, fact->sender, fact->recipient, fact->orig_recipient,
		fact->domain, fact->relay_host, fact->relay_ip,
		fact->source_ip, fact->dsn, fact->reply, fact->tls,
		fact->named_mx, fact->named_ip };

	(void)err;
	check_delivery(fact);
	take_number(ctx, (uint64_t)fact->at.utc);
	take_number(ctx, fact->at.us);
	take_number(ctx, (uint64_t)fact->outcome * 8 + (uint64_t)fact->hop);
	take_number(ctx, (uint64_t)fact->stage * 8 +
	    (uint64_t)fact->source_from);
	take_number(ctx, (uint64_t)fact->reply_code << 16 | fact->relay_port);
	take_number(ctx, (uint64_t)fact->delay_ms);
	take_number(ctx, (uint64_t)fact->size_bytes);
	take_number(ctx, (uint64_t)fact->is_own_text * 8 +
	    (uint64_t)fact->is_final * 4 +
	    (uint64_t)fact->is_relay_reverse * 2 +
	    (uint64_t)fact->is_id_made);
	take_where(ctx, &fact->where);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		take_text(ctx, texts[i]);
	return MX_OK;
}

static inline enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	(void)err;
	check_utc(event->at.utc);
	if (event->id.len == 0)
		mx_bug("an event of no message");
	take_where(ctx, &event->where);
	take_number(ctx, (uint64_t)event->kind);
	take_number(ctx, (uint64_t)event->size_bytes);
	take_number(ctx, (uint64_t)event->recipient_count * 2 +
	    (uint64_t)event->ends_with_recipients);
	take_text(ctx, event->id);
	take_text(ctx, event->sender);
	take_text(ctx, event->message_id);
	take_text(ctx, event->child_id);
	return MX_OK;
}

static inline enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct digest *all = ctx;

	(void)err;
	if (what->reason >= SKIP_REASONS)
		mx_bug("skipped without a reason");
	all->has_strangers |= what->reason == SKIP_NO_STAMP ||
	    what->reason == SKIP_NO_FRAME;
	take_where(ctx, &what->where);
	take_number(ctx, (uint64_t)what->reason);
	take_text(ctx, what->line);
	return MX_OK;
}

/* How lines of one host and second are put together does not matter. */
static inline enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	struct digest *all = ctx;

	(void)err;
	for (uint64_t i = 0; i < count; i++) {
		take_number(all, (uint64_t)at->utc);
		take_text(all, host);
	}
	if (at->utc == INT64_MIN)
		return MX_OK;
	all->is_odd |= at->utc < all->last_utc;
	if (at->utc < all->first_utc)
		all->first_utc = at->utc;
	if (at->utc > all->last_utc)
		all->last_utc = at->utc;
	return MX_OK;
}

static inline enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	struct digest *all = ctx;

	(void)err;
	/* Of an input as a whole: each run over it says so. */
	if (kind == NOTICE_TIME && !all->is_whole_file)
		return MX_OK;
	take_where(all, where);
	take_number(all, (uint64_t)kind);
	take_text(all, text);
	return MX_OK;
}

/* How a log is read: in chunks, at most STEP bytes a run of the reader. */
struct reading {
	const char *format;       /* forced; NULL: recognised */
	size_t chunk;
	uint64_t step;
	const struct zone *zone;
	struct log_memory *memory;
	struct reader_state *place; /* from where, if not at the begin; and
	                             * where it ended. May be NULL */
	bool is_growing;          /* a last line without newline waits */
};

static inline enum mx_code
read_log(struct slice data, const struct reading *how, struct digest *all)
{
	struct fact_sink sink = { all, on_delivery, on_message, on_skipped,
		on_line, on_notice };
	struct line_reader *lines = line_reader_new(source_of_memory(data.ptr,
	    data.len, how->chunk));
	struct log_input input = { .path = "fuzz", .reader = lines,
		.zone = how->zone, .now_utc = 1795372200,
		.mtime_utc = 1795300000, .format = slice_str(how->format),
		.takes_tail = !how->is_growing, .memory = how->memory };
	bool goes_on = how->place != NULL && how->place->offset != 0;
	struct log_reader *reader;
	struct mx_err err;
	bool at_end = false;
	enum mx_code code = log_reader_open(&input, goes_on ? how->place :
	    NULL, &reader, &err);

	if (code == MX_OK) {
		while (code == MX_OK && !at_end)
			code = log_reader_run(reader, how->step, &sink,
			    &at_end, &err);
		if (how->place != NULL)
			log_reader_state(reader, how->place);
		log_reader_close(reader);
	}
	line_reader_free(lines);
	return code;
}

static inline uint64_t
digest(struct slice data, const char *format, size_t chunk, uint64_t step,
    const struct zone *zone)
{
	struct digest all = digest_start(true);
	struct reading how = { .format = format, .chunk = chunk, .step = step,
		.zone = zone };

	take_number(&all, (uint64_t)read_log(data, &how, &all));
	return all.sum;
}

static inline struct zone *
digest_zone(void)
{
	struct zone *zone;

	if (zone_open(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), &zone, NULL) !=
	    MX_OK)
		mx_bug("a POSIX zone");
	return zone;
}

static inline void
log_digest_check(struct slice text, const char *format)
{
	struct zone *zone = digest_zone();
	uint64_t whole = digest(text, format, 65536, UINT64_MAX, zone);

	if (digest(text, format, 7, UINT64_MAX, zone) != whole)
		mx_bug("facts depend on how the bytes arrive");
	if (digest(text, format, 65536, 1, zone) != whole)
		mx_bug("facts depend on where a run stops");
	zone_close(zone);
}

#endif
