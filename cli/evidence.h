/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier for a de-listing request, as text. */
#ifndef MX_CLI_EVIDENCE_H
#define MX_CLI_EVIDENCE_H

#include "base/strbuf.h"
#include "cli/engine.h"
#include "reports/report.h"

struct dossier {
	const struct settings *settings;
	const struct engine *engine;
	const struct provider_info *provider; /* NULL: one without a row */
	struct report own;     /* this provider and address, all of the log */
	struct report control; /* everybody, while the episode lasted */
	const struct report_episode *episode;
	struct strbuf out, line;
};

/* Append the dossier to SELF->out. All else of SELF is filled. */
void evidence_text(struct dossier *self);

#endif
