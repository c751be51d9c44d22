/* SPDX-License-Identifier: BSD-2-Clause */
/* assert_string_equal() for slices. */
#ifndef MX_TESTS_SUPPORT_ASSERT_SLICE_H
#define MX_TESTS_SUPPORT_ASSERT_SLICE_H

#include "base/slice.h"
#include "tests/support/cases.h"

/* WANT NULL: none, or nothing in it. */
static inline void
assert_slice(struct slice got, const char *want)
{
	if (!slice_eq(got, slice_str(want)))
		fail_msg("got \"%.*s\", want \"%s\"", SLICE_ARG(got),
		    want != NULL ? want : "");
}

#endif
