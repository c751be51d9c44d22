/* SPDX-License-Identifier: BSD-2-Clause */
/* Each record is a head, the fact as it is, and its texts, to which the
 * fact's slices are set: playing it costs nothing but the call. */
#include "parsers/fact_tape.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum record_kind { RECORD_DELIVERY, RECORD_MESSAGE, RECORD_SKIPPED,
	RECORD_NOTICE, RECORD_LINES, RECORD_STEP };

struct record {
	enum record_kind kind;
	uint32_t size; /* of all of it */
};

struct lines_record {
	struct stamp at;
	struct slice host;
	uint64_t count;
};

struct notice_record {
	enum notice_kind kind;
	struct mx_where where;
	struct slice text;
};

#define TEXT(type, member) offsetof(struct type, member)
static const uint16_t delivery_texts[] = { TEXT(delivery, host),
	TEXT(delivery, instance), TEXT(delivery, agent), TEXT(delivery, id),
	TEXT(delivery, sender), TEXT(delivery, recipient),
	TEXT(delivery, orig_recipient), TEXT(delivery, domain),
	TEXT(delivery, relay_host), TEXT(delivery, relay_ip),
	TEXT(delivery, source_ip), TEXT(delivery, dsn), TEXT(delivery, reply),
	TEXT(delivery, tls), TEXT(delivery, named_mx),
	TEXT(delivery, named_ip), TEXT(delivery, provider) };
static const uint16_t message_texts[] = { TEXT(message_event, host),
	TEXT(message_event, instance), TEXT(message_event, agent),
	TEXT(message_event, id), TEXT(message_event, sender),
	TEXT(message_event, message_id), TEXT(message_event, child_id) };
static const uint16_t skipped_texts[] = { TEXT(skipped, line) };
static const uint16_t notice_texts[] = { TEXT(notice_record, text) };
static const uint16_t lines_texts[] = { TEXT(lines_record, host) };

_Static_assert(LENGTH(delivery_texts) <= FACT_TEXTS_MAX &&
    sizeof(struct record) + sizeof(struct delivery) + 8 <= 4096 &&
    sizeof(struct record) + sizeof(struct log_step) + 8 <= 4096,
    "a record has room behind a tape that is not full");

void
fact_tape_clear(struct fact_tape *tape)
{
	tape->used = tape->lines = 0;
}

/* Append the FACT of SIZE bytes, with slices at TEXTS. */
static void
put(struct fact_tape *tape, enum record_kind kind, const void *fact,
    size_t size, const uint16_t *texts, size_t count)
{
	char *begin = tape->bytes + tape->used;
	char *copy = begin + sizeof(struct record);
	char *text = copy + size;
	struct record head = { .kind = kind };

	memcpy(copy, fact, size);
	for (size_t i = 0; i < count; i++) {
		struct slice *slice = (void *)(copy + texts[i]);

		if (slice_is_none(*slice))
			continue;
		if (slice->len > LIMIT_LINE_BYTES)
			slice->len = LIMIT_LINE_BYTES;
		if (slice->len != 0)
			memcpy(text, slice->ptr, slice->len);
		slice->ptr = text;
		text += slice->len;
	}
	head.size = (uint32_t)((size_t)(text - begin) + 7) & ~7u;
	memcpy(begin, &head, sizeof(head));
	tape->used += head.size;
}

void
fact_tape_delivery(struct fact_tape *tape, const struct delivery *fact)
{
	put(tape, RECORD_DELIVERY, fact, sizeof(*fact), delivery_texts,
	    LENGTH(delivery_texts));
}

void
fact_tape_message(struct fact_tape *tape, const struct message_event *event)
{
	put(tape, RECORD_MESSAGE, event, sizeof(*event), message_texts,
	    LENGTH(message_texts));
}

void
fact_tape_skipped(struct fact_tape *tape, const struct skipped *what)
{
	put(tape, RECORD_SKIPPED, what, sizeof(*what), skipped_texts,
	    LENGTH(skipped_texts));
}

void
fact_tape_notice(struct fact_tape *tape, enum notice_kind kind,
    const struct mx_where *where, struct slice text)
{
	struct notice_record notice = { kind, *where, text };

	put(tape, RECORD_NOTICE, &notice, sizeof(notice), notice_texts,
	    LENGTH(notice_texts));
}

void
fact_tape_lines(struct fact_tape *tape, const struct stamp *at,
    struct slice host, uint64_t count)
{
	struct lines_record lines = { *at, host, count };
	struct lines_record *known = (void *)(tape->bytes + tape->lines);

	if (tape->lines != 0 && known->at.utc == at->utc &&
	    slice_eq(known->host, host)) {
		known->count += count;
		return;
	}
	tape->lines = tape->used + sizeof(struct record);
	put(tape, RECORD_LINES, &lines, sizeof(lines), lines_texts,
	    LENGTH(lines_texts));
}

void
fact_tape_step(struct fact_tape *tape, const struct log_step *step)
{
	put(tape, RECORD_STEP, step, sizeof(*step), NULL, 0);
	tape->lines = 0; /* lines behind belong to the next step */
}

static enum mx_code
play_notice(const struct notice_record *notice, const struct fact_sink *sink,
    struct mx_err *err)
{
	return sink->notice(sink->ctx, notice->kind, &notice->where,
	    notice->text, err);
}

static enum mx_code
play_lines(const struct lines_record *lines, const struct fact_sink *sink,
    struct mx_err *err)
{
	return sink->line_seen(sink->ctx, &lines->at, lines->host,
	    lines->count, err);
}

static enum mx_code
play(enum record_kind kind, const void *fact, const struct fact_sink *sink,
    struct mx_err *err)
{
	switch (kind) {
	case RECORD_DELIVERY:
		return sink->delivery(sink->ctx, fact, err);
	case RECORD_MESSAGE:
		return sink->message(sink->ctx, fact, err);
	case RECORD_SKIPPED:
		return sink->skipped(sink->ctx, fact, err);
	case RECORD_NOTICE:
		return play_notice(fact, sink, err);
	case RECORD_LINES:
		return play_lines(fact, sink, err);
	case RECORD_STEP:
		break;
	}
	return MX_OK;
}

enum mx_code
fact_tape_play(const struct fact_tape *tape, size_t *at_r,
    const struct fact_sink *sink, const struct log_step **step_r,
    struct mx_err *err)
{
	enum mx_code code = MX_OK;

	*step_r = NULL;
	while (code == MX_OK && *at_r < tape->used) {
		const char *begin = tape->bytes + *at_r;
		const struct record *head = (const void *)begin;
		const void *fact = begin + sizeof(*head);

		*at_r += head->size;
		if (head->kind == RECORD_STEP) {
			*step_r = fact;
			return MX_OK;
		}
		code = play(head->kind, fact, sink, err);
	}
	return code;
}
