/* SPDX-License-Identifier: BSD-2-Clause */
/* From a store to a report document, and from that to a file: what report,
 * nightly, episodes, evidence and diff share. */
#ifndef MX_CLI_REPORTING_H
#define MX_CLI_REPORTING_H

#include "analyzer/episodes.h"
#include "analyzer/query.h"
#include "cli/command.h"
#include "cli/engine.h"
#include "reports/report.h"

/* What to ask for: settings' window, filters and parameters. RULES_R must
 * live as long as the options do. */
struct query_options reporting_query(const struct engine *engine,
    const struct settings *settings, struct episode_rules *rules_r);

/* A document over WINDOW, with the comparison that settings ask for. REPORT is
 * fresh from report_init; the caller releases it. */
enum mx_code reporting_build(const struct engine *engine,
    const struct settings *settings, const struct when_window *window,
    struct report *report, struct mx_err *err) MX_MUST_USE;

/* What else one wants, or does not. The votes of the episode whose id begins
 * with EXPLAIN are told to VOTE. */
struct reporting_wish {
	bool without_series;
	bool only_episodes; /* with scores and remarks */
	struct slice explain;
	void (*vote)(void *ctx, const struct query_vote *vote);
	void *ctx;
};

/* The same under WISH. */
enum mx_code reporting_build_wish(const struct engine *engine,
    const struct settings *settings, const struct when_window *window,
    const struct reporting_wish *wish, struct report *report,
    struct mx_err *err) MX_MUST_USE;

/* Does what reporting_write makes of FORMAT and PATH show series? */
bool reporting_shows_series(const char *format, const char *path);

/* FORMAT NULL: as PATH ends, else text. PATH NULL: standard output. */
enum mx_code reporting_write(const struct report *report,
    const struct settings *settings, const char *format, const char *path,
    struct mx_err *err) MX_MUST_USE;

/* FINDING_* bits of the document. */
unsigned reporting_findings(const struct report *report);

#endif
