/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend merge: the stores of other hosts into this one. */
#include "base/atomic_file.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/state_dir.h"

#include <sys/stat.h>

/* A state directory stands for the store in it. */
static void
store_file(const char *path, struct strbuf *out)
{
	struct stat st;

	strbuf_reset(out);
	strbuf_add_str(out, path);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		strbuf_add_str(out, "/mxtrend.db");
}

static void
tell(const char *path, const struct merge_result *result)
{
	struct strbuf name;

	strbuf_init(&name, 16384);
	scrub_text(&name, slice_str(path), true);
	(void)printf("%s: %u store%s taken, %u unchanged\n", name.ptr,
	    result->taken, result->taken == 1 ? "" : "s", result->unchanged);
	strbuf_release(&name);
}

static enum mx_code
merge_all(struct engine *engine, const struct settings *settings,
    struct mx_err *err)
{
	struct strbuf path;
	enum mx_code code = state_dir_make(settings->state_dir, err);

	if (code == MX_OK)
		code = engine_open_store(engine, settings, STORE_WRITE,
		    settings->wait_s, err);
	strbuf_init(&path, 16384);
	for (size_t i = 0; i < settings->operand_count && code == MX_OK; i++) {
		struct merge_result result;

		store_file(settings->operands[i], &path);
		code = store_merge(engine->store, path.ptr, &result, err);
		if (code == MX_OK && !settings->is_quiet)
			tell(settings->operands[i], &result);
	}
	strbuf_release(&path);
	if (code == MX_OK)
		code = store_pack_days(engine->store, err);
	return code == MX_OK ? stream_check(stdout, "standard output", err) :
	    code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct engine engine = { 0 };
	enum mx_code code;

	(void)result;
	if (settings->operand_count == 0)
		return mx_fail(err, MX_E_USAGE,
		    "merge: name at least one store");
	code = merge_all(&engine, settings, err);
	engine_close(&engine);
	return code;
}

const struct command command_merge = {
	.name = "merge",
	.summary = "fold the stores of other hosts into this one",
	.usage = "STORE...",
	.description = "Takes over what other stores hold, each named by its "
	    "file or directory. Merging a store again replaces what it gave "
	    "before, so twice is as once and the order does not matter. Two "
	    "stores that read the same input are refused.",
	.options = OPTIONS_WRITE,
	.needs = NEEDS_STORES,
	.run = run,
};
