/* SPDX-License-Identifier: BSD-2-Clause */
/* Rendering a hand-filled document into memory, and comparing what came out
 * with a golden file. */
#ifndef MX_TESTS_SUPPORT_RENDER_H
#define MX_TESTS_SUPPORT_RENDER_H

#include "reports/output.h"
#include "tests/support/report_fixture.h"

/* Text of 80 columns, ASCII, no colour, default top. */
struct output_options render_options(void);

/* A NUL-terminated copy of the output, for free(); *len_r may be NULL. Fails
 * the running test unless the renderer returns MX_OK. */
char *render_report(const struct report_output *output,
    const struct report *report, const struct output_options *options,
    size_t *len_r);
/* The same with a document that FILL makes and render_options(). */
char *render_fixture(const struct report_output *output,
    void (*fill)(struct report_fixture *), size_t *len_r);

/* TEXT is what tests/golden/reports/NAME holds. With GOLDEN_UPDATE=1 in the
 * environment the file is written instead: read the difference before you
 * commit it. */
void golden_check(const char *name, const char *text, size_t len);

/* A private directory for files of a test, removed with scratch_close(). */
struct scratch {
	char dir[64];
};
void scratch_open(struct scratch *scratch);
/* Writes NAME there; returns its path, for free(). */
char *scratch_write(const struct scratch *scratch, const char *name,
    const char *text, size_t len);
void scratch_close(const struct scratch *scratch);

/* Runs a Python script of the repository. Skips the running test where there
 * is no Python, or the script misses a module (status 77); fails it on any
 * other status but 0. ARGS ends with NULL. */
void run_python(const char *script, const char *const *args);

#endif
