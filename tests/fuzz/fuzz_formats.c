/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a log of one of the formats without a target of their own: the
 * first byte picks it ('A': the first of the list). Half of the inputs would
 * not be recognised by their heads; here every one reaches its parser. */
#include "tests/fuzz/log_digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
	"powermta", "kumomta", "exchange", "exchange-send", "haraka",
	"zonemta", "stalwart", "maddy", "qmail", "ses", "sendgrid",
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t which;

	if (size == 0)
		return 0;
	which = data[0] >= 'A' ? (size_t)(data[0] - 'A') % NAMES :
	    data[0] % NAMES;
	if (log_format_find(slice_str(names[which])) == NULL)
		mx_bug("no such format");
	log_digest_check(slice_of((const char *)data + 1, size - 1),
	    names[which]);
	return 0;
}
