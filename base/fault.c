/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/fault.h"

#ifdef MX_FAULT
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

/* The one place with mutable file-scope state, as a countdown needs it. */
static uint64_t seen[FAULT_KINDS];

static bool
asked_for(enum fault_kind kind, uint64_t number)
{
	static const char *const names[FAULT_KINDS] = { "alloc:", "read:",
		"write:" };
	struct slice spec = slice_str(getenv("MXTREND_FAULT"));
	uint64_t want;
	size_t digits;

	if (!slice_starts(spec, slice_str(names[kind])))
		return false;
	spec = slice_skip(spec, strlen(names[kind]));
	digits = slice_number(spec, UINT64_MAX, &want);
	if (digits == 0)
		return false;
	if (digits < spec.len && spec.ptr[digits] == '+')
		return number >= want;
	return number == want;
}

bool
fault_hits(enum fault_kind kind)
{
	return asked_for(kind, ++seen[kind]);
}

uint64_t
fault_size(uint64_t normal)
{
	struct slice want = slice_str(getenv("MXTREND_FAULT_SIZE"));
	uint64_t size;

	return slice_number(want, normal, &size) != 0 ? size : normal;
}
#else
typedef int fault_is_compiled_out; /* ISO C wants something here */
#endif
