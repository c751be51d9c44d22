/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_watch.h"

static enum mx_code
watch_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct log_watch *watch = ctx;
	enum line_result unused;

	if (watch->line != NULL && line_is_binary(watch->line->raw))
		return log_line_skip(watch->line, SKIP_BINARY, watch->out,
		    &unused, err);
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
