/* SPDX-License-Identifier: BSD-2-Clause */
/* Buffered text output with remembered failure. */
#include "reports/out_buffer.h"

#include <errno.h>

#include "base/fault.h"
#include "base/limits.h"

enum { WORTH_WRITING = 64 * 1024 };

void
out_buffer_init(struct out_buffer *buffer, FILE *out)
{
	strbuf_init(&buffer->text, LIMIT_OUTPUT_PIECE_BYTES);
	buffer->out = out;
	buffer->sys_errno = 0;
	buffer->has_failed = false;
	buffer->is_cut = false;
}

static void
write_out(struct out_buffer *buffer)
{
	buffer->is_cut = buffer->is_cut || buffer->text.is_cut;
	if (!buffer->has_failed && buffer->text.len > 0) {
		errno = 0;
		if (fault_hits(FAULT_WRITE) || fwrite(buffer->text.ptr, 1,
		    buffer->text.len, buffer->out) != buffer->text.len) {
			buffer->has_failed = true;
			buffer->sys_errno = errno != 0 ? errno : EIO;
		}
	}
	strbuf_reset(&buffer->text);
}

void
out_buffer_offer(struct out_buffer *buffer)
{
	if (buffer->text.len >= WORTH_WRITING)
		write_out(buffer);
}

enum mx_code
out_buffer_finish(struct out_buffer *buffer, const char *what,
    struct mx_err *err)
{
	write_out(buffer);
	strbuf_release(&buffer->text);
	errno = 0;
	if (!buffer->has_failed && fflush(buffer->out) != 0) {
		buffer->has_failed = true;
		buffer->sys_errno = errno != 0 ? errno : EIO;
	}
	if (buffer->has_failed)
		return mx_fail_errno(err, MX_E_IO, buffer->sys_errno,
		    "writing %s", what);
	if (buffer->is_cut)
		return mx_fail(err, MX_E_LIMIT,
		    "%s: one entry is longer than %u bytes", what,
		    LIMIT_OUTPUT_PIECE_BYTES);
	return MX_OK;
}
