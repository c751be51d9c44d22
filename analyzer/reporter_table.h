/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and domains that providers sign their reports with: reporters.tsv of
 * the data directories. */
#ifndef MX_ANALYZER_REPORTER_TABLE_H
#define MX_ANALYZER_REPORTER_TABLE_H

#include "analyzer/data_dir.h"
#include "analyzer/providers.h"

struct reporter_table;

/* DIRS in order; rows of a later one are asked first. Directories without the
 * file are passed over. MX_E_CONFIG: "file:line: why", also for a key that is
 * none of PROVIDERS, which is not kept. */
enum mx_code reporter_table_open(const char *const *dirs, size_t dir_count,
    const struct providers *providers, struct reporter_table **table_r,
    struct mx_err *err) MX_MUST_USE;
void reporter_table_close(struct reporter_table *table);

/* The key of the first row whose name is NAME, or whose domain is, or is above,
 * DOMAIN or RECEIVER (lower case); SLICE_NONE when there is none. */
struct slice reporter_table_find(const struct reporter_table *table,
    struct slice name, struct slice domain, struct slice receiver);

#endif
