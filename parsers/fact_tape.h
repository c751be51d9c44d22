/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts written one behind the other into a block of memory, to be played to
 * a sink later, by another thread. Texts are copied, so nothing on a tape
 * points into a line. Knows no thread. */
#ifndef MX_PARSERS_FACT_TAPE_H
#define MX_PARSERS_FACT_TAPE_H

#include "base/limits.h"
#include "parsers/ingest_formats.h"

/* A tape that holds so much should be changed for the next. */
enum { TAPE_FULL = LIMIT_BLOCK_BYTES };
/* No fact has more texts, and none of them is longer than its line. */
enum { FACT_TEXTS_MAX = 24 };
enum { TAPE_BYTES = TAPE_FULL + FACT_TEXTS_MAX * LIMIT_LINE_BYTES + 4096 };

struct fact_tape {
	size_t used;
	size_t lines; /* where lines are counted that follow; 0: nowhere */
	struct slice lines_host; /* theirs */
	bool is_for_sums; /* what is shown alone is left out */
	_Alignas(8) char bytes[TAPE_BYTES];
};

/* Before it is used, and used again. IS_FOR_SUMS: nobody will show the facts,
 * so that the texts that count for nothing (agents, TLS, the words of
 * acceptances, Message-IDs, children's ids) become SLICE_NONE. */
void fact_tape_clear(struct fact_tape *tape, bool is_for_sums);

/* Each needs a tape that is not full. */
void fact_tape_delivery(struct fact_tape *tape, const struct delivery *fact);
void fact_tape_message(struct fact_tape *tape,
    const struct message_event *event);
void fact_tape_skipped(struct fact_tape *tape, const struct skipped *what);
void fact_tape_notice(struct fact_tape *tape, enum notice_kind kind,
    const struct mx_where *where, struct slice text);
/* Lines of one host and second become one call, made before the facts of the
 * first of them. */
void fact_tape_lines(struct fact_tape *tape, const struct stamp *at,
    struct slice host, uint64_t count);
void fact_tape_step(struct fact_tape *tape, const struct log_step *step);

/* From *AT_R on, up to the next step (*step_r) or the end (*step_r NULL). */
enum mx_code fact_tape_play(const struct fact_tape *tape, size_t *at_r,
    const struct fact_sink *sink, const struct log_step **step_r,
    struct mx_err *err) MX_MUST_USE;

#endif
