/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/ingest_priv.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "parsers/report_formats.h"
#include "parsers/source_peek.h"

/* A plain file that was not written for so long has its last line whole. */
enum { SETTLED_S = 3600 };

static void
on_sampled(void *ctx, int64_t hash, int64_t utc)
{
	struct ingest *self = ctx;

	if (self->sample_count == self->sample_room) {
		self->sample_room =
		    self->sample_room != 0 ? self->sample_room * 2 : 256;
		self->samples = mx_realloc(self->samples,
		    self->sample_room * sizeof(*self->samples));
	}
	self->samples[self->sample_count++] =
	    (struct sample){ .hash = hash, .utc = utc };
}

struct ingest *
ingest_new(const struct ingest_options *options)
{
	struct ingest *self = mx_calloc(1, sizeof(*self));
	struct correlate_options join = { .names = &self->names,
		.queue = &self->queue, .totals = &self->totals,
		.providers = options->providers,
		.classifier = options->classifier, .own = options->own };

	self->is = *options;
	self->memory = log_memory_new();
	names_init(&self->names);
	queue_init(&self->queue, self->names.seed);
	totals_init(&self->totals, &self->names, store_slot_s(options->store));
	self->totals.keeps_attempts = options->keeps_attempts;
	store_hooks(options->store, &self->queue, &self->totals, &self->names,
	    &self->hooks);
	self->hooks.sampled = on_sampled;
	self->hooks.sampled_ctx = self;
	join.hooks = self->hooks;
	self->correlate = correlate_new(&join);
	self->reports = ingest_report_keeper(self);
	return self;
}

void
ingest_free(struct ingest *self)
{
	if (self == NULL)
		return;
	if (self->in_transaction)
		store_rollback(self->is.store);
	for (size_t i = 0; i < self->input_count; i++) {
		if (self->inputs[i].reader != NULL)
			line_reader_free(self->inputs[i].reader);
		if (self->inputs[i].source != NULL)
			self->inputs[i].source->close(self->inputs[i].source);
		free(self->inputs[i].path);
	}
	free(self->inputs);
	free(self->samples);
	correlate_free(self->correlate);
	log_memory_free(self->memory);
	report_keeper_free(self->reports);
	queue_release(&self->queue);
	totals_release(&self->totals);
	names_release(&self->names);
	free(self);
}

static enum mx_code
known_sender(void *ctx, const struct delivery *fact, struct slice *sender_r,
    uint64_t *mark_r, struct mx_err *err)
{
	struct ingest *self = ctx;

	return correlate_known_sender(self->correlate, fact, sender_r, mark_r,
	    err);
}

const struct fact_sink *
ingest_fact_sink(struct ingest *self)
{
	const struct fact_sink *own = correlate_sink(self->correlate);

	self->known = (struct ingest_known){ self, known_sender };
	return self->is.cover == NULL ? own :
	    self->is.cover->facts(self->is.cover->ctx, own, &self->known);
}

const struct report_sink *
ingest_report_sink(struct ingest *self)
{
	const struct report_sink *own = report_keeper_sink(self->reports);

	return self->is.cover == NULL ? own :
	    self->is.cover->reports(self->is.cover->ctx, own);
}

enum mx_code
ingest_worst(const struct ingest *self)
{
	return self->worst;
}

void
ingest_tell(struct ingest *self, const struct ingest_input_result *result)
{
	if (result->event == INGEST_FAILED && self->worst == MX_OK)
		self->worst = result->err->code;
	if (self->is.told != NULL)
		self->is.told(self->is.ctx, result);
}

void
ingest_tell_failed(struct ingest *self, const char *path, const struct mx_err *err)
{
	struct ingest_input_result result = { .path = path,
		.event = INGEST_FAILED, .err = err, .format = "" };

	ingest_tell(self, &result);
}

/* Trouble with one input is told and the others are read; trouble with the
 * store or with us ends the run. */
bool
ingest_is_inputs_fault(const struct ingest *self, enum mx_code code)
{
	if (store_has_failed(self->is.store))
		return false;
	return code == MX_E_DATA || code == MX_E_NOINPUT || code == MX_E_IO ||
	    code == MX_E_LIMIT;
}

/* ------------------------------------------------------------------ */
/* Finding out what an input is */

static void
look_at(const char *path, struct ledger_file *file_r)
{
	struct stat st;

	*file_r = (struct ledger_file){ .path = path, .mtime_ns = INT64_MIN };
	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return;
	file_r->device = (uint64_t)st.st_dev;
	file_r->inode = (uint64_t)st.st_ino;
	file_r->size_bytes = (uint64_t)st.st_size;
	file_r->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 +
	    st.st_mtim.tv_nsec;
}

enum mx_code
ingest_open_reader(const struct ingest *self, const char *path,
    struct line_reader **reader_r, struct source_info *info_r,
    struct mx_err *err)
{
	struct source_options options = { .threads = self->is.threads };
	struct byte_source *source;
	enum mx_code code = source_open(path, &options, &source, info_r, err);

	if (code != MX_OK)
		return code;
	*reader_r = line_reader_new(source);
	line_reader_watch(*reader_r, self->is.stop);
	return MX_OK;
}

enum mx_code
ingest_open_log(const struct ingest *self, const struct ingest_input *input,
    struct line_reader *reader, const struct reader_state *resume,
    struct log_reader **log_r, struct mx_err *err)
{
	struct log_input what = {
		.path = input->path, .reader = reader, .zone = input->zone,
		.now_utc = self->is.now_utc, .mtime_utc = input->info.mtime_utc,
		.format = self->is.format,
		.own_formats = self->is.own_formats,
		.memory = self->memory,
	};

	what.takes_tail = self->is.takes_tails || input->info.is_stream ||
	    strcmp(input->info.container, "plain") != 0 ||
	    (input->info.mtime_utc != INT64_MIN &&
	    input->info.mtime_utc + SETTLED_S < self->is.now_utc);
	return log_reader_open(&what, resume, log_r, err);
}

/* Of a stream there is no second look; standard input cannot be opened a
 * second time, even from a file. */
static bool
stays_open(const struct ingest_input *input)
{
	return input->info.is_stream || strcmp(input->path, "-") == 0;
}

/* A log or reports, and when does it begin? */
static enum mx_code
peek(struct ingest *self, struct ingest_input *input, struct mx_err *err)
{
	/* of a file no more than the first bytes are wanted now */
	bool is_file = input->file.mtime_ns != INT64_MIN;
	struct source_options options = {
		.threads = is_file ? 1 : self->is.threads };
	struct byte_source *source;
	struct line_reader *reader;
	struct log_reader *log;
	enum mx_code code = source_open(input->path, &options, &source,
	    &input->info, err);

	if (code != MX_OK)
		return code;
	source = source_peek(source, &input->head);
	if (self->is.format.len == 0 && report_probe(input->head)) {
		input->has_reports = true;
		/* bounces are compared with every failure in the logs */
		self->totals.keeps_attempts = true;
		if (stays_open(input))
			input->source = source;
		else
			source->close(source);
		return MX_OK;
	}
	reader = line_reader_new(source);
	line_reader_watch(reader, self->is.stop);
	code = ingest_open_log(self, input, reader, NULL, &log, err);
	if (code != MX_OK) {
		line_reader_free(reader);
		return code;
	}
	input->first_utc = log_reader_first_utc(log);
	log_reader_close(log);
	if (stays_open(input))
		input->reader = reader;
	else
		line_reader_free(reader);
	return MX_OK;
}

enum mx_code
ingest_add(struct ingest *self, const char *path, const struct zone *log_zone,
    struct mx_err *err)
{
	struct ingest_input input = { .path = mx_strdup(path),
		.zone = log_zone != NULL ? log_zone : self->is.log_zone,
		.order = self->input_count, .first_utc = INT64_MIN };
	struct ingest_input_result same = { .path = path,
		.event = INGEST_UNCHANGED, .format = "" };
	struct mx_err why;
	bool is_unchanged;
	enum mx_code code;

	look_at(input.path, &input.file);
	code = store_find_unchanged(self->is.store, &input.file, &is_unchanged,
	    err);
	if (code == MX_OK && is_unchanged) {
		ingest_tell(self, &same);
		free(input.path);
		return MX_OK;
	}
	if (code == MX_OK) {
		code = peek(self, &input, &why);
		if (code != MX_OK && ingest_is_inputs_fault(self, code)) {
			ingest_tell_failed(self, input.path, &why);
			free(input.path);
			return MX_OK;
		}
		if (code != MX_OK && err != NULL)
			*err = why;
	}
	if (code != MX_OK) {
		free(input.path);
		return code;
	}
	self->inputs = mx_realloc(self->inputs,
	    (self->input_count + 1) * sizeof(*self->inputs));
	self->inputs[self->input_count++] = input;
	return MX_OK;
}

static int
compare_inputs(const void *left, const void *right)
{
	const struct ingest_input *a = left;
	const struct ingest_input *b = right;

	if (a->first_utc != b->first_utc)
		return a->first_utc < b->first_utc ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* ------------------------------------------------------------------ */
/* Transactions */

enum mx_code
ingest_begin(struct ingest *self, struct mx_err *err)
{
	enum mx_code code = store_begin(self->is.store, err);

	self->in_transaction = code == MX_OK;
	return code;
}

enum mx_code
ingest_commit(struct ingest *self, struct mx_err *err)
{
	enum mx_code code = store_commit(self->is.store, err);

	if (code == MX_OK)
		self->in_transaction = false;
	self->segment_bytes = 0;
	return code;
}

/* ------------------------------------------------------------------ */

/* At the end of a run: messages that left the queue are counted, the others
 * wait in the store for the next run. */
static enum mx_code
settle(struct ingest *self, struct mx_err *err)
{
	enum mx_code code = correlate_settle(self->correlate, err);

	while (code == MX_OK && self->queue.oldest != POOL_NONE)
		code = self->hooks.set_aside(self->hooks.ctx,
		    self->queue.oldest, err);
	if (code == MX_OK)
		code = store_add(self->is.store, &self->totals,
		    self->correlate, err);
	return code;
}

enum mx_code
ingest_run(struct ingest *self, struct mx_err *err)
{
	enum mx_code code = MX_OK, stopped = MX_OK;
	struct mx_err why = { .code = MX_OK };

	if (self->input_count != 0)
		qsort(self->inputs, self->input_count, sizeof(*self->inputs),
		    compare_inputs);
	if (self->input_count != 0)
		code = classifier_prepare(self->is.classifier, err);
	if (code == MX_OK)
		code = ingest_begin(self, err);
	if (code == MX_OK)
		code = store_load_covered(self->is.store, err);
	if (code == MX_OK)
		code = store_load_under_way(self->is.store, self->memory,
		    err);
	if (code == MX_OK)
		ingest_reports_ahead(self);
	for (size_t i = 0; i < self->input_count && code == MX_OK; i++) {
		code = self->inputs[i].has_reports ?
		    ingest_read_reports(self, &self->inputs[i], err) :
		    ingest_read_input(self, &self->inputs[i], err);
		if (code == MX_OK && ingest_is_stopped(self))
			code = mx_fail(err, MX_E_STOPPED, "stopped");
	}
	ingest_reports_ahead_stop(self);
	if (code == MX_E_STOPPED) {
		stopped = code;
		why = *err;
		code = MX_OK;
	}
	if (code == MX_OK)
		code = settle(self, err);
	if (code == MX_OK)
		code = ingest_commit(self, err);
	if (code == MX_OK)
		code = store_pack_days(self->is.store, err);
	if (code == MX_OK && stopped != MX_OK) {
		*err = why;
		return stopped;
	}
	return code;
}
