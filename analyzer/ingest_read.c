/* SPDX-License-Identifier: BSD-2-Clause */
/* One input: where to go on in it, reading it in segments, and what is kept
 * of it in the ledger. */
#include "analyzer/ingest_priv.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/limits.h"

/* So much is read between two looks at limits and signals; and so much,
 * uncompressed, is one transaction at most. */
enum { STEP_BYTES = 16 * 1024 * 1024 };
#define SEGMENT_BYTES ((uint64_t)512 * 1024 * 1024)
/* One input while it is read. */
struct reading {
	struct ingest_input *input;
	struct line_reader *lines;
	struct log_reader *log;
	struct log_ahead *ahead;
	struct log_step step; /* the last one */
	struct ledger_entry entry;
	uint64_t began_line, began_offset;
	uint64_t seen_offset; /* at the last step */
	uint64_t samples;
	struct sample_overlap overlap;
	char *twin_path;
};

/* A last line without newline that may still grow was left for later. */
static bool
has_held_back(const struct reading *reading, uint64_t offset)
{
	const struct source_info *info = &reading->input->info;

	return !info->is_stream && strcmp(info->container, "plain") == 0 &&
	    offset < info->size_bytes;
}

static void
note_place(const struct ingest *self, struct reading *reading, bool at_end)
{
	struct ledger_entry *entry = &reading->entry;
	struct reader_state state = reading->step.state;

	entry->offset = state.offset;
	entry->line = state.line;
	entry->last_line_utc = state.last_utc;
	(void)snprintf(entry->format, sizeof(entry->format), "%s",
	    state.format);
	if (entry->first_utc == INT64_MIN)
		entry->first_utc = reading->input->first_utc;
	if (state.last_utc > entry->last_utc)
		entry->last_utc = state.last_utc;
	entry->is_complete = at_end && !has_held_back(reading, state.offset);
	entry->read_utc = self->is.now_utc;
}

static enum mx_code
save_samples(struct ingest *self, struct reading *reading, struct mx_err *err)
{
	size_t count = self->sample_count;

	reading->samples += count;
	self->sample_count = 0;
	return store_add_samples(self->is.store, reading->entry.id,
	    self->samples, count, &reading->overlap, err);
}

/* Everything counted so far, and the place where reading stands. */
static enum mx_code
save(struct ingest *self, struct reading *reading, bool at_end,
    struct mx_err *err)
{
	enum mx_code code = store_add(self->is.store, &self->totals,
	    self->correlate, err);

	if (code != MX_OK)
		return code;
	note_place(self, reading, at_end);
	code = store_save_input(self->is.store, &reading->entry, err);
	return code == MX_OK ? save_samples(self, reading, err) : code;
}

/* The same in a transaction of its own, behind what is read next. */
static enum mx_code
save_segment(struct ingest *self, struct reading *reading, struct mx_err *err)
{
	struct store_segment segment = { .entry = &reading->entry,
		.samples = self->samples, .sample_count = self->sample_count,
		.overlap = &reading->overlap,
		.is_behind = self->is.threads >= 2 };
	/* the entry is the store's until then */
	enum mx_code code = store_join(self->is.store, err);

	if (code != MX_OK)
		return code;
	note_place(self, reading, false);
	reading->samples += self->sample_count;
	self->samples = NULL;
	self->sample_count = self->sample_room = 0;
	self->segment_bytes = 0;
	return store_add_segment(self->is.store, &self->totals,
	    self->correlate, &segment, err);
}

bool
ingest_is_stopped(const struct ingest *self)
{
	return self->is.stop != NULL && *self->is.stop != 0;
}

static void
show_progress(const struct ingest *self, const struct reading *reading)
{
	if (self->is.progress != NULL)
		self->is.progress(self->is.ctx, reading->input->path,
		    reading->step.progress,
		    reading->input->info.size_bytes);
}

bool
ingest_wants_commit(const struct ingest *self)
{
	return totals_pending(&self->totals) >= LIMIT_PENDING_ROWS ||
	    self->segment_bytes >= fault_size(SEGMENT_BYTES);
}

static enum mx_code
read_on(struct ingest *self, struct reading *reading, bool *end_r,
    struct mx_err *err)
{
	struct log_step *step = &reading->step;
	enum mx_code code = log_ahead_step(reading->ahead,
	    ingest_fact_sink(self), step, err);

	self->segment_bytes += step->state.offset - reading->seen_offset;
	reading->seen_offset = step->state.offset;
	*end_r = step->at_end;
	show_progress(self, reading);
	return code;
}

static enum mx_code
read_steps(struct ingest *self, struct reading *reading, struct mx_err *err)
{
	bool at_end = false;

	while (!at_end) {
		enum mx_code code = read_on(self, reading, &at_end, err);

		if (code == MX_OK && ingest_is_stopped(self))
			code = mx_fail(err, MX_E_STOPPED, "stopped");
		if (code == MX_OK && !at_end && ingest_wants_commit(self))
			code = save_segment(self, reading, err);
		if (code != MX_OK)
			return code;
	}
	return MX_OK;
}

/* Nobody but this sees a store that is being written: that it failed says more
 * than how reading ended meanwhile. */
static enum mx_code
read_all(struct ingest *self, struct reading *reading, struct mx_err *err)
{
	enum mx_code code = read_steps(self, reading, err);
	struct mx_err why;
	enum mx_code joined = store_join(self->is.store, &why);

	if (joined != MX_OK)
		*err = why;
	return joined != MX_OK ? joined : code;
}

/* What was read of an input stays even when the rest of it is damaged; then
 * it is not looked at as unchanged the next time. */
static enum mx_code
finish_input(struct ingest *self, struct reading *reading, enum mx_code code,
    struct mx_err *why, struct mx_err *err)
{
	struct ingest_input_result result = { .path = reading->input->path,
		.event = INGEST_READ, .format = reading->entry.format };
	enum mx_code saved;

	if (code != MX_OK && code != MX_E_STOPPED && !ingest_is_inputs_fault(self, code)) {
		*err = *why;
		return code;
	}
	saved = save(self, reading, code == MX_OK, err);
	/* the reader is done with it only at the end */
	if (saved == MX_OK && code == MX_OK)
		saved = store_save_under_way(self->is.store, self->memory,
		    err);
	if (saved == MX_OK)
		saved = store_find_twin(self->is.store, &reading->entry,
		    &reading->twin_path, err);
	if (saved != MX_OK)
		return saved;
	if (code == MX_E_STOPPED) {
		*err = *why;
		return code;
	}
	result.samples = reading->samples;
	result.overlap = reading->overlap.count;
	result.overlap_path = reading->overlap.path;
	result.twin_path = reading->twin_path;
	result.lines = reading->entry.line - reading->began_line;
	result.bytes = reading->entry.offset - reading->began_offset;
	if (result.bytes == 0 && reading->began_offset != 0)
		result.event = INGEST_UNCHANGED;
	if (code != MX_OK) {
		result.event = INGEST_FAILED;
		result.err = why;
	}
	ingest_tell(self, &result);
	return MX_OK;
}

static void
note_file(struct reading *reading)
{
	struct ledger_entry *entry = &reading->entry;
	const struct source_info *info = &reading->input->info;

	/* as it was when it was opened: the path may mean another file by now */
	entry->file = (struct ledger_file){ .path = reading->input->path,
		.device = reading->input->info.device,
		.inode = reading->input->info.inode,
		.size_bytes = reading->input->info.size_bytes,
		.mtime_ns = reading->input->info.mtime_ns };
	/* rotated between the look at it and its opening: how the old file
	 * looked says nothing of the new one */
	if (entry->file.device != info->device ||
	    entry->file.inode != info->inode)
		entry->file.mtime_ns = INT64_MIN;
	(void)snprintf(entry->container, sizeof(entry->container), "%s",
	    reading->input->info.container);
}

/* Find where to go on, by content; or make a new entry. */
static enum mx_code
look_up(struct ingest *self, struct reading *reading, struct mx_err *err)
{
	struct slice head = line_reader_head(reading->lines);
	struct ledger_entry *entry = &reading->entry;
	bool found;
	enum mx_code code;

	if (head.len > LEDGER_HEAD)
		head.len = LEDGER_HEAD;
	code = store_find_input(self->is.store, head, entry, &found, err);
	if (code != MX_OK)
		return code;
	if (!found) {
		memset(entry, 0, sizeof(*entry));
		entry->line = 1;
		entry->last_line_utc = entry->first_utc = entry->last_utc =
		    INT64_MIN;
	}
	if (head.len > entry->head.bytes) {
		/* what a few lines looked like may have been wrong */
		entry->format[0] = '\0';
		ledger_head_of(head, &entry->head);
	}
	note_file(reading);
	reading->began_line = entry->line;
	reading->began_offset = reading->seen_offset = entry->offset;
	return MX_OK;
}

/* Nothing new: a shorter copy of an input that was read further, which must
 * not move the place where its longer self will go on. */
static enum mx_code
tell_known(struct ingest *self, const struct reading *reading)
{
	struct ingest_input_result result = { .path = reading->input->path,
		.event = INGEST_UNCHANGED, .format = reading->entry.format,
		.is_known_elsewhere = true,
		.known_path = reading->entry.path };

	ingest_tell(self, &result);
	return MX_OK;
}

static enum mx_code
open_at_place(struct ingest *self, struct reading *reading,
    struct mx_err *err)
{
	struct reader_state resume = { .offset = reading->entry.offset,
		.line = reading->entry.line,
		.last_utc = reading->entry.last_line_utc };
	enum mx_code code;

	memcpy(resume.format, reading->entry.format, sizeof(resume.format));
	correlate_begin_input(self->correlate,
	    reading->entry.first_utc != INT64_MIN ? reading->entry.first_utc :
	    reading->input->first_utc);
	code = ingest_open_log(self, reading->input, reading->lines,
	    reading->entry.offset != 0 ? &resume : NULL, &reading->log, err);
	/* the first look may have met a passing error */
	if (code == MX_OK && reading->input->first_utc == INT64_MIN)
		reading->input->first_utc = log_reader_first_utc(reading->log);
	return code;
}

static enum mx_code
read_opened(struct ingest *self, struct reading *reading, struct mx_err *err)
{
	struct mx_err why;
	enum mx_code code = look_up(self, reading, err);

	if (code != MX_OK)
		return code;
	/* another store read it, whose facts are merged into this one */
	if (reading->entry.id != 0 && reading->entry.origin != 1)
		return tell_known(self, reading);
	code = open_at_place(self, reading, &why);
	if (code == MX_E_DATA && reading->entry.offset != 0)
		return tell_known(self, reading);
	if (code != MX_OK && ingest_is_inputs_fault(self, code)) {
		ingest_tell_failed(self, reading->input->path, &why);
		return MX_OK;
	}
	if (code == MX_OK) {
		log_reader_state(reading->log, &reading->step.state);
		reading->ahead = log_ahead_open(reading->log, reading->lines,
		    fault_size(STEP_BYTES), true, self->is.threads);
		code = read_all(self, reading, &why);
	}
	return finish_input(self, reading, code, &why, err);
}

/* It was there when it was named: a rotation came between. What it held has
 * another name now and is read under that. */
void
ingest_tell_gone(struct ingest *self, const struct ingest_input *input)
{
	struct ingest_input_result result = { .path = input->path,
		.event = INGEST_GONE, .format = "" };

	ingest_tell(self, &result);
}

enum mx_code
ingest_read_input(struct ingest *self, struct ingest_input *input,
    struct mx_err *err)
{
	struct reading reading = { .input = input, .lines = input->reader };
	struct mx_err why;
	enum mx_code code;

	input->reader = NULL;
	if (reading.lines == NULL) {
		code = ingest_open_reader(self, input->path, &reading.lines,
		    &input->info, &why);
		if (code == MX_E_NOINPUT && why.sys_errno == ENOENT) {
			ingest_tell_gone(self, input);
			return MX_OK;
		}
		if (code != MX_OK && ingest_is_inputs_fault(self, code)) {
			ingest_tell_failed(self, input->path, &why);
			return MX_OK;
		}
		if (code != MX_OK) {
			*err = why;
			return code;
		}
	}
	code = read_opened(self, &reading, err);
	log_ahead_close(reading.ahead);
	if (reading.log != NULL)
		log_reader_close(reading.log);
	line_reader_free(reading.lines);
	ledger_release(&reading.entry);
	free(reading.overlap.path);
	free(reading.twin_path);
	return code;
}
