/* SPDX-License-Identifier: BSD-2-Clause */
/* The rights go by directory, not by file: logs are rotated while they are
 * read, and outputs are made beside their old selves. */
#include "cli/confine.h"

#include <glob.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "cli/build_info.h"
#include "cli/sandbox.h"
#include "cli/state_dir.h"
#include "cli/walk.h"
#include "parsers/member_path.h"

enum { PATH_BYTES = 16384 };

/* The directory of PATH; PATH itself where that would be all there is. */
static void
allow_directory_of(struct sandbox *sandbox, const char *path,
    enum sandbox_right right)
{
	const char *slash = strrchr(path, '/');
	struct strbuf dir;

	if (slash == path) {
		sandbox_allow(sandbox, path, right);
		return;
	}
	strbuf_init(&dir, PATH_BYTES);
	if (slash == NULL)
		strbuf_add_char(&dir, '.');
	else
		strbuf_add_slice(&dir, slice_between(path, slash));
	sandbox_allow(sandbox, dir.ptr, right);
	strbuf_release(&dir);
}

/* Where PATH, perhaps a symbolic link, leads to. */
static void
allow_target(struct sandbox *sandbox, const char *path)
{
	char *target = realpath(path, NULL);

	if (target != NULL)
		allow_directory_of(sandbox, target, SANDBOX_READ);
	free(target);
}

static void
allow_input(struct sandbox *sandbox, const struct settings *settings,
    const char *path)
{
	struct path_list links = { 0 };
	const char *member;
	char *archive; /* a file, so that this goes one deep */
	struct mx_err err;
	struct stat st;

	if (member_path_split(path, &archive, &member)) {
		allow_input(sandbox, settings, archive);
		free(archive);
		return;
	}
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		allow_directory_of(sandbox, path, SANDBOX_READ);
		allow_target(sandbox, path);
		return;
	}
	sandbox_allow(sandbox, path, SANDBOX_READ);
	if (!settings->is_recursive)
		return;
	/* too many files: the walk that reads them says so, and ends */
	if (walk_links(&links, path, LIMIT_SANDBOX_LINKS, &err) == MX_OK)
		for (size_t i = 0; i < links.count; i++)
			allow_target(sandbox, links.paths[i]);
	path_list_release(&links);
}

/* The directories down to the first wildcard, and what the pattern finds
 * today. */
static void
allow_pattern(struct sandbox *sandbox, const struct settings *settings,
    const char *pattern)
{
	size_t fixed = strcspn(pattern, "*?[");
	char *start = mx_strndup(pattern, fixed);
	glob_t found = { .gl_pathc = 0 };
	int rc = glob(pattern, GLOB_NOSORT, NULL, &found);

	/* FOUND must not be freed any more, then */
	if (rc == GLOB_NOSPACE)
		mx_oom();
	allow_directory_of(sandbox, start, SANDBOX_READ);
	if (rc == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			allow_input(sandbox, settings, found.gl_pathv[i]);
	globfree(&found);
	free(start);
}

static void
allow_output(struct sandbox *sandbox, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		sandbox_allow(sandbox, path, SANDBOX_WRITE);
	else
		allow_directory_of(sandbox, path, SANDBOX_WRITE);
}

/* Zones, character sets, the list of public suffixes, our own rules; standard
 * input and output by name. */
static void
allow_data(struct sandbox *sandbox, const struct settings *settings)
{
	static const char *const places[] = { "/usr", "/lib", "/lib64", "/etc",
		"/proc/self", "/dev/stdin", "/dev/fd", "/dev/urandom" };
	const char *zones = getenv("TZDIR");

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		sandbox_allow(sandbox, places[i], SANDBOX_READ);
	sandbox_allow(sandbox, "/dev/null", SANDBOX_WRITE);
	sandbox_allow(sandbox, build_data_dir(), SANDBOX_READ);
	for (size_t i = 0; i < settings->rule_dir_count; i++)
		sandbox_allow(sandbox, settings->rule_dirs[i], SANDBOX_READ);
	for (size_t i = 0; i < settings->format_dir_count; i++)
		sandbox_allow(sandbox, settings->format_dirs[i], SANDBOX_READ);
	if (settings->checked_format != NULL)
		allow_directory_of(sandbox, settings->checked_format,
		    SANDBOX_READ);
	if (zones != NULL && zones[0] != '\0')
		sandbox_allow(sandbox, zones, SANDBOX_READ);
}

/* SQLite and libxlsxwriter keep there what outgrows their memory, in files
 * without a name. */
static void
allow_temporary(struct sandbox *sandbox)
{
	static const char *const places[] = { "/var/tmp", "/tmp" };
	static const char *const names[] = { "SQLITE_TMPDIR", "TMPDIR" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		sandbox_allow(sandbox, places[i], SANDBOX_WRITE);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *dir = getenv(names[i]);

		if (dir != NULL && dir[0] != '\0')
			sandbox_allow(sandbox, dir, SANDBOX_WRITE);
	}
}

static void
allow_inputs(struct sandbox *sandbox, const struct command *command,
    const struct settings *settings)
{
	for (size_t i = 0; i < settings->operand_count; i++) {
		/* merge: SQLite makes files beside the store that it reads */
		if ((command->needs & NEEDS_STORES) != 0) {
			allow_directory_of(sandbox, settings->operands[i],
			    SANDBOX_WRITE);
			sandbox_allow(sandbox, settings->operands[i],
			    SANDBOX_WRITE);
		}
		allow_input(sandbox, settings, settings->operands[i]);
	}
	for (size_t i = 0; i < settings->input_count; i++)
		for (size_t n = 0; n < settings->inputs[i].pattern_count; n++)
			allow_pattern(sandbox, settings,
			    settings->inputs[i].patterns[n]);
}

static void
allow_outputs(struct sandbox *sandbox, const struct settings *settings)
{
	if (settings->output != NULL)
		allow_output(sandbox, settings->output);
	for (size_t i = 0; i < settings->outputs.count; i++)
		allow_output(sandbox, settings->outputs.rows[i].value);
}

/* Where resolvers leave the addresses of name servers. */
static void
allow_network(struct sandbox *sandbox, const struct settings *settings)
{
	static const char *const places[] = { "/run/systemd/resolve",
		"/run/resolvconf", "/run/NetworkManager", "/run/nscd" };
	const char *files[] = { settings->clickhouse_password_file,
		settings->clickhouse_ca_file };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		sandbox_allow(sandbox, places[i], SANDBOX_READ);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i] != NULL)
			sandbox_allow(sandbox, files[i], SANDBOX_READ);
}

enum mx_code
confine(const struct command *command, const struct settings *settings,
    struct mx_err *err)
{
	const bool has_network = (command->needs & NEEDS_NETWORK) != 0 ||
	    ((command->options & OPTIONS_STORE) != 0 &&
	    settings->store_url != NULL);
	struct sandbox *sandbox;
	enum mx_code code = MX_OK;

	/* `config` reads nothing that strangers wrote, and looks everywhere */
	if (settings->sandbox == SAID_NO || (command->options & OPTIONS_CONFIG) != 0)
		return MX_OK;
	/* it must be there to be named; its parents stay out of reach */
	if ((command->options & (OPTIONS_WRITE | OPTIONS_PRUNE |
	    OPTIONS_PUSH)) == OPTIONS_WRITE)
		code = state_dir_make(settings->state_dir, err);
	if (code != MX_OK)
		return code;
	sandbox = sandbox_new(has_network);
	if (has_network)
		allow_network(sandbox, settings);
	allow_data(sandbox, settings);
	allow_temporary(sandbox);
	allow_inputs(sandbox, command, settings);
	allow_outputs(sandbox, settings);
	/* readers of a store make its shared memory file */
	sandbox_allow(sandbox, settings->state_dir, SANDBOX_WRITE);
	code = sandbox_enter(sandbox, err);
	sandbox_free(sandbox);
	return code;
}
