/* SPDX-License-Identifier: BSD-2-Clause */
/* A complaint's mail as the mail library hands it over: the input's pieces,
 * between NULs, are its header fields, text, feedback fields, and the message
 * complained about. The library itself is fuzz_mail.c's. */
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
	struct mail_part parts[3] = {
		{ .type = SLICE("text/plain") },
		{ .type = SLICE("message/feedback-report") },
		{ .type = SLICE("message/rfc822"), .is_message = true } };
	struct mail mail = { .head = take_piece(&text), .parts = parts,
		.part_count = 3 };
	struct arena arena;
	struct mx_err err;
	bool is_mine = false;

	arena_init(&arena);
	context.subject = report_field_named(mail.head, &arena, "Subject");
	context.from = report_field_named(mail.head, &arena, "From");
	for (size_t i = 0; i < 3; i++)
		parts[i].content = take_piece(&text);
	if (parts[1].content.len == 0)
		parts[1].type = SLICE("text/html");
	if (arf_report_read(&context, &mail, &is_mine, &err) != MX_OK)
		mx_bug("a complaint is never refused");
	if (seen.facts != (is_mine ? 1u : 0u))
		mx_bug("one mail, one complaint");
	arena_release(&arena);
	return 0;
}
