/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier for a de-listing request: what it is made of, and the letter. */
#ifndef MX_CLI_EVIDENCE_H
#define MX_CLI_EVIDENCE_H

#include "analyzer/query_others.h"
#include "cli/engine.h"
#include "reports/dossier.h"
#include "reports/report.h"

/* One refused attempt, with what may be told of it. */
struct evidence_refusal {
	int64_t utc;
	struct slice id, domain, relay, reply; /* domain: the recipient's */
};

struct evidence {
	const struct settings *settings;
	const struct engine *engine;
	const struct provider_info *provider; /* NULL: one without a row */
	struct report own;     /* this provider and address, all of the log */
	struct report control; /* everybody, while the episode lasted */
	const struct report_episode *episode;
	struct others_evidence others;
	struct evidence_refusal *refusals; /* by time */
	size_t refusal_count, refusal_room;
	bool has_more_refusals;
	struct dossier_letter letter;
};

/* evidence_load.c: SELF's refusals and what others report, of the pair as the
 * store calls it. Before the reports are anonymized. */
enum mx_code evidence_load(struct evidence *self, struct slice provider,
    struct slice source, struct mx_err *err) MX_MUST_USE;

/* evidence_letter.c: fill SELF->letter. All else of SELF is filled. */
void evidence_letter(struct evidence *self);
/* evidence_summary.c: what happens, since when, and what is different
 * elsewhere. */
void evidence_put_summary(struct evidence *self);
/* evidence_reports.c: what others see. */
void evidence_put_others(struct evidence *self);
/* "12 of 15", or "80.0 % (120 of 150)". */
void evidence_add_share(struct strbuf *line, int64_t part, int64_t all);
/* evidence_tables.c: its tables. */
void evidence_days(struct evidence *self);
void evidence_control(struct evidence *self);
void evidence_refusals(struct evidence *self);
void evidence_remarks(struct evidence *self);

/* TEXT without the local parts of mail addresses, where they are not asked
 * for, behind what gathers in the letter's line. */
void evidence_add_private(struct evidence *self, struct slice text);
struct slice evidence_address(const struct evidence *self);
/* "2026-11-12 08:20" */
const char *evidence_time(int64_t utc, char buf[21]);

#endif
