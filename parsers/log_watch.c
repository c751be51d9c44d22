/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_watch.h"

/* A text that was not copied has the bytes of LINE, which are known. */
static bool
has_nul(struct slice text, struct slice line)
{
	if (text.len == 0 || (uintptr_t)text.ptr - (uintptr_t)line.ptr <
	    line.len)
		return false;
	return memchr(text.ptr, '\0', text.len) != NULL;
}

/* Formats that hold a line back tell of it while another is read, or at the
 * end of the input. */
static bool
is_binary(const struct delivery *fact, struct slice line)
{
	return line_is_binary(line) || has_nul(fact->reply, line) ||
	    has_nul(fact->recipient, line) || has_nul(fact->sender, line) ||
	    has_nul(fact->orig_recipient, line) || has_nul(fact->id, line) ||
	    has_nul(fact->relay_host, line) || has_nul(fact->dsn, line) ||
	    has_nul(fact->tls, line);
}

static enum mx_code
watch_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct log_watch *watch = ctx;
	struct slice line = watch->line != NULL ? watch->line->raw :
	    SLICE("");
	struct skipped what = { .where = fact->where,
		.reason = SKIP_BINARY, .line = SLICE("") };

	if (is_binary(fact, line)) {
		if (watch->line != NULL &&
		    watch->line->where.line == fact->where.line)
			what.line = line;
		return watch->out->skipped(watch->out->ctx, &what, err);
	}
	watch->saw_delivery = true;
	return watch->out->delivery(watch->out->ctx, fact, err);
}

static enum mx_code
watch_message(void *ctx, const struct message_event *event,
    struct mx_err *err)
{
	struct log_watch *watch = ctx;

	return watch->out->message(watch->out->ctx, event, err);
}

static enum mx_code
watch_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct log_watch *watch = ctx;

	return watch->out->skipped(watch->out->ctx, what, err);
}

static enum mx_code
watch_line_seen(void *ctx, const struct stamp *at, struct slice host,
    uint64_t count, struct mx_err *err)
{
	struct log_watch *watch = ctx;

	return watch->out->line_seen(watch->out->ctx, at, host, count,
	    err);
}

static enum mx_code
watch_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	struct log_watch *watch = ctx;

	return watch->out->notice(watch->out->ctx, kind, where, text, err);
}

struct fact_sink
log_watch_sink(struct log_watch *watch)
{
	return (struct fact_sink){ .ctx = watch, .delivery = watch_delivery,
		.message = watch_message, .skipped = watch_skipped,
		.line_seen = watch_line_seen, .notice = watch_notice };
}
