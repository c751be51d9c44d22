/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of one run, each kind with its own small numbers. */
#ifndef MX_ANALYZER_NAMES_H
#define MX_ANALYZER_NAMES_H

#include "base/intern.h"

struct names {
	struct intern host;      /* log hosts */
	struct intern instance;  /* "postfix-out1" */
	struct intern source;    /* own IP, or "host/instance" */
	struct intern provider;  /* provider keys; ":local" and ":internal" */
	struct intern domain;    /* recipient domains */
	struct intern relay;     /* MX host names */
	uint64_t seed;
};

/* Provider numbers of what is no provider; names_init takes care of it. */
enum { PROVIDER_LOCAL, PROVIDER_INTERNAL, PROVIDER_UNKNOWN };
static inline bool
provider_is_remote(uint32_t provider)
{
	return provider > PROVIDER_INTERNAL;
}
/* Where a table was full. */
#define NAME_OTHER "(other)"

void names_init(struct names *names);
void names_release(struct names *names);
/* intern_id, or the number of "(other)" when the table is full. */
uint32_t names_id(struct intern *table, struct slice name);

#endif
