/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend push: what is new in the store to the ClickHouse of a fleet. */
#include "analyzer/push.h"
#include "base/atomic_file.h"
#include "base/limits.h"
#include "base/say.h"
#include "cli/build_info.h"
#include "cli/commands.h"
#include "cli/fleet.h"

enum { SCHEMA_MAX = 1024 * 1024, TOOL_MAX = 64 };

/* For the database of the URL, if there is one. */
static enum mx_code
print_schema(const struct settings *settings, struct mx_err *err)
{
	const char *form = settings->push_schema;
	struct clickhouse_url url = { .database = NULL };
	struct strbuf out;
	enum mx_code code = settings->push_to == NULL ? MX_OK :
	    clickhouse_url_parse(settings->push_to, &url, err);

	if (code != MX_OK)
		return code;
	strbuf_init(&out, SCHEMA_MAX);
	if (push_schema(form, url.database != NULL ? url.database : "mxtrend",
	    clock_now(&settings->clock), &out)) {
		(void)fwrite(out.ptr, 1, out.len, stdout);
		code = stream_check(stdout, "standard output", err);
	} else {
		code = mx_fail(err, MX_E_USAGE, "--schema=%s: %s", form,
		    push_schema_forms);
	}
	strbuf_release(&out);
	clickhouse_url_release(&url);
	return code;
}

static enum mx_code
print_result(const struct push_result *result, const char *place,
    struct mx_err *err)
{
	if (result->has_lost)
		say_note("%s had less than it was sent before: everything was "
		    "sent again", place);
	if (result->segments == 0)
		(void)printf("nothing new for %s\n", place);
	else
		(void)printf("pushed %llu row%s of %llu day%s to %s\n",
		    (unsigned long long)result->rows,
		    result->rows == 1 ? "" : "s",
		    (unsigned long long)result->segments,
		    result->segments == 1 ? "" : "s", place);
	return stream_check(stdout, "standard output", err);
}

static enum mx_code
push(const struct settings *settings, const char *url, struct mx_err *err)
{
	char tool[TOOL_MAX];
	struct push_options options = { .state_dir = settings->state_dir,
		.wait_s = settings->wait_s, .is_again = settings->push_again,
		.utc = clock_now(&settings->clock), .tool = tool };
	struct push_result result;
	struct clickhouse *fleet;
	enum mx_code code = fleet_client(settings, url, &fleet, err);

	if (code != MX_OK)
		return code;
	(void)snprintf(tool, sizeof(tool), "mxtrend %s", build_version());
	code = push_run(fleet, &options, &result, err);
	if (code == MX_OK && !settings->is_quiet)
		code = print_result(&result, clickhouse_name(fleet), err);
	clickhouse_close(fleet);
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	(void)result;
	if (settings->push_schema != NULL)
		return print_schema(settings, err);
	if (settings->operand_count != 0)
		return mx_fail(err, MX_E_USAGE,
		    "push reads no files: ingest does, push sends the store");
	if (settings->push_to == NULL)
		return mx_fail(err, MX_E_USAGE, "push: where to? "
		    "--to clickhouse://HOST/DATABASE or [push] to");
	if (!settings_has_store(settings))
		return mx_fail(err, MX_E_NOINPUT, "%s: nothing was stored yet",
		    settings->state_dir);
	return push(settings, settings->push_to, err);
}

const struct command command_push = {
	.name = "push",
	.summary = "send what is new to the ClickHouse of a fleet",
	.usage = "[--to URL]",
	.description = "Sends what changed in the store since the last push to "
	    "a ClickHouse that many hosts share. A push that was cut, repeated "
	    "or run twice changes nothing there; what could not be sent waits "
	    "in the store. With --schema it prints the tables that the "
	    "database must have, for one node or a cluster, or how to drop "
	    "what old pushes left.",
	.options = OPTIONS_PUSH | OPTIONS_WRITE,
	.needs = NEEDS_NETWORK,
	.run = run,
};
