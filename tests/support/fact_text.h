/* SPDX-License-Identifier: BSD-2-Clause */
/* A sink that writes facts down as text, for comparing: one line each,
 *
 *   LINE KIND<TAB>key=value<TAB>key=value...
 *
 * with the contract's keys in a fixed order, absent ones left out. Lines seen
 * are only counted. */
#ifndef MX_TESTS_SUPPORT_FACT_TEXT_H
#define MX_TESTS_SUPPORT_FACT_TEXT_H

#include "base/strbuf.h"
#include "parsers/facts.h"

struct fact_text {
	struct strbuf text;
	uint64_t lines_seen, deliveries, events, skipped, notices;
	/* Return MX_E_STOPPED after this many deliveries; 0: never. */
	uint64_t stop_after;
	/* Of the last line seen. */
	struct stamp seen_at;
	char seen_host[256];
};

void fact_text_init(struct fact_text *facts);
void fact_text_release(struct fact_text *facts);
struct fact_sink fact_text_sink(struct fact_text *facts);

/* Whether LINE (one of the above) has all of WANT: "key=value" pairs with
 * '|' between; "key=" alone wants it absent, key="" there and empty. Fails
 * the test with words where it has not. */
void fact_text_expect(struct slice line, const char *want);

#endif
