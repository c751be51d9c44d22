/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/engine_fleet.h"

#include "analyzer/query.h"
#include "cli/fleet.h"

static void
add_window(struct fleet_wish *wish, const struct when_window *window)
{
	if (wish->window_count == FLEET_WINDOWS)
		mx_bug("more windows than a fleet is asked for");
	wish->windows[wish->window_count++] = (struct fleet_window){
		.since_utc = window->since_utc,
		.until_utc = window->until_utc };
}

/* What the windows of the settings mean for the logs of the fleet. */
static void
add_settings_windows(struct fleet_wish *wish, const struct settings *settings,
    int64_t first_utc, int64_t last_utc)
{
	struct when_window window = settings->window;

	query_whole_window(settings->zone, first_utc, last_utc,
	    &window.since_utc, &window.until_utc);
	add_window(wish, &window);
	if (settings->comparison.kind == WHEN_COMPARE_NONE)
		return;
	window = when_compare_window(&settings->comparison, &window,
	    settings->zone);
	add_window(wish, &window);
}

static enum mx_code
set_windows(struct engine *engine, const struct settings *settings,
    const struct engine_wish *from, struct fleet_wish *wish,
    struct mx_err *err)
{
	int64_t first, last;
	enum mx_code code = fleet_bounds(engine->fleet, &first, &last, err);

	/* reports of others alone */
	if (first == INT64_MIN)
		first = last = clock_now(&settings->clock);
	for (size_t i = 0; i < from->window_count; i++) {
		struct when_window window = from->windows[i];

		query_whole_window(settings->zone, first, last,
		    &window.since_utc, &window.until_utc);
		add_window(wish, &window);
	}
	if (from->window_count == 0)
		add_settings_windows(wish, settings, first, last);
	return code;
}

/* --anonymize looks for names in all texts that are kept. */
static enum fleet_need
need_of(const struct settings *settings, const struct engine_wish *from)
{
	return settings->anonymize != NULL && from->need == FLEET_REPORT ?
	    FLEET_WORDS : from->need;
}

static enum mx_code
fetch(struct engine *engine, const struct settings *settings,
    const struct engine_wish *from, struct mx_err *err)
{
	struct fleet_wish wish = { .need = need_of(settings, from),
		.zone = settings->zone,
		.provider = slice_str(settings->provider),
		.source_ip = slice_str(settings->ip),
		.with_all_attempts = settings->anonymize != NULL,
		.id = from->id, .recipient = from->recipient,
		.reply = from->reply };
	enum mx_code code = set_windows(engine, settings, from, &wish, err);

	if (code == MX_OK)
		code = store_open(STORE_PRIVATE, "",
		    fleet_slot_s(engine->fleet), 0, &engine->store, err);
	if (code == MX_OK)
		code = fleet_fetch(engine->fleet, &wish, engine->store, err);
	return code;
}

enum mx_code
engine_fleet_fill(struct engine *engine, const struct settings *settings,
    const struct engine_wish *wish, struct mx_err *err)
{
	enum mx_code code = fleet_client(settings, settings->store_url,
	    &engine->server, err);

	if (code == MX_OK)
		code = fleet_open(engine->server, &engine->fleet, err);
	return code == MX_OK ? fetch(engine, settings, wish, err) : code;
}

enum mx_code
engine_fill_again(struct engine *engine, const struct settings *settings,
    const struct engine_wish *wish, struct mx_err *err)
{
	if (engine->fleet == NULL)
		return MX_OK;
	store_close(engine->store);
	engine->store = NULL;
	return fetch(engine, settings, wish, err);
}

const char *
engine_store_name(const struct engine *engine,
    const struct settings *settings)
{
	return engine->fleet != NULL ? settings->store_url :
	    store_path(engine->store);
}
