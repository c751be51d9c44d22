/* SPDX-License-Identifier: BSD-2-Clause */
/* A log as a string, read as an input would be, and what must come of it. */
#ifndef MX_TESTS_SUPPORT_LOG_TEXT_H
#define MX_TESTS_SUPPORT_LOG_TEXT_H

#include "tests/support/fact_text.h"

/* A row of a table: LOG is the whole input (lines end with \n); WANT says for
 * each fact, event, notice and skipped line that must come of it, in order,
 *
 *   LINE KIND[|key=value...]\n
 *
 * as in fact_text.h, "" that there is none. */
struct log_text_case {
	const char *name, *log, *want;
};

/* 2026-11-23T12:00:00Z is the time of the clock, UTC its zone. */
enum { LOG_TEXT_NOW = 1795435200 };

/* Read TEXT in pieces of CHUNK, at most STEP bytes a run; FORMAT forces one,
 * NULL: recognised. */
void log_text_read(struct slice text, const char *format, size_t chunk,
    uint64_t step, struct fact_text *facts);
/* Fails the running test unless TEXT, whole and in the smallest pieces, gives
 * what WANT says. Returns how many lines were seen. */
uint64_t log_text_expect(struct slice text, const char *format,
    const char *want);
/* For CASES_ADD_TABLE over struct log_text_case. */
void log_text_case(void **state);
/* No delivery comes of any bytes of TEXT cut off at the front or the end
 * that is not one of the outcomes that the whole has: run over every cut. */
void log_text_expect_cuts(struct slice text, const char *format);

#endif
