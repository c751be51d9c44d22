/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/output_check.h"

#include <sys/stat.h>

#include "base/strbuf.h"
#include "cli/commands.h"

/* Devices and pipes are not replaced. */
static bool
is_file(const char *path, struct stat *st)
{
	return path != NULL && stat(path, st) == 0 && S_ISREG(st->st_mode);
}

static bool
is_same(const struct stat *it, const char *path)
{
	struct stat st;

	return is_file(path, &st) && st.st_dev == it->st_dev &&
	    st.st_ino == it->st_ino;
}

static bool
is_of_store(const struct stat *it, const char *dir)
{
	static const char *const names[] = { "mxtrend.db", "mxtrend.db-wal",
		"mxtrend.db-shm", "mxtrend.lock" };
	struct strbuf path;
	bool is_it = false;

	strbuf_init(&path, 4096);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !is_it;
	    i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/%s", dir, names[i]);
		is_it = is_same(it, path.ptr);
	}
	strbuf_release(&path);
	return is_it;
}

static enum mx_code
check(const struct settings *settings, const char *path, enum mx_code code,
    struct mx_err *err)
{
	struct stat st;

	if (!is_file(path, &st))
		return MX_OK;
	if (is_of_store(&st, settings->state_dir))
		return mx_fail(err, code, "%s is a part of the store, and"
		    " would be lost: name another file to write to", path);
	for (size_t i = 0; i < settings->operand_count; i++)
		if (is_same(&st, settings->operands[i]))
			return mx_fail(err, code, "%s is an input, and would"
			    " be lost: name another file to write to", path);
	return MX_OK;
}

enum mx_code
output_check(const struct command *command, const struct settings *settings,
    struct mx_err *err)
{
	enum mx_code code = check(settings, settings->output, MX_E_USAGE, err);

	if (command != &command_nightly)
		return code;
	for (size_t i = 0; i < settings->outputs.count && code == MX_OK; i++)
		code = check(settings, settings->outputs.rows[i].value,
		    MX_E_CONFIG, err);
	return code;
}
