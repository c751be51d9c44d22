/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a message: its parts are texts of the message's own size at
 * most, and LF, CRLF and CR make no difference to how many there are. */
#include "base/strbuf.h"
#include "parsers/mail_parts.h"
#include "tests/fuzz/report_checks.h"

/* Number of parts; SIZE_MAX when it is refused. */
static size_t
parts_of(struct slice text)
{
	struct mail *mail;
	struct mx_err err = { .code = MX_OK };
	size_t count;

	if (mail_open(text, &mail, &err) != MX_OK) {
		if (err.text[0] == '\0')
			mx_bug("a message is refused with a reason");
		return SIZE_MAX;
	}
	count = mail->part_count;
	for (size_t i = 0; i < count; i++) {
		const struct mail_part *part = &mail->parts[i];

		if (part->type.len == 0)
			mx_bug("a part without a type");
		/* the library may add header fields and line ends */
		if (part->content.len > 4 * text.len + 1024)
			mx_bug("a part larger than its message");
	}
	if (count > LIMIT_MIME_PARTS)
		mx_bug("more parts than the limit");
	mail_close(mail);
	return count;
}

/* TEXT with END for each LF, if it has no CR. */
static size_t
parts_with(struct slice text, const char *end)
{
	struct strbuf copy;
	size_t count;

	strbuf_init(&copy, 2 * text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\n')
			strbuf_add_str(&copy, end);
		else
			strbuf_add_char(&copy, text.ptr[i]);
	count = parts_of(strbuf_slice(&copy));
	strbuf_release(&copy);
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	size_t count = parts_of(text);

	(void)mail_probe(text);
	(void)mail_is_mbox(text);
	if (slice_chr(text, '\r') == NULL && (parts_with(text, "\r\n") !=
	    count || parts_with(text, "\r") != count))
		mx_bug("line ends make a difference");
	return 0;
}
