/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts of strangers in every place of a document that has some, through
 * every renderer that writes text: what comes out is UTF-8 without control
 * characters, and markup is ours alone. */
#include <stdlib.h>

#include "reports/outputs.h"
#include "tests/fuzz/output_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXTS = 8 };

struct document {
	struct report report;
	struct report_row row;
	struct report_series_row series;
	struct report_reason reason;
	struct report_reply reply;
	struct report_episode episode;
	struct report_episode_reason one;
	struct report_input input;
	struct report_day day;
	enum report_state state;
};

/* The input, cut at bytes 0xff into TEXTS texts. */
static void
cut(struct slice rest, struct slice texts[TEXTS])
{
	for (size_t i = 0; i < TEXTS; i++) {
		const char *end = slice_chr(rest, '\xff');

		texts[i] = end != NULL && i + 1 < TEXTS ?
		    slice_between(rest.ptr, end) : rest;
		rest = slice_skip(rest, texts[i].len + 1);
		if (rest.ptr == NULL)
			rest = SLICE("");
	}
}

static void
fill_rows(struct document *doc, const struct slice texts[TEXTS])
{
	doc->row.provider = doc->row.source = doc->row.domain = texts[0];
	doc->row.name = doc->row.source_ip = doc->row.instance = texts[1];
	doc->row.n.deliveries = doc->row.n.open = 30;
	doc->row.days = &doc->state;
	doc->series.provider = doc->series.source = texts[0];
	doc->reason.provider = doc->reply.provider = texts[2];
	doc->reason.name = doc->reply.name = texts[3];
	doc->reason.token = doc->reply.token = doc->one.token = texts[4];
	doc->reply.reason = SLICE("ip-block");
	doc->reply.is_new = true;
	doc->reply.sample = doc->episode.sample = texts[5];
	doc->episode.id = texts[6];
	doc->episode.provider = texts[0];
	doc->episode.source_ip = texts[1];
	doc->episode.token = texts[4];
	doc->episode.reasons = &doc->one;
	doc->episode.reason_count = 1;
	doc->input.path = texts[7];
}

static void
fill(struct document *doc, const struct slice texts[TEXTS])
{
	struct report *report = &doc->report;

	memset(doc, 0, sizeof(*doc));
	report_init(report);
	fill_rows(doc, texts);
	report->host = texts[6];
	report->verdict = texts[7];
	report->window.days = &doc->day;
	report->window.day_count = 1;
	report->window.timezone = texts[4];
	report->totals = doc->row.n;
	report->providers = report->sources = &doc->row;
	report->pairs = report->domains = &doc->row;
	report->provider_count = report->source_count = 1;
	report->pair_count = report->domain_count = 1;
	report->series = &doc->series;
	report->reasons = &doc->reason;
	report->replies = &doc->reply;
	report->episodes = &doc->episode;
	report->inputs = &doc->input;
	report->series_count = report->reason_count = 1;
	report->reply_count = report->episode_count = 1;
	report->input_count = 1;
}

/* Renders, proves, and returns how many '<' there are. */
static size_t
render(const struct report_output *output, const struct report *report,
    const char *table)
{
	struct output_options options = { .width = 80,
		.table = slice_str(table), .source_date_epoch = TIME_NONE };
	bool is_csv = output == &output_csv || output == &output_tsv;
	char *text = NULL;
	size_t len = 0, less_than;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL || output->render(report, &options, out, NULL) !=
	    MX_OK)
		mx_bug("a renderer failed");
	(void)fclose(out);
	less_than = prove_text(slice_of(text, len), is_csv);
	free(text);
	return less_than;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tables[] = { "replies", "episodes", "pairs",
		"inputs" };
	struct slice texts[TEXTS], harmless[TEXTS];
	struct document doc;
	size_t markup;

	if (size > 256 * 1024)
		return 0;
	cut(slice_of(size > 0 ? (const char *)data : "", size), texts);
	fill(&doc, texts);
	(void)render(&output_text, &doc.report, NULL);
	(void)render(&output_json, &doc.report, NULL);
	(void)render(&output_prom, &doc.report, NULL);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		(void)render(&output_csv, &doc.report, tables[i]);
		(void)render(&output_tsv, &doc.report, tables[i]);
	}
	markup = render(&output_html, &doc.report, NULL);
	report_release(&doc.report);
	/* a text that is empty has no element of its own */
	for (size_t i = 0; i < TEXTS; i++)
		harmless[i] = texts[i].len != 0 ? SLICE("x") : SLICE("");
	fill(&doc, harmless);
	if (markup != render(&output_html, &doc.report, NULL))
		mx_bug("a text changed the markup");
	report_release(&doc.report);
	return 0;
}
