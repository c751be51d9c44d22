/* SPDX-License-Identifier: BSD-2-Clause */
/* From texts to what commands need: zones, windows, colour, directories. */
#include "cli/settings.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cli/build_info.h"

enum { WIDTH_DEFAULT = 80, WIDTH_MIN = 40, WIDTH_MAX = 1000 };

void
settings_init(struct settings *settings)
{
	*settings = (struct settings){ .clock = clock_system(),
		.window = { INT64_MIN, INT64_MAX },
		.source_date_epoch = INT64_MIN, .width = WIDTH_DEFAULT,
		.keep_s = -1, .tz = "", .log_tz = "", .snds_tz = "UTC",
		.state_dir = "" };
	arena_init(&settings->arena);
}

void
settings_release(struct settings *settings)
{
	for (size_t i = 0; i < settings->input_count; i++)
		free(settings->inputs[i].patterns);
	free(settings->inputs);
	free(settings->source_ips.rows);
	free(settings->hops.rows);
	free(settings->outputs.rows);
	free(settings->rule_dirs);
	free(settings->format_dirs);
	zone_close(settings->zone);
	zone_close(settings->log_zone);
	zone_close(settings->snds_zone);
	arena_release(&settings->arena);
	*settings = (struct settings){ .config = NULL };
}

/* "" in a configuration means: as if it were not there. */
static void
forget_empty(struct settings *settings)
{
	const char **texts[] = { &settings->config_path, &settings->rules_dir,
		&settings->input_format, &settings->authserv_id,
		&settings->since, &settings->until, &settings->period,
		&settings->compare, &settings->provider, &settings->ip, &settings->now };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (*texts[i] != NULL && (*texts[i])[0] == '\0')
			*texts[i] = NULL;
	if (settings->snds_tz[0] == '\0')
		settings->snds_tz = "UTC";
}

/* --- time ------------------------------------------------------------------ */

/* A zone that is none is the fault of whoever named it. */
static enum mx_code
open_zone(const char *name, bool is_option, const char *option,
    struct zone **zone_r, struct mx_err *err)
{
	struct mx_err why;
	enum mx_code code = zone_open(slice_str(name), zone_r, &why);

	if (code == MX_OK)
		return MX_OK;
	if (is_option && code == MX_E_CONFIG)
		return mx_fail(err, MX_E_USAGE, "--%s: %s", option, why.text);
	return mx_fail(err, code, "%s", why.text);
}

static enum mx_code
open_zones(struct settings *settings, struct mx_err *err)
{
	const char *tz = settings->is_utc ? "UTC" : settings->tz;
	enum mx_code code = open_zone(tz, settings->is_tz_given, "tz",
	    &settings->zone, err);

	if (code == MX_OK)
		code = open_zone(settings->log_tz, settings->is_log_tz_given,
		    "log-tz", &settings->log_zone, err);
	if (code == MX_OK)
		code = open_zone(settings->snds_tz, false, NULL,
		    &settings->snds_zone, err);
	return code;
}

static enum mx_code
fix_clock(struct settings *settings, struct mx_err *err)
{
	int64_t now;
	enum mx_code code;

	if (settings->now == NULL)
		return MX_OK;
	code = when_moment(slice_str(settings->now), settings->zone,
	    clock_now(&settings->clock), &now, err);
	if (code == MX_OK)
		settings->clock = clock_fixed(now);
	return code;
}

/* --period gives both ends; --since and --until each replace one. */
static enum mx_code
read_window(struct settings *settings, struct mx_err *err)
{
	int64_t now = clock_now(&settings->clock);
	struct when_window *window = &settings->window;
	enum mx_code code = MX_OK;

	*window = when_always();
	/* A configured period gives way to dates of the command line. */
	if (settings->period != NULL &&
	    (settings->is_period_given ||
	    (settings->since == NULL && settings->until == NULL)))
		code = when_window_parse(slice_str(settings->period),
		    settings->zone, now, window, err);
	if (code == MX_OK && settings->since != NULL)
		code = when_moment(slice_str(settings->since), settings->zone,
		    now, &window->since_utc, err);
	if (code == MX_OK && settings->until != NULL)
		code = when_moment(slice_str(settings->until), settings->zone,
		    now, &window->until_utc, err);
	if (code == MX_OK && window->since_utc >= window->until_utc)
		code = mx_fail(err, MX_E_USAGE,
		    "the window ends before it begins");
	if (code == MX_OK && settings->compare != NULL)
		code = when_compare_parse(slice_str(settings->compare),
		    settings->zone, now, &settings->comparison, err);
	return code;
}

/* --- the place where we talk ---------------------------------------------- */

/* "" is as good as unset. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool
decide_color(const struct settings *settings)
{
	const char *force = variable("CLICOLOR_FORCE");
	const char *term = variable("TERM");

	if (settings->color != COLOR_AUTO)
		return settings->color == COLOR_ALWAYS;
	if (variable("NO_COLOR") != NULL)
		return false;
	if (force != NULL && strcmp(force, "0") != 0)
		return true;
	return settings->is_terminal && settings->output == NULL &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

static unsigned
decide_width(const struct settings *settings)
{
	struct slice columns = slice_str(getenv("COLUMNS"));
	struct winsize size;
	uint64_t width = 0;

	if (slice_number(columns, WIDTH_MAX, &width) != columns.len ||
	    columns.len == 0)
		width = 0;
	if (width == 0 && settings->is_terminal &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0)
		width = WIDTH_DEFAULT;
	return width < WIDTH_MIN ? WIDTH_MIN : (unsigned)width;
}

static void
look_around(struct settings *settings)
{
	struct slice epoch = slice_str(getenv("SOURCE_DATE_EPOCH"));
	uint64_t seconds;

	settings->is_terminal = isatty(STDOUT_FILENO) == 1;
	settings->is_input_terminal = isatty(STDIN_FILENO) == 1;
	settings->has_color = decide_color(settings);
	settings->width = decide_width(settings);
	settings->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (epoch.len != 0 &&
	    slice_number(epoch, INT64_C(4133980799), &seconds) == epoch.len)
		settings->source_date_epoch = (int64_t)seconds;
}

/* --- directories ----------------------------------------------------------- */

static const char *
joined(struct settings *settings, const char *dir, const char *name)
{
	struct strbuf path;
	const char *copy;

	strbuf_init(&path, 4096);
	strbuf_addf(&path, "%s/%s", dir, name);
	copy = arena_strndup(&settings->arena, path.ptr, path.len);
	strbuf_release(&path);
	return copy;
}

/* The user's directory under VARIABLE or HOME; NULL where there is none. */
static const char *
user_dir(struct settings *settings, const char *variable,
    const char *below_home)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base == NULL || base[0] != '/') {
		if (home == NULL || home[0] != '/')
			return NULL;
		base = joined(settings, home, below_home);
	}
	return joined(settings, base, "mxtrend");
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* root keeps the system's store unless XDG_STATE_HOME asks for another; others
 * their own once they have one, else they read the system's where they may. */
static void
find_state(struct settings *settings)
{
	static const char system_dir[] = "/var/lib/mxtrend";
	const char *own;

	if (settings->state_dir[0] != '\0')
		return;
	own = user_dir(settings, "XDG_STATE_HOME", ".local/state");
	if (own == NULL ||
	    (geteuid() == 0 && getenv("XDG_STATE_HOME") == NULL) ||
	    (!is_directory(own) && access(system_dir, R_OK | X_OK) == 0))
		settings->state_dir = system_dir;
	else
		settings->state_dir = own;
}

static void
add_dir(const char **dirs, size_t *count, const char *dir)
{
	if (is_directory(dir))
		dirs[(*count)++] = dir;
}

static void
find_rules(struct settings *settings)
{
	const char *own = user_dir(settings, "XDG_CONFIG_HOME", ".config");
	const char **rules = mx_calloc(4, sizeof(*rules));
	const char **formats = mx_calloc(3, sizeof(*formats));
	size_t *rule_count = &settings->rule_dir_count;
	size_t *format_count = &settings->format_dir_count;

	settings->rule_dirs = rules;
	settings->format_dirs = formats;
	add_dir(rules, rule_count, joined(settings, build_data_dir(),
	    "rules"));
	add_dir(rules, rule_count, "/etc/mxtrend/rules.d");
	add_dir(formats, format_count, "/etc/mxtrend/formats.d");
	if (own != NULL) {
		add_dir(rules, rule_count, joined(settings, own, "rules.d"));
		add_dir(formats, format_count, joined(settings, own,
		    "formats.d"));
	}
	add_dir(rules, rule_count, settings->rules_dir);
	add_dir(formats, format_count, settings->formats_dir);
}

bool
settings_has_store(const struct settings *settings)
{
	struct strbuf path;
	bool has_one;

	strbuf_init(&path, 4096);
	strbuf_addf(&path, "%s/mxtrend.db", settings->state_dir);
	has_one = access(path.ptr, R_OK) == 0;
	strbuf_release(&path);
	return has_one;
}

/* "domains,ips" */
static bool
read_anonymize_also(struct settings *settings)
{
	struct slice rest = slice_str(settings->anonymize_also);

	while (rest.len > 0) {
		const char *comma = slice_chr(rest, ',');
		struct slice word = slice_trim(comma != NULL ?
		    slice_between(rest.ptr, comma) : rest);

		if (slice_eq(word, SLICE("domains")))
			settings->hides_domains = true;
		else if (slice_eq(word, SLICE("ips")))
			settings->hides_ips = true;
		else
			return false;
		rest = comma != NULL ? slice_between(comma + 1,
		    rest.ptr + rest.len) : SLICE("");
	}
	return true;
}

/* The key is read before the sandbox closes. */
static enum mx_code
prepare_anonymize(struct settings *settings, struct mx_err *err)
{
	if (!read_anonymize_also(settings))
		return mx_fail(err, MX_E_USAGE, "--anonymize-also: '%s' is "
		    "none of domains, ips and domains,ips",
		    settings->anonymize_also);
	if (settings->anonymize_also != NULL && settings->anonymize == NULL)
		return mx_fail(err, MX_E_USAGE,
		    "--anonymize-also: needs --anonymize");
	if (settings->anonymize == NULL)
		return MX_OK;
	return pseudonym_key_load(settings->anonymize,
	    &settings->anonymize_key, err);
}

enum mx_code
settings_resolve(struct settings *settings, struct mx_err *err)
{
	enum mx_code code;

	forget_empty(settings);
	if (settings->rules_dir != NULL && !is_directory(settings->rules_dir))
		return mx_fail(err, MX_E_CONFIG,
		    "[rules] directory: %s is no directory",
		    settings->rules_dir);
	code = open_zones(settings, err);
	if (code == MX_OK)
		code = fix_clock(settings, err);
	if (code == MX_OK)
		code = read_window(settings, err);
	if (code != MX_OK)
		return code;
	look_around(settings);
	find_state(settings);
	find_rules(settings);
	return prepare_anonymize(settings, err);
}

unsigned
settings_threads(const struct settings *settings)
{
	long processors;

	if (settings->threads != 0)
		return (unsigned)settings->threads;
	processors = sysconf(_SC_NPROCESSORS_ONLN);
	return processors > 1 ? (unsigned)processors : 1;
}
