/* SPDX-License-Identifier: BSD-2-Clause */
/* The sink of mxtrend parse for the providers' own reports: facts to JSON. */
#ifndef MX_CLI_PARSE_REPORTS_H
#define MX_CLI_PARSE_REPORTS_H

#include "analyzer/classify.h"
#include "analyzer/providers.h"
#include "base/strbuf.h"
#include "cli/report_json.h"
#include "parsers/report_facts.h"

struct report_printer {
	struct strbuf *out;
	const struct providers *providers;
	struct classifier *classifier;
	bool with_skipped, is_verbose;
	/* Called behind each fact, to empty OUT when it is full. */
	enum mx_code (*told)(void *ctx, struct mx_err *err);
	void *ctx;
	struct strbuf scratch;
	/* The last reporter and the provider found for it: a report's rows ask
	 * for the same one. */
	struct strbuf asked, answer;
	/* Of the DMARC report whose rows are being printed. */
	struct dmarc_common common;
	bool has_common;
	enum mx_code worst; /* of what was refused */
};

/* The sink writes to PRINTER, which the caller has filled but for the buffers
 * made and released here. */
struct report_sink report_printer_sink(struct report_printer *printer);
void report_printer_init(struct report_printer *printer);
void report_printer_release(struct report_printer *printer);

#endif
