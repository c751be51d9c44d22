/* SPDX-License-Identifier: BSD-2-Clause */
/* Many small files, reports above all, opened and unpacked on a thread of
 * their own while the ones before are read. */
#ifndef MX_PARSERS_FILES_AHEAD_H
#define MX_PARSERS_FILES_AHEAD_H

#include "parsers/source.h"

struct files_ahead;

/* One file as source_open() and source_peek_small() give it; SOURCE is NULL where
 * it could not be opened (CODE, ERR) or was not wanted (MX_OK). */
struct opened_file {
	enum mx_code code;
	struct mx_err err;
	struct byte_source *source; /* the taker's to close */
	struct slice head;
	bool is_all; /* there is no more than HEAD */
	struct dmarc_report *early; /* report_read_early(HEAD), or NULL */
	struct source_info info;
};

/* COUNT paths, which stay the caller's and are kept alive. Those for which
 * IS_WANTED, asked on the thread, says no are not opened. Where the thread
 * is well ahead it reads small reports too (READS_REPORTS), so that both sides
 * have as much to do. NULL where no thread can be had. */
struct files_ahead *files_ahead_start(char *const *paths, size_t count,
    bool (*is_wanted)(const char *path), bool reads_reports);
/* The next one, in their order; no more often than there are paths. */
struct opened_file files_ahead_take(struct files_ahead *self);
/* Closes what was not taken. May be called early. */
void files_ahead_stop(struct files_ahead *self);

/* What the thread does for one path. */
void file_open_peeked(const char *path, struct opened_file *file_r);

#endif
