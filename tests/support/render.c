/* SPDX-License-Identifier: BSD-2-Clause */
/* Renderers into memory; golden files. Tests run in the repository's root. */
#include "tests/support/render.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/cases.h"

enum { PATH_BYTES = 256, GOLDEN_BYTES = 4 * 1024 * 1024 };

struct output_options
render_options(void)
{
	return (struct output_options){
		.width = 80,
		.source_date_epoch = TIME_NONE,
		.command_line = SLICE("mxtrend report"),
	};
}

char *
render_report(const struct report_output *output, const struct report *report,
    const struct output_options *options, size_t *len_r)
{
	struct mx_err err = { .text = "" };
	enum mx_code code;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	code = output->render(report, options, out, &err);
	assert_int_equal(fclose(out), 0);
	if (code != MX_OK)
		fail_msg("%s: %s", output->name, err.text);
	if (len_r != NULL)
		*len_r = len;
	return text;
}

char *
render_fixture(const struct report_output *output,
    void (*fill)(struct report_fixture *), size_t *len_r)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	char *text;

	fill(&fixture);
	text = render_report(output, &fixture.report, &options, len_r);
	fixture_release(&fixture);
	return text;
}

static void
write_file(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

/* The line where both part, for the message. */
static size_t
first_difference(const char *a, const char *b, size_t len)
{
	size_t line = 1;

	for (size_t i = 0; i < len && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line++;
	return line;
}

void
golden_check(const char *name, const char *text, size_t len)
{
	char path[PATH_BYTES];
	char *want;
	size_t got;
	FILE *in;

	(void)snprintf(path, sizeof(path), "tests/golden/reports/%s", name);
	if (getenv("GOLDEN_UPDATE") != NULL) {
		write_file(path, text, len);
		return;
	}
	in = fopen(path, "rb");
	if (in == NULL)
		fail_msg("%s is missing (GOLDEN_UPDATE=1 writes it)", path);
	want = mx_calloc(1, GOLDEN_BYTES);
	got = fread(want, 1, GOLDEN_BYTES - 1, in);
	(void)fclose(in);
	if (got != len || memcmp(want, text, len) != 0) {
		size_t line = first_difference(want, text,
		    got < len ? got : len);

		free(want);
		fail_msg("%s differs from line %zu on", path, line);
	}
	free(want);
}

void
scratch_open(struct scratch *scratch)
{
	static const char template[] = "/tmp/mxtrend-test-XXXXXX";

	memcpy(scratch->dir, template, sizeof(template));
	assert_non_null(mkdtemp(scratch->dir));
}

char *
scratch_write(const struct scratch *scratch, const char *name,
    const char *text, size_t len)
{
	char *path = mx_alloc(PATH_BYTES);

	(void)snprintf(path, PATH_BYTES, "%s/%s", scratch->dir, name);
	write_file(path, text, len);
	return path;
}

void
scratch_close(const struct scratch *scratch)
{
	DIR *dir = opendir(scratch->dir);
	char path[PATH_BYTES + 256];

	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", scratch->dir,
		    entry->d_name);
		(void)unlink(path);
	}
	(void)closedir(dir);
	(void)rmdir(scratch->dir);
}

enum { ARGS_MAX = 8, STATUS_SKIP = 77, STATUS_NO_PYTHON = 127 };

/* Debian's own interpreter first: it is the one that has Debian's modules. */
static void
exec_python(const char *script, const char *const *args)
{
	char *argv[ARGS_MAX + 3];
	size_t count = 0;

	argv[count++] = mx_strdup("python3");
	argv[count++] = mx_strdup(script);
	for (size_t i = 0; args[i] != NULL && i < ARGS_MAX; i++)
		argv[count++] = mx_strdup(args[i]);
	argv[count] = NULL;
	(void)execv("/usr/bin/python3", argv);
	(void)execvp("python3", argv);
	_exit(STATUS_NO_PYTHON);
}

void
run_python(const char *script, const char *const *args)
{
	int status = 0;
	pid_t child;

	(void)fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		exec_python(script, args);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == STATUS_SKIP ||
	    WEXITSTATUS(status) == STATUS_NO_PYTHON)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}
