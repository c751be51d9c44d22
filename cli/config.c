/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads INI files through inih, line by line under our own limit, so that
 * each value knows its line. */
#include "cli/config.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>

#include <ini.h>

#include "cli/trust.h"

enum { VARIABLE_MAX = 64 };

/* One file while it is read. */
struct reading {
	struct config *config;
	struct settings *settings;
	struct mx_err *err;
	enum mx_code code;
	const char *path;
	FILE *file;
	unsigned line;
	unsigned bad_line;    /* that code is about */
	char *raw;            /* the current line as it stands */
};

static const char *
place(struct reading *r)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "%s:%u", r->path, r->line);

	if (len < 0)
		len = 0;
	else if ((size_t)len >= sizeof(text))
		len = (int)sizeof(text) - 1;
	return arena_strndup(&r->settings->arena, text, (size_t)len);
}

/* The first trouble of a file is the one that is told. */
static int
complain(struct reading *r, const char *why)
{
	if (r->code == MX_OK) {
		r->bad_line = r->line;
		r->code = mx_fail(r->err, MX_E_CONFIG, "%s:%u: %s", r->path,
		    r->line, why);
	}
	return 0;
}

static const char *
copy_text(struct settings *settings, struct slice text)
{
	return arena_strndup(&settings->arena, text.ptr, text.len);
}

static void
add_pair(struct settings *settings, struct setting_list *list,
    struct slice name, struct slice value, const char *origin)
{
	list->rows = mx_realloc(list->rows,
	    (list->count + 1) * sizeof(*list->rows));
	list->rows[list->count++] = (struct setting_pair){
		.name = copy_text(settings, name),
		.value = copy_text(settings, value),
		.origin = origin,
	};
}

static struct setting_input *
input_by_name(struct settings *settings, const char *name)
{
	struct setting_input *input;

	for (size_t i = 0; i < settings->input_count; i++)
		if (strcmp(settings->inputs[i].name, name) == 0)
			return &settings->inputs[i];
	settings->inputs = mx_realloc(settings->inputs,
	    (settings->input_count + 1) * sizeof(*settings->inputs));
	input = &settings->inputs[settings->input_count++];
	*input = (struct setting_input){ .name =
	    copy_text(settings, slice_str(name)) };
	return input;
}

/* Words between blanks; double quotes keep blanks inside. */
static int
add_patterns(struct reading *r, struct setting_input *input,
    struct slice list)
{
	for (list = slice_trim(list); list.len > 0; list = slice_trim(list)) {
		const char *end;
		struct slice word;

		if (list.ptr[0] == '"') {
			list = slice_skip(list, 1);
			end = slice_chr(list, '"');
			if (end == NULL)
				return complain(r, "quote without an end");
			word = slice_between(list.ptr, end);
			list = slice_skip(list, word.len + 1);
		} else {
			size_t len = 0;

			while (len < list.len && !ascii_is_space(list.ptr[len]))
				len++;
			word = slice_of(list.ptr, len);
			list = slice_skip(list, len);
		}
		input->patterns = mx_realloc(input->patterns,
		    (input->pattern_count + 1) * sizeof(*input->patterns));
		input->patterns[input->pattern_count++] =
		    copy_text(r->settings, word);
	}
	return 1;
}

/* [inputs] files, and all of [inputs NAME]. */
static int
take_input(struct reading *r, const char *input_name, const char *name,
    struct slice value)
{
	struct setting_input *input = input_by_name(r->settings, input_name);

	if (strcmp(name, "files") == 0)
		return add_patterns(r, input, value);
	if (strcmp(name, "timezone") == 0)
		input->timezone = copy_text(r->settings, value);
	else if (strcmp(name, "format") == 0)
		input->format = copy_text(r->settings, value);
	else
		return complain(r, "unknown key in [inputs NAME]: it has "
		    "files, timezone and format");
	return 1;
}

/* inih takes ":" for "=" as well, but IPv6 prefixes are names here. So these
 * sections are split from the line itself. */
static int
take_pair(struct reading *r, struct setting_list *list)
{
	struct slice line = slice_trim(slice_str(r->raw));
	const char *equals = slice_chr(line, '=');
	const char *comment = slice_find(line, SLICE(" ;"));
	struct slice name, value;

	if (comment != NULL)
		line = slice_between(line.ptr, comment);
	if (equals == NULL || equals >= line.ptr + line.len)
		return complain(r, "no '=' in this line");
	name = slice_trim(slice_between(line.ptr, equals));
	value = slice_trim(slice_between(equals + 1, line.ptr + line.len));
	if (name.len == 0 || value.len == 0)
		return complain(r, "nothing before or behind the '='");
	add_pair(r->settings, list, name, value, place(r));
	return 1;
}

static size_t
key_index(const char *section, const char *name)
{
	size_t i = 0;

	while (i < config_key_count &&
	    (strcmp(config_keys[i].section, section) != 0 ||
	    strcmp(config_keys[i].name, name) != 0))
		i++;
	return i;
}

static bool
is_section(const char *section)
{
	for (size_t i = 0; i < config_key_count; i++)
		if (strcmp(config_keys[i].section, section) == 0)
			return true;
	return false;
}

static int
take_key(struct reading *r, const char *section, const char *name,
    struct slice value)
{
	char why[128];
	struct mx_err reason;
	size_t i = key_index(section, name);

	if (i == config_key_count) {
		(void)snprintf(why, sizeof(why), is_section(section) ?
		    "unknown key '%s' in [%s]" : "'%s' in unknown section [%s]",
		    name, section);
		return complain(r, why);
	}
	if (value_set(r->settings, &config_keys[i].slot, value, MX_E_CONFIG,
	    &reason) != MX_OK)
		return complain(r, reason.text);
	r->config->origins[i] = place(r);
	return 1;
}

/* inih's handler: 1 = go on, 0 = trouble. */
static int
take_line(void *ctx, const char *section, const char *name, const char *text)
{
	struct reading *r = ctx;
	struct slice value = slice_str(text);

	if (r->code != MX_OK)
		return 0;
	if (strcmp(section, "source-ip") == 0)
		return take_pair(r, &r->settings->source_ips);
	if (strcmp(section, "hops") == 0)
		return take_pair(r, &r->settings->hops);
	if (strcmp(section, "outputs") == 0)
		return take_pair(r, &r->settings->outputs);
	if (strncmp(section, "inputs ", 7) == 0)
		return take_input(r, section + 7, name, value);
	if (strcmp(section, "inputs") == 0 && strcmp(name, "files") == 0)
		return take_input(r, "", name, value);
	return take_key(r, section, name, value);
}

/* inih's reader, in the manner of fgets: refuses what it would cut. */
static char *
read_line(char *buf, int room, void *ctx)
{
	struct reading *r = ctx;
	size_t len;

	if (r->code != MX_OK || fgets(buf, room, r->file) == NULL)
		return NULL;
	r->line++;
	len = strlen(buf);
	free(r->raw);
	r->raw = mx_strndup(buf, len);
	if (len + 1 == (size_t)room && buf[len - 1] != '\n') {
		(void)complain(r, "line too long; go on with an indented one");
		return NULL;
	}
	return buf;
}

static enum mx_code
load_file(struct config *config, struct settings *settings, const char *path,
    bool must_exist, struct mx_err *err)
{
	struct reading r = { .config = config, .settings = settings,
		.err = err, .code = MX_OK, .path = path };
	int bad_line;

	r.file = fopen(path, "re");
	if (r.file == NULL) {
		if (errno == ENOENT && !must_exist)
			return MX_OK;
		return mx_fail_errno(err, MX_E_CONFIG, errno, "%s", path);
	}
	r.code = trust_file(fileno(r.file), path, err);
	if (r.code != MX_OK) {
		(void)fclose(r.file);
		return r.code;
	}
	bad_line = ini_parse_stream(read_line, &r, take_line, &r);
	if (r.code == MX_OK && ferror(r.file))
		r.code = mx_fail_errno(err, MX_E_CONFIG, errno, "%s", path);
	else if (bad_line > 0 &&
	    (r.code == MX_OK || (unsigned)bad_line < r.bad_line))
		r.code = mx_fail(err, MX_E_CONFIG,
		    "%s:%d: neither [section] nor key = value", path,
		    bad_line);
	(void)fclose(r.file);
	free(r.raw);
	return r.code;
}

static enum mx_code
load_drop_ins(struct config *config, struct settings *settings,
    struct mx_err *err)
{
	enum mx_code code = trust_directory("/etc/mxtrend.conf.d", err);
	glob_t found;
	int rc;

	if (code != MX_OK)
		return code;
	rc = glob("/etc/mxtrend.conf.d/*.conf", 0, NULL, &found);

	if (rc == GLOB_NOSPACE)
		mx_oom();
	if (rc != 0)
		return MX_OK;
	for (size_t i = 0; i < found.gl_pathc && code == MX_OK; i++)
		code = load_file(config, settings,
		    copy_text(settings, slice_str(found.gl_pathv[i])), true,
		    err);
	globfree(&found);
	return code;
}

/* $XDG_CONFIG_HOME/mxtrend/mxtrend.conf, NULL where there is no home. */
static const char *
user_path(struct settings *settings)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	struct strbuf path;
	const char *copy;

	strbuf_init(&path, 4096);
	if (base != NULL && base[0] == '/')
		strbuf_addf(&path, "%s/mxtrend/mxtrend.conf", base);
	else if (home != NULL && home[0] == '/')
		strbuf_addf(&path, "%s/.config/mxtrend/mxtrend.conf", home);
	copy = path.len != 0 && !path.is_cut ?
	    copy_text(settings, strbuf_slice(&path)) : NULL;
	strbuf_release(&path);
	return copy;
}

enum mx_code
config_load(struct config *config, struct settings *settings,
    const char *path, struct mx_err *err)
{
	const char *own;
	enum mx_code code;

	if (path != NULL)
		return load_file(config, settings, path, true, err);
	code = load_file(config, settings, "/etc/mxtrend.conf", false, err);
	if (code == MX_OK)
		code = load_drop_ins(config, settings, err);
	own = user_path(settings);
	if (code == MX_OK && own != NULL)
		code = load_file(config, settings, own, false, err);
	return code;
}

void
config_defaults(struct config *config, struct settings *settings)
{
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		config->origins[i] = "default";
		if (key->fallback != NULL &&
		    value_set(settings, &key->slot, slice_str(key->fallback),
		    MX_E_CONFIG, NULL) != MX_OK)
			mx_bug(key->name);
	}
}

/* MXTREND_SECTION_NAME in capitals. */
static void
variable_name(const struct config_key *key, char out[VARIABLE_MAX])
{
	int len = snprintf(out, VARIABLE_MAX, "MXTREND_%s_%s", key->section,
	    key->name);

	if (len < 0 || len >= VARIABLE_MAX)
		mx_bug("a key's name is too long");
	for (char *c = out; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
}

enum mx_code
config_environment(struct config *config, struct settings *settings,
    struct mx_err *err)
{
	char name[VARIABLE_MAX];

	for (size_t i = 0; i < config_key_count; i++) {
		struct mx_err why;
		const char *value;

		variable_name(&config_keys[i], name);
		value = getenv(name);
		if (value == NULL || value[0] == '\0')
			continue;
		if (value_set(settings, &config_keys[i].slot,
		    slice_str(value), MX_E_CONFIG, &why) != MX_OK)
			return mx_fail(err, MX_E_CONFIG, "%s: %s", name,
			    why.text);
		config->origins[i] = copy_text(settings, slice_str(name));
	}
	return MX_OK;
}

void
config_note_option(struct config *config, const char *key)
{
	const char *dot = strchr(key, '.');

	for (size_t i = 0; i < config_key_count; i++) {
		const char *section = config_keys[i].section;

		if (slice_eq(slice_str(section), slice_between(key, dot)) &&
		    strcmp(config_keys[i].name, dot + 1) == 0)
			config->origins[i] = "option";
	}
}
