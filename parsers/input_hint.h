/* SPDX-License-Identifier: BSD-2-Clause */
/* Why an input that was not recognised is none, where that can be said. Used
 * where a log is opened. */
#ifndef MX_PARSERS_INPUT_HINT_H
#define MX_PARSERS_INPUT_HINT_H

#include "base/slice.h"

#include <stdbool.h>

/* HEAD: the first bytes. A sentence without full stop for the user; NULL
 * where nothing is known. */
const char *input_hint(struct slice head);

/* HEAD is that of a tar archive (POSIX.1-2017, pax, "ustar Interchange
 * Format"), which no name told: a pipe, or too deep. */
bool input_is_tar(struct slice head);

#endif
