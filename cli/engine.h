/* SPDX-License-Identifier: BSD-2-Clause */
/* What every command that reads logs needs: providers, rules, what the
 * operator says of his own host, and a store; from settings. */
#ifndef MX_CLI_ENGINE_H
#define MX_CLI_ENGINE_H

#include "analyzer/ingest.h"
#include "cli/settings.h"
#include "cli/user_formats.h"

struct engine {
	struct providers *providers;
	struct classifier *classifier;
	struct own *own;
	struct user_formats formats;
	struct store *store; /* NULL until engine_open_store */
};

/* MX_E_CONFIG for what rule files or configuration say wrong. The patterns of
 * the rules are made when something is ingested (most runs find nothing new),
 * or at once by the second, for those who classify on their own. */
enum mx_code engine_open(const struct settings *settings,
    struct engine *engine_r, struct mx_err *err) MX_MUST_USE;
enum mx_code engine_open_ready(const struct settings *settings,
    struct engine *engine_r, struct mx_err *err) MX_MUST_USE;
void engine_close(struct engine *engine);

/* Where report zones lie off the full hour, slots are quarters. */
enum mx_code engine_open_store(struct engine *engine,
    const struct settings *settings, enum store_mode mode, int64_t wait_s,
    struct mx_err *err) MX_MUST_USE;

/* What reading said, for the command to print and to end with. */
struct reading_log {
	const struct settings *settings;
	uint64_t inputs, unchanged, failed, lines, bytes;
	uint64_t report_inputs, reports, known_reports, refused_reports;
	bool is_private; /* reading for one report: fewer words */
	const char *progress_path; /* the rest is the progress display's */
	int64_t progress_began_ms, progress_next_ms;
};

/* Files of one kind. */
struct engine_inputs {
	const char *const *paths;
	size_t count;
	const struct zone *log_zone; /* of stamps that carry none; NULL: the
	                              * settings' */
	const char *format;          /* no probing; NULL: recognise each */
};

/* Read them (directories walked where -r is given) into the engine's store.
 * Trouble with an input goes to standard error at once and, where it is the
 * first, into *worst; the rest is read. */
enum mx_code engine_ingest(struct engine *engine, struct reading_log *log,
    const struct engine_inputs *what, enum mx_code *worst,
    struct mx_err *err) MX_MUST_USE;

/* What a reading command works on: its operands, read into a store that
 * leaves nothing behind, or the stored one where there are none. MX_OK though
 * some inputs failed (then *worst_r says how); where nothing at all could be
 * read the failure itself, as an answer about nothing would look like one. */
enum mx_code engine_fill(struct engine *engine,
    const struct settings *settings, enum mx_code *worst_r,
    struct mx_err *err) MX_MUST_USE;

#endif
