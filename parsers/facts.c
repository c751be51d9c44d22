/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of the contract for the facts' enumerations. */
#include "parsers/facts.h"

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOMES] = {
		[OUTCOME_ACCEPTED] = "accepted",
		[OUTCOME_DEFERRED] = "deferred",
		[OUTCOME_BOUNCED] = "bounced",
		[OUTCOME_EXPIRED] = "expired",
		[OUTCOME_SUSPENDED] = "suspended",
		[OUTCOME_PROBE] = "probe",
		[OUTCOME_DISCARDED] = "discarded",
	};

	return names[outcome];
}

const char *
hop_name(enum hop hop)
{
	static const char *const names[HOPS] = {
		[HOP_REMOTE] = "remote",
		[HOP_LOCAL] = "local",
		[HOP_INTERNAL] = "internal",
	};

	return names[hop];
}

const char *
stage_name(enum stage stage)
{
	static const char *const names[STAGES] = {
		[STAGE_NONE] = NULL,
		[STAGE_CONNECT] = "connect",
		[STAGE_EHLO] = "ehlo",
		[STAGE_STARTTLS] = "starttls",
		[STAGE_AUTH] = "auth",
		[STAGE_MAIL] = "mail",
		[STAGE_RCPT] = "rcpt",
		[STAGE_DATA] = "data",
		[STAGE_EOD] = "eod",
	};

	return names[stage];
}

const char *
source_from_name(enum source_from from)
{
	static const char *const names[SOURCE_FROMS] = {
		[SOURCE_UNKNOWN] = NULL,
		[SOURCE_LOG] = "log",
		[SOURCE_MAP] = "map",
		[SOURCE_DEFAULT] = "default",
		[SOURCE_REPLY] = "reply",
	};

	return names[from];
}

const char *
skip_reason_name(enum skip_reason reason)
{
	static const char *const names[SKIP_REASONS] = {
		[SKIP_NO_STAMP] = "no-stamp",
		[SKIP_BAD_STAMP] = "bad-stamp",
		[SKIP_NO_FRAME] = "no-frame",
		[SKIP_MALFORMED] = "malformed",
		[SKIP_CUT] = "cut",
		[SKIP_TOO_LONG] = "too-long",
		[SKIP_BINARY] = "binary",
		[SKIP_REPORT] = "report",
		[SKIP_LIMIT] = "limit",
	};

	return names[reason];
}

enum mx_code
fact_ignore_message(void *ctx, const struct message_event *event,
    struct mx_err *err)
{
	(void)ctx;
	(void)event;
	(void)err;
	return MX_OK;
}

enum mx_code
fact_ignore_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	(void)ctx;
	(void)what;
	(void)err;
	return MX_OK;
}

enum mx_code
fact_ignore_line(void *ctx, const struct stamp *at, struct slice host,
    uint64_t count, struct mx_err *err)
{
	(void)ctx;
	(void)at;
	(void)host;
	(void)count;
	(void)err;
	return MX_OK;
}

enum mx_code
fact_ignore_notice(void *ctx, enum notice_kind kind,
    const struct mx_where *where, struct slice text, struct mx_err *err)
{
	(void)ctx;
	(void)kind;
	(void)where;
	(void)text;
	(void)err;
	return MX_OK;
}
