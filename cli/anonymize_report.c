/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/anonymize_report.h"

#include "analyzer/query.h"
#include "cli/anonymize.h"
#include "reports/report_texts.h"

static void
on_words(void *ctx, struct slice words, struct slice address)
{
	anonymizer_learn(ctx, words, address);
}

static struct slice
on_text(void *ctx, const char *key, struct slice text)
{
	return strcmp(key, "id") == 0 ? anonymizer_episode(ctx, text) :
	    anonymizer_text(ctx, key, text);
}

enum mx_code
anonymize_report(const struct engine *engine,
    const struct settings *settings, struct report *report,
    struct mx_err *err)
{
	struct anonymizer *self =
	    anonymizer_new(settings, engine->providers);
	enum mx_code code;

	if (self == NULL)
		return MX_OK;
	code = query_words(engine->store, on_words, self, err);
	if (code == MX_OK) {
		for (size_t i = 0; i < report->reason_count; i++)
			anonymizer_keep(self, report->reasons[i].token);
		for (size_t i = 0; i < report->episode_count; i++)
			anonymizer_keep(self, report->episodes[i].token);
		for (size_t i = 0; i < report->source_count; i++)
			anonymizer_learn_source(self, report->verdict,
			    report->sources[i].source);
		report_change_texts(report, on_text, self);
	}
	anonymizer_free(self);
	return code;
}
