/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/files_ahead.h"

#include <stdlib.h>

#include "parsers/ahead.h"
#include "parsers/report_formats.h"
#include "parsers/source_peek.h"

/* They change hands in batches, since each time costs as much as a small file;
 * so many of them are held at a time. */
enum { BATCH = 8, BATCHES = 6, WELL_AHEAD = 2, FILES = BATCH * BATCHES };

struct files_ahead {
	char *const *paths;
	size_t count, taken;
	bool (*is_wanted)(const char *path);
	bool reads_reports;
	struct ahead *ahead;
	/* Those that were made and not taken, by their number modulo FILES: the
	 * ring hands over the right to a batch. */
	struct opened_file files[FILES];
};

void
file_open_peeked(const char *path, struct opened_file *file_r)
{
	struct source_options options = { .threads = 1 };

	*file_r = (struct opened_file){ .code = MX_OK };
	file_r->code = source_open(path, &options, &file_r->source,
	    &file_r->info, &file_r->err);
	if (file_r->code == MX_OK)
		file_r->source = source_peek_small(file_r->source,
		    &file_r->head, &file_r->is_all);
	else
		file_r->source = NULL;
}

static void
work(void *ctx, struct ahead *ahead)
{
	struct files_ahead *self = ctx;
	bool has_time = false;

	for (size_t i = 0; i < self->count; i++) {
		struct opened_file *file = &self->files[i % FILES];

		if (i % BATCH == 0 && ahead_room(ahead) == NULL)
			return;
		if (i % BATCH == 0)
			has_time = self->reads_reports &&
			    ahead_waiting(ahead) >= WELL_AHEAD;
		*file = (struct opened_file){ .code = MX_OK };
		if (self->is_wanted(self->paths[i]))
			file_open_peeked(self->paths[i], file);
		if (has_time && file->source != NULL && file->is_all)
			file->early = report_read_early(file->head);
		if ((i + 1) % BATCH == 0 || i + 1 == self->count)
			ahead_give(ahead);
	}
}

struct files_ahead *
files_ahead_start(char *const *paths, size_t count,
    bool (*is_wanted)(const char *path), bool reads_reports)
{
	struct files_ahead *self = mx_calloc(1, sizeof(*self));

	self->paths = paths;
	self->count = count;
	self->is_wanted = is_wanted;
	self->reads_reports = reads_reports;
	self->ahead = ahead_start(BATCHES, 1, work, self);
	if (self->ahead == NULL) {
		free(self);
		return NULL;
	}
	return self;
}

struct opened_file
files_ahead_take(struct files_ahead *self)
{
	struct opened_file *file = &self->files[self->taken % FILES];
	struct opened_file taken;

	if (self->taken % BATCH == 0)
		(void)ahead_take(self->ahead);
	self->taken++;
	taken = *file;
	file->source = NULL;
	file->early = NULL;
	return taken;
}

void
files_ahead_stop(struct files_ahead *self)
{
	ahead_stop(self->ahead);
	for (size_t i = 0; i < FILES; i++) {
		struct opened_file *file = &self->files[i];

		if (file->source != NULL)
			file->source->close(file->source);
		report_early_free(file->early);
	}
	free(self);
}
