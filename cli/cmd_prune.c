/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend prune: detail, then totals, older than configured. */
#include "base/atomic_file.h"
#include "cli/commands.h"
#include "cli/engine.h"

/* The moment before which to drop, INT64_MIN for an age of "never". */
static int64_t
cut_off(int64_t now_utc, int64_t keep_s)
{
	return keep_s <= 0 ? INT64_MIN : now_utc - keep_s;
}

static enum mx_code
print_result(const struct settings *settings,
    const struct prune_result *result, struct mx_err *err)
{
	const char *verb = settings->is_dry_run ? "would drop" : "dropped";

	if (settings->is_quiet)
		return MX_OK;
	(void)printf("%s %lld failed attempts and the words of %lld replies; "
	    "%lld rows of totals\n", verb, (long long)result->attempts,
	    (long long)result->samples, (long long)result->totals);
	if (result->addresses != 0 || result->reports != 0)
		(void)printf("%s the addresses and words of %lld complaints and "
		    "bounces; %lld reports\n", verb,
		    (long long)result->addresses, (long long)result->reports);
	if (result->messages != 0)
		(void)printf("%s addresses and words of %lld message%s whose "
		    "end was not read\n", verb, (long long)result->messages,
		    result->messages == 1 ? "" : "s");
	if (result->kept_attempts != 0)
		(void)printf("kept %lld older attempts: their episodes are not "
		    "over, or not long over\n",
		    (long long)result->kept_attempts);
	return stream_check(stdout, "standard output", err);
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct engine engine = { 0 };
	struct prune_result pruned;
	int64_t now = clock_now(&settings->clock);
	int64_t detail_s = settings->keep_s >= 0 ? settings->keep_s :
	    settings->keep_detail_s;
	enum mx_code code = engine_open_store(&engine, settings, STORE_WRITE,
	    settings->wait_s, err);

	(void)result;
	if (code == MX_OK)
		code = store_prune(engine.store, cut_off(now, detail_s),
		    cut_off(now, settings->keep_totals_s),
		    settings->is_dry_run, &pruned, err);
	if (code == MX_OK)
		code = print_result(settings, &pruned, err);
	engine_close(&engine);
	return code;
}

const struct command command_prune = {
	.name = "prune",
	.summary = "drop detail, then totals, older than configured",
	.usage = "[--keep AGE]",
	.description = "Drops failed attempts with their words and addresses "
	    "that are older than AGE (or keep_detail), and totals older than "
	    "keep_totals. Episodes that are over stay as such; of those that "
	    "are not, the attempts stay. Complaints and bounces lose their "
	    "addresses and words with the detail; the reports of others stay "
	    "as long as the totals do. Says what it dropped.",
	.options = OPTIONS_PRUNE | OPTIONS_WRITE,
	.run = run,
};
