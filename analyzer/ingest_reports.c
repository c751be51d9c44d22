/* SPDX-License-Identifier: BSD-2-Clause */
/* One input that holds the reports of others. Which of them are new the store
 * finds out report by report, so it does no harm to read one again; the
 * ledger saves that work, and lets a mailbox that has grown be read from
 * where it ended. */
#include "analyzer/ingest_priv.h"

#include <errno.h>
#include <stdlib.h>

#include "base/limits.h"
#include "parsers/files_ahead.h"
#include "parsers/report_formats.h"
#include "parsers/source_peek.h"

struct report_reading {
	struct ingest_input *input;
	struct byte_source *source;
	struct slice head;
	bool is_all;                /* HEAD is all of it */
	struct dmarc_report *early; /* what was read of it ahead, or NULL */
	struct report_entry entry;
	char known_head[LEDGER_HEAD]; /* what entry.head points to */
	uint64_t began_offset;
	struct report_tally counts;
	uint64_t refused;
};

static enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	const struct ingest *self = ctx;

	(void)err;
	if (self->is.noted != NULL)
		self->is.noted(self->is.ctx, path, text);
	return MX_OK;
}

static enum mx_code
on_refused(void *ctx, const char *path, enum skip_reason reason,
    const struct mx_err *why, struct mx_err *err)
{
	struct ingest *self = ctx;

	(void)reason;
	(void)err;
	self->reading_reports->refused++;
	if (self->worst == MX_OK)
		self->worst = why->code;
	if (self->is.refused != NULL)
		self->is.refused(self->is.ctx, path, why);
	return MX_OK;
}

struct report_keeper *
ingest_report_keeper(struct ingest *self)
{
	struct report_keeper_options options = { .store = self->is.store,
		.providers = self->is.providers,
		.classifier = self->is.classifier, .ctx = self,
		.note = on_note, .refused = on_refused };

	return report_keeper_new(&options);
}

/* ------------------------------------------------------------------ */
/* Where to begin */

static bool
is_any(const char *path)
{
	(void)path;
	return true;
}

static bool
is_file_with_reports(const struct ingest_input *input)
{
	return input->has_reports && input->source == NULL;
}

void
ingest_reports_ahead(struct ingest *self)
{
	size_t count = 0;

	if (self->is.threads < 2)
		return;
	self->ahead_paths = mx_calloc(self->input_count + 1, sizeof(char *));
	for (size_t i = 0; i < self->input_count; i++)
		if (is_file_with_reports(&self->inputs[i]))
			self->ahead_paths[count++] = self->inputs[i].path;
	if (count > 1)
		self->reports_ahead = files_ahead_start(self->ahead_paths,
		    count, is_any, true);
}

void
ingest_reports_ahead_stop(struct ingest *self)
{
	if (self->reports_ahead != NULL)
		files_ahead_stop(self->reports_ahead);
	self->reports_ahead = NULL;
	free(self->ahead_paths);
	self->ahead_paths = NULL;
}

/* The next of those that are opened ahead. */
static enum mx_code
take_source(struct ingest *self, struct report_reading *reading,
    struct mx_err *err)
{
	struct opened_file file = files_ahead_take(self->reports_ahead);

	if (file.code != MX_OK) {
		*err = file.err;
		return file.code;
	}
	reading->source = file.source;
	reading->head = file.head;
	reading->is_all = file.is_all;
	reading->early = file.early;
	reading->input->info = file.info;
	return MX_OK;
}

static enum mx_code
open_source(struct report_reading *reading, struct mx_err *err)
{
	struct source_options options = { .threads = 1 };
	struct ingest_input *input = reading->input;
	enum mx_code code;

	reading->is_all = false;
	if (input->source != NULL) {
		reading->source = input->source;
		reading->head = input->head;
		input->source = NULL;
		return MX_OK;
	}
	code = source_open(input->path, &options, &reading->source,
	    &input->info, err);
	if (code == MX_OK)
		reading->source = source_peek(reading->source, &reading->head);
	return code;
}

static void
close_source(struct report_reading *reading)
{
	if (reading->source != NULL)
		reading->source->close(reading->source);
	reading->source = NULL;
	report_early_free(reading->early);
	reading->early = NULL;
}

/* Go OFFSET bytes forward; false where it does not hold so many. */
static bool
skip_to(struct report_reading *reading, uint64_t offset)
{
	struct byte_source *source = reading->source;
	char buf[16 * 1024];

	/* only what is a plain file can skip */
	if (source->skip != NULL)
		return offset <= reading->input->info.size_bytes &&
		    source->skip(source, offset, NULL) == MX_OK;
	while (offset != 0) {
		size_t got = 0;

		if (source->read(source, buf, offset < sizeof(buf) ?
		    (size_t)offset : sizeof(buf), &got, NULL) != MX_OK ||
		    got == 0)
			return false;
		offset -= got;
	}
	return true;
}

/* A mailbox that was read before goes on behind what was read, if a message
 * begins there; else it was changed (or its last message was not whole), and
 * is read from its start. */
static enum mx_code
find_place(struct report_reading *reading, struct mx_err *err)
{
	struct report_entry *entry = &reading->entry;

	if (entry->offset == 0)
		return MX_OK;
	reading->is_all = false;
	if (skip_to(reading, entry->offset)) {
		reading->source = source_peek(reading->source, &reading->head);
		if (reading->head.len == 0 || report_is_mailbox(reading->head))
			return MX_OK;
	}
	close_source(reading);
	entry->offset = entry->reports = entry->known = entry->refused = 0;
	return open_source(reading, err);
}

static enum mx_code
look_up(struct ingest *self, struct report_reading *reading,
    struct mx_err *err)
{
	struct report_entry *entry = &reading->entry;
	const struct source_info *info = &reading->input->info;
	struct slice head = reading->head;
	/* a stream has no second beginning */
	bool found, is_stream = info->is_stream ||
	    strcmp(reading->input->path, "-") == 0;
	enum mx_code code = MX_OK;

	if (report_is_mailbox(head) && !is_stream) {
		if (head.len > LEDGER_HEAD)
			head.len = LEDGER_HEAD;
		memcpy(reading->known_head, head.ptr, head.len);
		head.ptr = reading->known_head;
		code = store_find_mailbox(self->is.store, head, entry, &found,
		    err);
		entry->head = head;
		if (code == MX_OK)
			code = find_place(reading, err);
	}
	entry->file = (struct ledger_file){ .path = reading->input->path,
		.device = info->device, .inode = info->inode,
		.size_bytes = info->size_bytes, .mtime_ns = info->mtime_ns };
	entry->container = info->container;
	reading->began_offset = entry->offset;
	return code;
}

/* ------------------------------------------------------------------ */

static enum mx_code
save(struct ingest *self, struct report_reading *reading, bool at_end,
    struct mx_err *err)
{
	struct report_tally counts = report_keeper_tally(self->reports);
	struct report_entry *entry = &reading->entry;

	reading->counts.found += counts.found;
	reading->counts.known += counts.known;
	entry->reports += counts.found;
	entry->known += counts.known;
	entry->is_complete = at_end;
	entry->read_utc = self->is.now_utc;
	return store_save_report_input(self->is.store, entry, err);
}

static enum mx_code
commit_if_due(struct ingest *self, struct mx_err *err)
{
	enum mx_code code;

	if (!ingest_wants_commit(self))
		return MX_OK;
	code = ingest_commit(self, err);
	return code == MX_OK ? ingest_begin(self, err) : code;
}

/* Between two messages of a mailbox. */
static enum mx_code
on_message_end(void *ctx, uint64_t offset, struct mx_err *err)
{
	struct ingest *self = ctx;
	struct report_reading *reading = self->reading_reports;

	self->segment_bytes += offset - reading->entry.offset;
	reading->entry.offset = offset;
	if (self->is.progress != NULL)
		self->is.progress(self->is.ctx, reading->input->path,
		    reading->source->progress(reading->source),
		    reading->input->info.size_bytes);
	if (ingest_is_stopped(self))
		return mx_fail(err, MX_E_STOPPED, "stopped");
	if (ingest_wants_commit(self)) {
		enum mx_code code = save(self, reading, false, err);

		if (code != MX_OK)
			return code;
	}
	return commit_if_due(self, err);
}

static enum mx_code
read_reports(struct ingest *self, struct report_reading *reading,
    struct mx_err *err)
{
	const struct source_info *info = &reading->input->info;
	struct report_input input = { .path = reading->input->path,
		.source = reading->source, .head = reading->head,
		.is_all = reading->is_all, .early = reading->early,
		.offset = reading->entry.offset,
		.message_end = on_message_end, .message_end_ctx = self,
		.zone = self->is.report_zone,
		.authserv_ids = self->is.authserv_ids,
		.now_utc = self->is.now_utc,
		.mtime_utc = info->mtime_utc != INT64_MIN ? info->mtime_utc :
		    self->is.now_utc };

	if (reading->entry.offset != 0 && reading->head.len == 0)
		return MX_OK; /* nothing behind what was read */
	reading->early = NULL; /* taken over */
	return report_read(&input, ingest_report_sink(self), err);
}

static void
tell(struct ingest *self, const struct report_reading *reading,
    enum mx_code code, const struct mx_err *why)
{
	struct ingest_input_result result = { .path = reading->input->path,
		.event = INGEST_READ, .format = "reports",
		.has_reports = true,
		.reports = reading->counts.found - reading->counts.known,
		.known_reports = reading->counts.known,
		.refused_reports = reading->refused };

	if (result.reports == 0 && reading->refused == 0 &&
	    (result.known_reports != 0 || reading->began_offset != 0))
		result.event = INGEST_UNCHANGED;
	if (code != MX_OK) {
		result.event = INGEST_FAILED;
		result.err = why;
	}
	ingest_tell(self, &result);
}

static enum mx_code
read_opened(struct ingest *self, struct report_reading *reading,
    struct mx_err *err)
{
	struct mx_err why;
	enum mx_code saved, code = look_up(self, reading, &why);

	if (code == MX_OK)
		code = read_reports(self, reading, &why);
	if (code != MX_OK && code != MX_E_STOPPED &&
	    !ingest_is_inputs_fault(self, code)) {
		*err = why;
		return code;
	}
	reading->entry.refused += reading->refused;
	saved = save(self, reading, code == MX_OK, err);
	if (saved != MX_OK)
		return saved;
	if (code == MX_E_STOPPED) {
		*err = why;
		return code;
	}
	self->segment_bytes += reading->input->info.size_bytes;
	tell(self, reading, code, &why);
	return commit_if_due(self, err);
}

enum mx_code
ingest_read_reports(struct ingest *self, struct ingest_input *input,
    struct mx_err *err)
{
	struct report_reading reading = { .input = input };
	struct mx_err why;
	enum mx_code code;

	self->reading_reports = &reading;
	code = self->reports_ahead != NULL && is_file_with_reports(input) ?
	    take_source(self, &reading, &why) : open_source(&reading, &why);
	if (code == MX_OK) {
		code = read_opened(self, &reading, err);
	} else if (code == MX_E_NOINPUT && why.sys_errno == ENOENT) {
		ingest_tell_gone(self, input);
		code = MX_OK;
	} else if (ingest_is_inputs_fault(self, code)) {
		ingest_tell_failed(self, input->path, &why);
		code = MX_OK;
	} else {
		*err = why;
	}
	close_source(&reading);
	self->reading_reports = NULL;
	return code;
}
