/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a log on a thread of its own, facts handed over on tapes in their
 * order: whoever takes them sees what he would see without the thread. */
#include "parsers/ingest_formats.h"

#include <stdlib.h>

#include "parsers/ahead.h"
#include "parsers/fact_tape.h"

/* While the thread that counts waits, for a processor or for a store that is
 * being written, reading goes on for so many tapes: with half of them a large
 * log took a twentieth longer. */
enum { TAPES = 32 };
/* What two cores write to at the same time lies so far apart that it never
 * shares a cache line, nor the one fetched with it: a sixth of the time of
 * both went into passing it to and fro. */
enum { APART = 128 };

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): it is meant */
struct log_ahead {
	struct log_reader *reader;
	struct line_reader *lines;
	uint64_t step_bytes;
	bool is_for_sums;
	struct ahead *ahead;       /* NULL: no thread */
	/* the worker's */
	_Alignas(APART) struct ahead *own; /* the same */
	struct fact_tape *writing;
	/* the caller's */
	_Alignas(APART) struct fact_tape *playing;
	size_t at;                 /* in it */
};

/* A tape that is not full; NULL when there shall be none any more. */
static struct fact_tape *
tape_with_room(struct log_ahead *self)
{
	if (self->writing != NULL && self->writing->used < TAPE_FULL)
		return self->writing;
	if (self->writing != NULL)
		ahead_give(self->own);
	self->writing = ahead_room(self->own);
	if (self->writing != NULL)
		fact_tape_clear(self->writing, self->is_for_sums);
	return self->writing;
}

static enum mx_code
stopped(struct mx_err *err)
{
	return mx_fail(err, MX_E_STOPPED, "stopped");
}

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct fact_tape *tape = tape_with_room(ctx);

	if (tape == NULL)
		return stopped(err);
	fact_tape_delivery(tape, fact);
	return MX_OK;
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	struct fact_tape *tape = tape_with_room(ctx);

	if (tape == NULL)
		return stopped(err);
	fact_tape_message(tape, event);
	return MX_OK;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct fact_tape *tape = tape_with_room(ctx);

	if (tape == NULL)
		return stopped(err);
	fact_tape_skipped(tape, what);
	return MX_OK;
}

static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	struct fact_tape *tape = tape_with_room(ctx);

	if (tape == NULL)
		return stopped(err);
	fact_tape_lines(tape, at, host, count);
	return MX_OK;
}

static enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	struct fact_tape *tape = tape_with_room(ctx);

	if (tape == NULL)
		return stopped(err);
	fact_tape_notice(tape, kind, where, text);
	return MX_OK;
}

static void
run_step(struct log_ahead *self, const struct fact_sink *sink,
    struct log_step *step_r)
{
	step_r->code = log_reader_run(self->reader, self->step_bytes, sink,
	    &step_r->at_end, &step_r->err);
	log_reader_state(self->reader, &step_r->state);
	step_r->progress = line_reader_progress(self->lines);
}

static void
work(void *ctx, struct ahead *ahead)
{
	struct log_ahead *self = ctx;
	struct fact_sink sink = { .ctx = self, .delivery = on_delivery,
		.message = on_message, .skipped = on_skipped,
		.line_seen = on_line, .notice = on_notice };
	struct log_step step = { .code = MX_OK };

	self->own = ahead;
	while (step.code == MX_OK && !step.at_end) {
		struct fact_tape *tape;

		run_step(self, &sink, &step);
		tape = tape_with_room(self);
		if (tape == NULL)
			return;
		fact_tape_step(tape, &step);
		ahead_give(ahead);
		self->writing = NULL;
	}
}

struct log_ahead *
log_ahead_open(struct log_reader *reader, struct line_reader *lines,
    uint64_t step_bytes, bool is_for_sums, unsigned threads)
{
	struct log_ahead *self = aligned_alloc(APART, sizeof(*self));

	if (self == NULL)
		mx_oom();
	memset(self, 0, sizeof(*self));
	self->reader = reader;
	self->lines = lines;
	self->step_bytes = step_bytes;
	self->is_for_sums = is_for_sums;
	if (threads >= 2)
		self->ahead = ahead_start(TAPES, sizeof(struct fact_tape), work,
		    self);
	return self;
}

void
log_ahead_close(struct log_ahead *self)
{
	if (self == NULL)
		return;
	if (self->ahead != NULL)
		ahead_stop(self->ahead);
	free(self);
}

enum mx_code
log_ahead_step(struct log_ahead *self, const struct fact_sink *sink,
    struct log_step *step_r, struct mx_err *err)
{
	const struct log_step *step = NULL;
	enum mx_code code = MX_OK;

	if (self->ahead == NULL) {
		run_step(self, sink, step_r);
	} else {
		while (code == MX_OK && step == NULL) {
			if (self->playing == NULL ||
			    self->at == self->playing->used) {
				self->playing = ahead_take(self->ahead);
				self->at = 0;
			}
			code = fact_tape_play(self->playing, &self->at, sink,
			    &step, err);
		}
		if (code != MX_OK)
			return code;
		*step_r = *step;
	}
	if (step_r->code != MX_OK && err != NULL)
		*err = step_r->err;
	return step_r->code;
}
