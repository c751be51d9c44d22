/* SPDX-License-Identifier: BSD-2-Clause */
/* Text on its way to a stream: renderers append to `text` and offer it now
 * and then; the first trouble is remembered and told at the end. Knows no
 * format. */
#ifndef MX_REPORTS_OUT_BUFFER_H
#define MX_REPORTS_OUT_BUFFER_H

#include <stdio.h>

#include "base/strbuf.h"

struct out_buffer {
	struct strbuf text;
	FILE *out;
	int sys_errno;   /* of the first write that failed, else 0 */
	bool has_failed;
	bool is_cut;     /* one piece was longer than its cap */
};

void out_buffer_init(struct out_buffer *buffer, FILE *out);
/* Write what has gathered when it is worth a system call. Between two offers
 * a renderer must stay under the cap of LIMIT_OUTPUT_PIECE_BYTES. */
void out_buffer_offer(struct out_buffer *buffer);
/* Write the rest, flush the stream, free the memory. MX_E_IO with what is
 * written in the message as WHAT ("the CSV report"). */
enum mx_code out_buffer_finish(struct out_buffer *buffer, const char *what,
    struct mx_err *err) MX_MUST_USE;

#endif
