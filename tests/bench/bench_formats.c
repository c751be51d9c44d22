/* SPDX-License-Identifier: BSD-2-Clause */
/* How fast one core reads a format: a sample, its lines again and again in
 * memory, through recognition, heads and the format's parser into a sink that
 * only counts.
 * Usage: bench_formats FILE...    prints a row of a table for each. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/zone.h"
#include "parsers/ingest_formats.h"

enum { RUNS = 3, BYTES = 64 * 1024 * 1024 };

struct counts {
	uint64_t facts, lines;
};

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct counts *counts = ctx;

	(void)fact;
	(void)err;
	counts->facts++;
	return MX_OK;
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	(void)ctx;
	(void)event;
	(void)err;
	return MX_OK;
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	(void)ctx;
	(void)what;
	(void)err;
	return MX_OK;
}

static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	struct counts *counts = ctx;

	(void)at;
	(void)host;
	(void)err;
	counts->lines += count;
	return MX_OK;
}

static enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	(void)ctx;
	(void)kind;
	(void)where;
	(void)text;
	(void)err;
	return MX_OK;
}

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The file as often as it goes into BYTES. Ends the program on failure. */
static char *
load(const char *path, size_t *len_r)
{
	FILE *file = fopen(path, "rb");
	char *text = mx_alloc(BYTES);
	size_t one = file != NULL ? fread(text, 1, BYTES / 2, file) : 0;
	size_t len;

	if (one == 0) {
		(void)fprintf(stderr, "%s: cannot be read\n", path);
		exit(66);
	}
	(void)fclose(file);
	if (text[one - 1] != '\n')
		text[one++] = '\n';
	len = one;
	while (len + one <= BYTES) {
		memcpy(text + len, text, one);
		len += one;
	}
	*len_r = len;
	return text;
}

static double
run(const char *path, struct slice text, struct counts *counts,
    char name[32])
{
	struct fact_sink sink = { counts, on_delivery, on_message, on_skipped,
		on_line, on_notice };
	struct line_reader *lines = line_reader_new(source_of_memory(text.ptr,
	    text.len, 256 * 1024));
	struct log_input input = { .path = path, .reader = lines,
		.now_utc = 1795435200, .mtime_utc = INT64_MIN,
		.takes_tail = true };
	struct zone *zone;
	struct log_reader *reader;
	struct mx_err err;
	bool end = false;
	double begin;

	*counts = (struct counts){ 0, 0 };
	if (zone_open(SLICE("UTC"), &zone, &err) != MX_OK)
		exit(70);
	input.zone = zone;
	begin = now_s();
	if (log_reader_open(&input, NULL, &reader, &err) != MX_OK ||
	    log_reader_run(reader, UINT64_MAX, &sink, &end, &err) != MX_OK) {
		(void)fprintf(stderr, "%s: %s\n", path, err.text);
		exit(65);
	}
	begin = now_s() - begin;
	(void)snprintf(name, 32, "%s", log_reader_format(reader));
	log_reader_close(reader);
	line_reader_free(lines);
	zone_close(zone);
	return begin;
}

int
main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++) {
		size_t len;
		char *text = load(argv[i], &len), name[32];
		struct counts counts;
		double best = 1e9;

		for (int n = 0; n < RUNS; n++) {
			double took = run(argv[i], slice_of(text, len),
			    &counts, name);

			best = took < best ? took : best;
		}
		printf("| %s | %s | %.0f | %.0f | %.0f |\n", name, argv[i],
		    (double)len / 1e6 / best, (double)counts.lines / 1e3 /
		    best, (double)counts.facts / 1e3 / best);
		free(text);
	}
	return 0;
}
