/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/engine.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"
#include "base/strbuf.h"
#include "cli/engine_fleet.h"
#include "cli/filters.h"
#include "cli/privacy.h"
#include "cli/trust.h"
#include "cli/walk.h"

/* So many samples in common are no chance. */
enum { OVERLAP_LEAST = 3 };
/* Nothing is shown of what takes less than a second. */
enum { PROGRESS_FIRST_MS = 1000, PROGRESS_STEP_MS = 250 };

/* Set by SIGINT and SIGTERM: the segment is finished, then the run ends. A
 * signal handler has nothing else to write to. Whoever reads lines on a thread
 * of his own looks at it, too. */
static volatile sig_atomic_t stop_asked;

static void
ask_to_stop(int signal_number)
{
	(void)signal_number;
	__atomic_store_n(&stop_asked, 1, __ATOMIC_RELAXED);
}

static void
watch_signals(void)
{
	struct sigaction action = { .sa_handler = ask_to_stop,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static enum mx_code
open_own(const struct settings *settings, struct own *own, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < settings->source_ips.count && code == MX_OK;
	    i++) {
		const struct setting_pair *pair = &settings->source_ips.rows[i];

		code = own_add_source(own, slice_str(pair->name),
		    slice_str(pair->value), err);
	}
	for (size_t i = 0; i < settings->hops.count && code == MX_OK; i++) {
		const struct setting_pair *pair = &settings->hops.rows[i];

		code = own_add_hop(own, slice_str(pair->name),
		    slice_str(pair->value), err);
	}
	return code;
}

enum mx_code
engine_open(const struct settings *settings, struct engine *engine,
    struct mx_err *err)
{
	enum mx_code code;

	memset(engine, 0, sizeof(*engine));
	engine->own = own_new();
	code = open_own(settings, engine->own, err);
	if (code == MX_OK)
		code = providers_open(settings->rule_dirs,
		    settings->rule_dir_count, &engine->providers, err);
	if (code == MX_OK)
		code = filters_check(settings, engine->providers, err);
	if (code == MX_OK)
		code = classifier_read(settings->rule_dirs,
		    settings->rule_dir_count, &engine->classifier, err);
	if (code == MX_OK)
		code = user_formats_open(settings->format_dirs,
		    settings->format_dir_count, &engine->formats, err);
	if (code != MX_OK)
		engine_close(engine);
	return code;
}

enum mx_code
engine_open_ready(const struct settings *settings, struct engine *engine,
    struct mx_err *err)
{
	enum mx_code code = engine_open(settings, engine, err);

	if (code != MX_OK)
		return code;
	code = classifier_prepare(engine->classifier, err);
	if (code != MX_OK)
		engine_close(engine);
	return code;
}

void
engine_close(struct engine *engine)
{
	store_close(engine->store);
	fleet_close(engine->fleet);
	clickhouse_close(engine->server);
	if (engine->classifier != NULL)
		classifier_close(engine->classifier);
	if (engine->providers != NULL)
		providers_close(engine->providers);
	own_free(engine->own);
	user_formats_close(&engine->formats);
	memset(engine, 0, sizeof(*engine));
}

static int64_t
slot_for(const struct settings *settings)
{
	int32_t offset = zone_offset(settings->zone,
	    clock_now(&settings->clock), NULL);

	return offset % 3600 == 0 ? 3600 : 900;
}

enum mx_code
engine_open_store(struct engine *engine, const struct settings *settings,
    enum store_mode mode, int64_t wait_s, struct mx_err *err)
{
	enum mx_code code;

	if (mode == STORE_WRITE)
		trust_state(settings->state_dir);
	code = store_open(mode, settings->state_dir, slot_for(settings),
	    wait_s, &engine->store, err);
	if (mode != STORE_READ)
		return code;
	/* what is to be done now */
	if (code == MX_E_NOINPUT)
		return mx_fail(err, code, "no store in %s yet: name log files, "
		    "or fill it with `mxtrend nightly` or `mxtrend ingest "
		    "FILE...`", settings->state_dir);
	if (code == MX_E_PERM)
		return mx_fail(err, code, "%s/mxtrend.db may not be read by "
		    "this user: become root, or a member of its group",
		    settings->state_dir);
	return code;
}

/* ------------------------------------------------------------------ */

/* The same lines in two files, as where syslog writes mail.* to mail.log and
 * to syslog. */
static void
tell_overlap(const struct ingest_input_result *result)
{
	if (result->overlap < OVERLAP_LEAST ||
	    result->overlap * 4 < result->samples)
		return;
	say_error("%s: holds lines that %s holds too (%llu of %llu deliveries "
	    "looked at); they count twice: name only one of the two",
	    result->path, result->overlap_path,
	    (unsigned long long)result->overlap,
	    (unsigned long long)result->samples);
}

static void
tell_twin(const struct ingest_input_result *result)
{
	if (result->twin_path != NULL && result->lines != 0)
		say_error("%s: where %s is of the same server, both tell of "
		    "the same deliveries, which count twice: name only one "
		    "of the two", result->path, result->twin_path);
}

static void
on_told(void *ctx, const struct ingest_input_result *result)
{
	struct reading_log *log = ctx;

	log->inputs++;
	log->lines += result->lines;
	log->bytes += result->bytes;
	log->report_inputs += result->has_reports;
	log->reports += result->reports;
	log->known_reports += result->known_reports;
	log->refused_reports += result->refused_reports;
	if (result->event == INGEST_FAILED) {
		log->failed++;
		say_err(result->path, result->err);
		return;
	}
	log->unchanged += result->event != INGEST_READ;
	tell_overlap(result);
	tell_twin(result);
	if (log->settings->verbose == 0)
		return;
	if (result->event == INGEST_GONE)
		say_note("%s: gone since it was named", result->path);
	else if (result->event == INGEST_UNCHANGED)
		say_note("%s: nothing new", result->path);
	else if (result->has_reports)
		say_note("%s: %llu new reports, %llu known", result->path,
		    (unsigned long long)result->reports,
		    (unsigned long long)result->known_reports);
	else
		say_note("%s: %s, %llu lines", result->path,
		    result->format[0] != '\0' ? result->format : "empty",
		    (unsigned long long)result->lines);
}

static void
on_refused(void *ctx, const char *path, const struct mx_err *why)
{
	(void)ctx;
	say_err(path, why);
}

static void
on_noted(void *ctx, const char *path, const char *text)
{
	const struct reading_log *log = ctx;

	if (log->settings->verbose != 0)
		say_note("%s: %s", path, text);
}

/* One line on a terminal, a few times a second, gone at the end. */
static void
on_progress(void *ctx, const char *path, uint64_t done, uint64_t all)
{
	struct reading_log *log = ctx;
	struct timespec now;
	int64_t now_ms;
	double spent_s, rate;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (log->progress_path != path) {
		log->progress_path = path;
		log->progress_began_ms = now_ms;
		log->progress_next_ms = now_ms + PROGRESS_FIRST_MS;
	}
	if (now_ms < log->progress_next_ms || all == 0 || done > all)
		return;
	log->progress_next_ms = now_ms + PROGRESS_STEP_MS;
	spent_s = (double)(now_ms - log->progress_began_ms) / 1000.0;
	rate = (double)done / spent_s;
	say_progress("%s: %3.0f %%, %.0f MB/s, %.0f s left", path,
	    100.0 * (double)done / (double)all, rate / 1e6,
	    (double)(all - done) / rate);
}

static enum mx_code
add_paths(struct ingest *ingest, const struct settings *settings,
    const struct engine_inputs *what, enum mx_code *walked_r,
    struct mx_err *err)
{
	struct path_list list = { 0 };
	enum mx_code code = MX_OK;

	*walked_r = MX_OK;
	for (size_t i = 0; i < what->count && code == MX_OK; i++) {
		code = walk_path(&list, what->paths[i], settings->is_recursive, err);
		if (walk_is_partial(code)) {
			*walked_r = code;
			code = MX_OK;
		}
	}
	for (size_t i = 0; i < list.count && code == MX_OK; i++)
		code = ingest_add(ingest, list.paths[i], what->log_zone, err);
	path_list_release(&list);
	return code;
}

enum mx_code
engine_ingest(struct engine *engine, struct reading_log *log,
    const struct engine_inputs *what, enum mx_code *worst,
    struct mx_err *err)
{
	const struct settings *settings = log->settings;
	struct ingest_options options = {
		.store = engine->store, .providers = engine->providers,
		.classifier = engine->classifier, .own = engine->own,
		.log_zone = settings->log_zone,
		.report_zone = settings->snds_zone,
		.authserv_ids = slice_str(settings->authserv_id),
		.now_utc = clock_now(&settings->clock),
		.threads = settings_threads(settings),
		.format = slice_str(what->format),
		.own_formats = engine->formats.list,
		/* pseudonyms want to know of whom a reply speaks */
		.keeps_attempts = !log->is_private ||
		    settings->anonymize != NULL,
		.takes_tails = log->is_private, .stop = &stop_asked,
		.ctx = log, .told = on_told, .refused = on_refused,
		.noted = on_noted,
		.progress = isatty(STDERR_FILENO) == 1 && !settings->is_quiet ?
		    on_progress : NULL,
	};
	struct privacy *privacy = NULL;
	struct ingest *ingest;
	enum mx_code walked, code = MX_OK;

	if (!log->is_private)
		code = privacy_open(settings, &privacy, err);
	if (code != MX_OK)
		return code;
	options.cover = privacy_cover(privacy);
	ingest = ingest_new(&options);
	watch_signals();
	code = add_paths(ingest, settings, what, &walked, err);
	if (code == MX_OK)
		code = ingest_run(ingest, err);
	if (options.progress != NULL)
		say_progress(NULL);
	if (*worst == MX_OK)
		*worst = ingest_worst(ingest);
	if (*worst == MX_OK)
		*worst = walked;
	ingest_free(ingest);
	privacy_close(privacy);
	return code;
}

enum mx_code
engine_fill(struct engine *engine, const struct settings *settings,
    const struct engine_wish *wish, enum mx_code *worst_r,
    struct mx_err *err)
{
	struct reading_log log = { .settings = settings, .is_private = true };
	struct engine_inputs what = { .paths = settings->operands,
		.count = settings->operand_count,
		.format = settings->input_format };
	enum mx_code code;

	*worst_r = MX_OK;
	if (settings->operand_count == 0 && settings->store_url != NULL &&
	    wish != NULL)
		return engine_fleet_fill(engine, settings, wish, err);
	if (settings->operand_count == 0)
		return engine_open_store(engine, settings, STORE_READ, 0, err);
	code = engine_open_store(engine, settings, STORE_PRIVATE, 0, err);
	if (code == MX_OK)
		code = engine_ingest(engine, &log, &what, worst_r, err);
	if (code == MX_OK && log.lines == 0 && log.reports == 0 &&
	    *worst_r != MX_OK)
		return mx_fail(err, *worst_r, "%s", "");
	return code;
}
