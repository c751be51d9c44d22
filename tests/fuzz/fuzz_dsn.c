/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounce as the mail library hands it over: the input's pieces, between
 * NULs, are its header fields, text and status fields. A mail with status
 * fields is a bounce, and every recipient is one fact. */
#include "parsers/mail_parts.h"
#include "parsers/report_text.h"
#include "tests/fuzz/report_checks.h"

static struct slice
take_piece(struct slice *text)
{
	const char *nul = slice_chr(*text, '\0');
	struct slice piece = nul != NULL ? slice_between(text->ptr, nul) :
	    *text;

	*text = slice_skip(*text, piece.len + 1);
	return piece;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct seen seen = { 0 };
	struct report_sink sink = checking_sink(&seen);
	struct report_context context = checking_context(&sink);
	struct mail_part parts[2] = {
		{ .type = SLICE("text/plain") },
		{ .type = SLICE("message/delivery-status") } };
	struct mail mail = { .head = take_piece(&text), .parts = parts };
	struct arena arena;
	struct mx_err err;
	bool is_mine = false;

	arena_init(&arena);
	context.subject = report_field_named(mail.head, &arena, "Subject");
	context.from = report_field_named(mail.head, &arena, "From");
	parts[0].content = take_piece(&text);
	parts[1].content = take_piece(&text);
	mail.part_count = parts[1].content.len != 0 ? 2 : 1;
	if (dsn_report_read(&context, &mail, &is_mine, &err) != MX_OK)
		mx_bug("a bounce is never refused");
	if (mail.part_count == 2 && !is_mine)
		mx_bug("status fields make a bounce");
	if (!is_mine && seen.facts != 0)
		mx_bug("a fact of a mail that is no bounce");
	if (seen.facts > LIMIT_BOUNCE_RECIPIENTS)
		mx_bug("more recipients than the limit");
	arena_release(&arena);
	return 0;
}
