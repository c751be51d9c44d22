/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/first_run.h"

#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/config_init.h"

enum { PATH_BYTES = 4096 };

struct found {
	const char *path; /* in the settings' arena */
	int64_t modified, bytes;
};

struct finding {
	struct settings *settings;
	struct found *files;
	size_t count;
	const char *closed; /* the first that may not be read, or NULL */
};

static void
add_file(struct finding *finding, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
		return;
	path = arena_strndup(&finding->settings->arena, path, strlen(path));
	if (access(path, R_OK) != 0) {
		if (finding->closed == NULL)
			finding->closed = path;
		return;
	}
	if ((finding->count & (finding->count - 1)) == 0)
		finding->files = mx_realloc(finding->files,
		    (finding->count != 0 ? finding->count * 2 : 1) *
		    sizeof(*finding->files));
	finding->files[finding->count++] = (struct found){ .path = path,
		.modified = (int64_t)st.st_mtime,
		.bytes = (int64_t)st.st_size };
}

static void
add_pattern(void *ctx, const char *pattern)
{
	struct finding *finding = ctx;
	glob_t found = { .gl_pathc = 0 };

	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && i < LIMIT_PATHS; i++)
			add_file(finding, found.gl_pathv[i]);
	globfree(&found);
}

static int
newest_first(const void *left, const void *right)
{
	const struct found *a = left, *b = right;

	if (a->modified != b->modified)
		return a->modified < b->modified ? 1 : -1;
	return strcmp(a->path, b->path);
}

/* How many of them, one at least, stay within the limit. */
static size_t
take(const struct finding *finding, int64_t *bytes_r)
{
	size_t count = 0;

	*bytes_r = 0;
	while (count < finding->count && (count == 0 || *bytes_r +
	    finding->files[count].bytes <= (int64_t)LIMIT_FIRST_RUN_BYTES))
		*bytes_r += finding->files[count++].bytes;
	return count;
}

static void
say_what(const struct finding *finding, size_t taken, int64_t bytes,
    struct strbuf *said)
{
	strbuf_addf(said, "nothing is %s: reading %s",
	    finding->settings->input_count == 0 ? "configured" :
	    "in the store yet", finding->files[0].path);
	if (taken > 1)
		strbuf_addf(said, " and %zu more log%s", taken - 1,
		    taken == 2 ? "" : "s");
	strbuf_addf(said, " (%.1f MB)", (double)bytes / 1e6);
	if (taken < finding->count)
		strbuf_addf(said, "; %zu older %s left out",
		    finding->count - taken,
		    finding->count - taken == 1 ? "one is" : "ones are");
	strbuf_add_str(said, finding->settings->input_count == 0 ?
	    "; `mxtrend config --init` prints a configuration for this host" :
	    "; `mxtrend nightly` keeps what they say");
}

/* Of the configured inputs those that need no zone or format of their own. */
static void
add_configured(struct finding *finding)
{
	const struct settings *settings = finding->settings;

	for (size_t i = 0; i < settings->input_count; i++) {
		const struct setting_input *input = &settings->inputs[i];

		if (input->name[0] != '\0' &&
		    (input->timezone != NULL || input->format != NULL))
			continue;
		for (size_t p = 0; p < input->pattern_count; p++)
			add_pattern(finding, input->patterns[p]);
	}
}

bool
first_run_inputs(const char *root, struct settings *settings,
    struct strbuf *said)
{
	struct finding finding = { .settings = settings };
	const char **operands;
	int64_t bytes;
	size_t taken;

	if (settings->input_count == 0)
		config_init_logs(root, add_pattern, &finding);
	else
		add_configured(&finding);
	if (finding.count == 0) {
		if (finding.closed != NULL)
			strbuf_addf(said, "%s may not be read by this user: "
			    "become root, or a member of its group",
			    finding.closed);
		return false;
	}
	qsort(finding.files, finding.count, sizeof(*finding.files),
	    newest_first);
	taken = take(&finding, &bytes);
	say_what(&finding, taken, bytes, said);
	operands = arena_alloc(&settings->arena, taken * sizeof(*operands));
	for (size_t i = 0; i < taken; i++)
		operands[i] = finding.files[i].path;
	settings->operands = operands;
	settings->operand_count = taken;
	free(finding.files);
	return true;
}
