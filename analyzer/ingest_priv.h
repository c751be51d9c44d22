/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by ingest.c (the run), ingest_read.c (one log) and ingest_reports.c
 * (one input with reports). */
#ifndef MX_ANALYZER_INGEST_PRIV_H
#define MX_ANALYZER_INGEST_PRIV_H

#include "analyzer/ingest.h"
#include "analyzer/store_reports.h"
#include "parsers/ingest_formats.h"

struct ingest_input {
	char *path;
	const struct zone *zone;
	struct ledger_file file;
	int64_t first_utc;
	size_t order;               /* as given: breaks ties */
	struct line_reader *reader; /* kept open: a stream */
	bool has_reports;           /* no log: then */
	struct byte_source *source; /* kept open: a stream */
	struct slice head;          /* of source */
	struct source_info info;
	bool is_done;
};

struct ingest {
	struct ingest_options is;
	struct names names;
	struct queue queue;
	struct totals totals;
	struct correlate *correlate;
	struct log_memory *memory;  /* what logs have under way at their end */
	struct correlate_hooks hooks;
	struct ingest_known known;
	struct report_keeper *reports;
	struct report_reading *reading_reports; /* the one being read */
	struct files_ahead *reports_ahead; /* the next ones; or NULL */
	char **ahead_paths;
	struct ingest_input *inputs;
	size_t input_count;
	enum mx_code worst;
	uint64_t segment_bytes;     /* since the last commit */
	struct sample *samples;     /* of the input being read, not stored yet */
	size_t sample_count, sample_room;
	bool in_transaction;
};

void ingest_tell(struct ingest *self, const struct ingest_input_result *result);
void ingest_tell_failed(struct ingest *self, const char *path,
    const struct mx_err *err);
/* Trouble with one input is told and the others are read; trouble with the
 * store or with us ends the run. */
bool ingest_is_inputs_fault(const struct ingest *self, enum mx_code code);
enum mx_code ingest_open_reader(const struct ingest *self, const char *path,
    struct line_reader **reader_r, struct source_info *info_r,
    struct mx_err *err) MX_MUST_USE;
enum mx_code ingest_open_log(const struct ingest *self,
    const struct ingest_input *input, struct line_reader *reader,
    const struct reader_state *resume, struct log_reader **log_r,
    struct mx_err *err) MX_MUST_USE;
enum mx_code ingest_begin(struct ingest *self, struct mx_err *err)
    MX_MUST_USE;
enum mx_code ingest_commit(struct ingest *self, struct mx_err *err)
    MX_MUST_USE;

/* Where facts go: through the cover, where there is one. */
const struct fact_sink *ingest_fact_sink(struct ingest *self);
const struct report_sink *ingest_report_sink(struct ingest *self);

/* ingest_read.c */
bool ingest_is_stopped(const struct ingest *self);
/* Is what was read since the last commit enough for one? */
bool ingest_wants_commit(const struct ingest *self);
/* It was there when it was named. */
void ingest_tell_gone(struct ingest *self, const struct ingest_input *input);
enum mx_code ingest_read_input(struct ingest *self,
    struct ingest_input *input, struct mx_err *err) MX_MUST_USE;

/* ingest_reports.c */
/* Open the inputs that are files with reports ahead, in the order in which
 * they will be read, where threads are allowed and it pays. */
void ingest_reports_ahead(struct ingest *self);
void ingest_reports_ahead_stop(struct ingest *self);
struct report_keeper *ingest_report_keeper(struct ingest *self);
enum mx_code ingest_read_reports(struct ingest *self,
    struct ingest_input *input, struct mx_err *err) MX_MUST_USE;

#endif
