/* SPDX-License-Identifier: BSD-2-Clause */
/* What every command that reads logs needs: providers, rules, what the
 * operator says of his own host, and a store; from settings. */
#ifndef MX_CLI_ENGINE_H
#define MX_CLI_ENGINE_H

#include "analyzer/fleet.h"
#include "analyzer/ingest.h"
#include "cli/settings.h"
#include "cli/user_formats.h"

struct engine {
	struct providers *providers;
	struct classifier *classifier;
	struct own *own;
	struct user_formats formats;
	struct store *store; /* NULL until engine_open_store */
	/* where the store is a part of a fleet; else NULL */
	struct clickhouse *server;
	struct fleet *fleet;
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

/* What a reading command will ask, for a fleet, of which only that is fetched;
 * its window, comparison and filter are the settings'. */
struct engine_wish {
	enum fleet_need need;
	const struct when_window *windows; /* in place of the settings' */
	size_t window_count;               /* 0: the settings' */
	struct slice id, recipient, reply; /* of FLEET_TRACE */
};

/* What a reading command works on: its operands, read into a store that
 * leaves nothing behind; where there are none the stored one, or with --store
 * (and a WISH) a part of a fleet. MX_OK though some inputs failed (then
 * *worst_r says how); where nothing at all could be read the failure itself,
 * as an answer about nothing would look like one. */
enum mx_code engine_fill(struct engine *engine,
    const struct settings *settings, const struct engine_wish *wish,
    enum mx_code *worst_r, struct mx_err *err) MX_MUST_USE;

/* Of a fleet: fetch anew, for other windows or another filter. Else nothing. */
enum mx_code engine_fill_again(struct engine *engine,
    const struct settings *settings, const struct engine_wish *wish,
    struct mx_err *err) MX_MUST_USE;

/* The path of the store, or the URL of the fleet. */
const char *engine_store_name(const struct engine *engine,
    const struct settings *settings);

#endif
