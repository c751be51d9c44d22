/* SPDX-License-Identifier: BSD-2-Clause */
/* Each record is a head, the fact without its slices, the lengths of its texts,
 * and the texts. (The fact as it is, half of it slices of texts that most
 * facts lack, took a tenth more time of both threads: all of a tape goes from
 * one core's memory to the other's.) */
#include "parsers/fact_tape.h"

enum record_kind { RECORD_DELIVERY, RECORD_MESSAGE, RECORD_SKIPPED,
	RECORD_NOTICE, RECORD_LINES, RECORD_STEP };

struct record {
	enum record_kind kind;
	uint32_t size; /* of all of it */
};

struct lines_record {
	struct stamp at;
	uint64_t count;
	struct slice host;
};

struct notice_record {
	enum notice_kind kind;
	struct mx_where where;
	struct slice text;
};

/* The slices of a fact stand side by side. */
struct layout {
	size_t before, texts, size; /* bytes, slices, bytes */
};
#define PLACE(type, member) offsetof(struct type, member)
#define LAYOUT(type, first, last) { PLACE(type, first), \
	(PLACE(type, last) - PLACE(type, first)) / sizeof(struct slice) + 1, \
	sizeof(struct type) }

static const struct layout layouts[] = {
	[RECORD_DELIVERY] = LAYOUT(delivery, host, named_ip),
	[RECORD_MESSAGE] = LAYOUT(message_event, host, child_id),
	[RECORD_SKIPPED] = LAYOUT(skipped, line, line),
	[RECORD_NOTICE] = LAYOUT(notice_record, text, text),
	[RECORD_LINES] = LAYOUT(lines_record, host, host),
	[RECORD_STEP] = { sizeof(struct log_step), 0, sizeof(struct log_step) },
};
#define TEXT_BIT(type, first, member) (1u << \
	(PLACE(type, member) - PLACE(type, first)) / sizeof(struct slice))

static const uint32_t absent = UINT32_MAX; /* length of SLICE_NONE */

_Static_assert(sizeof(struct record) + sizeof(struct delivery) +
    FACT_TEXTS_MAX * sizeof(uint32_t) + 8 <= 4096 &&
    sizeof(struct record) + sizeof(struct log_step) + 8 <= 4096,
    "a record has room behind a tape that is not full");
_Static_assert(PLACE(delivery, named_ip) - PLACE(delivery, host) <
    FACT_TEXTS_MAX * sizeof(struct slice), "all texts of a fact have room");

void
fact_tape_clear(struct fact_tape *tape, bool is_for_sums)
{
	tape->used = tape->lines = 0;
	tape->is_for_sums = is_for_sums;
}

/* Both are called with constant kinds alone, and then copy what is fixed with
 * a few moves: a tenth of the time of the thread that counts. */
#define FOR_EACH_KIND static inline __attribute__((always_inline)) void

/* Append FACT but for those of its texts that LESS names by bits. */
FOR_EACH_KIND
put(struct fact_tape *tape, enum record_kind kind, const void *fact,
    uint32_t less)
{
	const struct layout *layout = &layouts[kind];
	size_t behind = layout->before + layout->texts * sizeof(struct slice);
	char *begin = tape->bytes + tape->used;
	char *to = begin + sizeof(struct record);
	uint32_t *lengths;
	struct record head = { .kind = kind };
	const char *from = fact;

	memcpy(to, from, layout->before);
	to += layout->before;
	memcpy(to, from + behind, layout->size - behind);
	to += layout->size - behind;
	lengths = (void *)to;
	to += layout->texts * sizeof(*lengths);
	for (size_t i = 0; i < layout->texts; i++) {
		struct slice text;

		memcpy(&text, from + layout->before + i * sizeof(text),
		    sizeof(text));
		if (text.len > LIMIT_LINE_BYTES)
			text.len = LIMIT_LINE_BYTES;
		lengths[i] = (uint32_t)text.len;
		if (slice_is_none(text) || (less >> i & 1) != 0)
			lengths[i] = absent;
		else if (text.len != 0)
			to = (char *)memcpy(to, text.ptr, text.len) + text.len;
	}
	head.size = (uint32_t)((size_t)(to - begin) + 7) & ~7u;
	memcpy(begin, &head, sizeof(head));
	tape->used += head.size;
}

/* FACT as it was but for its texts, which stand on the tape. */
FOR_EACH_KIND
get(enum record_kind kind, const char *from, void *fact)
{
	const struct layout *layout = &layouts[kind];
	size_t behind = layout->before + layout->texts * sizeof(struct slice);
	char *to = fact;
	const uint32_t *lengths;
	const char *text;

	memcpy(to, from, layout->before);
	from += layout->before;
	memcpy(to + behind, from, layout->size - behind);
	from += layout->size - behind;
	lengths = (const void *)from;
	text = from + layout->texts * sizeof(*lengths);
	for (size_t i = 0; i < layout->texts; i++) {
		struct slice slice = SLICE_NONE;

		if (lengths[i] != absent) {
			slice = slice_of(text, lengths[i]);
			text += lengths[i];
		}
		memcpy(to + layout->before + i * sizeof(slice), &slice,
		    sizeof(slice));
	}
}

void
fact_tape_delivery(struct fact_tape *tape, const struct delivery *fact)
{
	uint32_t less = 0;

	if (tape->is_for_sums) {
		less = TEXT_BIT(delivery, host, agent) |
		    TEXT_BIT(delivery, host, tls);
		if (fact->outcome == OUTCOME_ACCEPTED)
			less |= TEXT_BIT(delivery, host, reply);
	}
	put(tape, RECORD_DELIVERY, fact, less);
}

void
fact_tape_message(struct fact_tape *tape, const struct message_event *event)
{
	put(tape, RECORD_MESSAGE, event, !tape->is_for_sums ? 0 :
	    TEXT_BIT(message_event, host, agent) |
	    TEXT_BIT(message_event, host, message_id) |
	    TEXT_BIT(message_event, host, child_id));
}

void
fact_tape_skipped(struct fact_tape *tape, const struct skipped *what)
{
	put(tape, RECORD_SKIPPED, what, 0);
}

void
fact_tape_notice(struct fact_tape *tape, enum notice_kind kind,
    const struct mx_where *where, struct slice text)
{
	struct notice_record notice = { kind, *where, text };

	put(tape, RECORD_NOTICE, &notice, 0);
}

void
fact_tape_lines(struct fact_tape *tape, const struct stamp *at,
    struct slice host, uint64_t count)
{
	struct lines_record lines = { .at = *at, .count = count,
		.host = host }, *known;
	char *begin = tape->bytes + tape->used + sizeof(struct record);

	/* its first bytes stand there as they are */
	known = (void *)(tape->bytes + tape->lines);
	if (tape->lines != 0 && known->at.utc == at->utc &&
	    slice_eq(tape->lines_host, host)) {
		known->count += count;
		return;
	}
	tape->lines = (size_t)(begin - tape->bytes);
	put(tape, RECORD_LINES, &lines, 0);
	get(RECORD_LINES, begin, &lines);
	tape->lines_host = lines.host;
}

void
fact_tape_step(struct fact_tape *tape, const struct log_step *step)
{
	put(tape, RECORD_STEP, step, 0);
	tape->lines = 0; /* lines behind belong to the next step */
}

static enum mx_code
play(enum record_kind kind, const char *from, const struct fact_sink *sink,
    struct mx_err *err)
{
	union {
		struct delivery delivery;
		struct message_event message;
		struct skipped skipped;
		struct notice_record notice;
		struct lines_record lines;
	} fact;

	switch (kind) {
	case RECORD_DELIVERY:
		get(RECORD_DELIVERY, from, &fact);
		return sink->delivery(sink->ctx, &fact.delivery, err);
	case RECORD_MESSAGE:
		get(RECORD_MESSAGE, from, &fact);
		return sink->message(sink->ctx, &fact.message, err);
	case RECORD_SKIPPED:
		get(RECORD_SKIPPED, from, &fact);
		return sink->skipped(sink->ctx, &fact.skipped, err);
	case RECORD_NOTICE:
		get(RECORD_NOTICE, from, &fact);
		return sink->notice(sink->ctx, fact.notice.kind,
		    &fact.notice.where, fact.notice.text, err);
	case RECORD_LINES:
		get(RECORD_LINES, from, &fact);
		return sink->line_seen(sink->ctx, &fact.lines.at,
		    fact.lines.host, fact.lines.count, err);
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
