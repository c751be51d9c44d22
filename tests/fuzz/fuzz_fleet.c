/* SPDX-License-Identifier: BSD-2-Clause */
/* A report from a fleet whose server answers whatever it likes. The input is
 * its answers, each with two bytes of length in front, low byte first; the
 * first two (tables, stores) are always right. Whatever they are, it ends in a
 * document or in one of the errors of fleet.h. */
#include <stdlib.h>

#include "analyzer/fleet.h"
#include "analyzer/query.h"
#include "reports/report_build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In place of analyzer/clickhouse.c. */
struct clickhouse {
	struct slice left;
	unsigned asked;
};

/* schema 2, replicated in the database "d" */
static const char tables[] = "\2\0\0\0\0\0\0\0" "\1d";
/* origin 1, version 1, one store of that number, slots of an hour, schema 1,
 * asked in 1970 */
static const char stores[] = "\1\0\0\0\0\0\0\0" "\1\0\0\0\0\0\0\0"
    "\1\0\0\0\0\0\0\0" "\x10\x0e\0\0\0\0\0\0" "\1\0\0\0\0\0\0\0"
    "\1\0\0\0\0\0\0\0";

static struct slice
next_answer(struct clickhouse *server)
{
	struct slice *left = &server->left;
	struct slice answer;
	size_t len;

	if (left->len < 2)
		return SLICE("");
	len = (size_t)(unsigned char)left->ptr[0] |
	    (size_t)(unsigned char)left->ptr[1] << 8;
	*left = slice_skip(*left, 2);
	answer = slice_of(left->ptr, len < left->len ? len : left->len);
	*left = slice_skip(*left, len);
	return answer;
}

enum mx_code
clickhouse_query(struct clickhouse *server, struct slice sql,
    clickhouse_take *take, void *ctx, struct mx_err *err)
{
	unsigned asked = server->asked++;

	(void)sql;
	return take(ctx, asked == 0 ? slice_of(tables, sizeof(tables) - 1) :
	    asked == 1 ? slice_of(stores, sizeof(stores) - 1) :
	    next_answer(server), err);
}

const char *
clickhouse_name(const struct clickhouse *server)
{
	(void)server;
	return "fleet";
}

enum mx_code
clickhouse_open(const struct clickhouse_options *options,
    struct clickhouse **server_r, struct mx_err *err)
{
	(void)options;
	(void)server_r;
	return mx_fail(err, MX_E_UNAVAILABLE, "none");
}

void
clickhouse_close(struct clickhouse *server)
{
	(void)server;
}

enum mx_code
clickhouse_insert(struct clickhouse *server, struct slice sql,
    clickhouse_give *give, void *ctx, struct mx_err *err)
{
	(void)server;
	(void)sql;
	(void)give;
	(void)ctx;
	return mx_fail(err, MX_E_UNAVAILABLE, "none");
}

/* ------------------------------------------------------------------ */

static struct providers *providers;
static struct zone *utc;

static void
ask(struct store *store, const struct fleet_wish *wish)
{
	const struct query_options options = { .store = store, .zone = utc,
		.providers = providers,
		.since_utc = wish->windows[0].since_utc,
		.until_utc = wish->windows[0].until_utc,
		.now_utc = wish->windows[0].until_utc };
	struct report_request request = { .zone = utc,
		.providers = providers, .now_utc = options.now_utc,
		.queue_lifetime_s = 6 * 86400, .tool_version = SLICE("1"),
		.rules_version = SLICE("1") };
	struct query *query;
	struct report report;
	struct mx_err err;

	if (query_run(&options, &query, &err) != MX_OK)
		return;
	report_init(&report);
	request.query = query;
	report_build(&report, &request);
	report_release(&report);
	query_free(query);
}

static void
fetch(struct fleet *fleet, enum fleet_need need)
{
	const struct fleet_wish wish = { .need = need, .zone = utc,
		.windows = { { 1763856000, 1763856000 + 366 * 86400 } },
		.window_count = 1 };
	struct store *store = NULL;
	struct mx_err err;
	int64_t first, last;
	enum mx_code code = fleet_bounds(fleet, &first, &last, &err);

	if (code == MX_OK && store_open(STORE_PRIVATE, "",
	    fleet_slot_s(fleet), 0, &store, &err) != MX_OK)
		mx_bug("no private store");
	if (code == MX_OK)
		code = fleet_fetch(fleet, &wish, store, &err);
	if (code == MX_OK)
		ask(store, &wish);
	else if (code != MX_E_DATA && code != MX_E_LIMIT)
		mx_bug("an error that is none of a fleet's");
	store_close(store);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct clickhouse server = {
		.left = slice_of((const char *)data, size) };
	static const char *const dirs[] = { "analyzer/rules" };
	struct fleet *fleet;
	struct mx_err err;

	if (providers == NULL &&
	    (zone_open(SLICE("UTC"), &utc, &err) != MX_OK ||
	    providers_open(dirs, 1, &providers, &err) != MX_OK))
		mx_bug("no zone, no providers");
	if (fleet_open(&server, &fleet, &err) != MX_OK)
		mx_bug("these tables and stores are right");
	fetch(fleet, size % 2 == 0 ? FLEET_REPORT : FLEET_WORDS);
	fleet_close(fleet);
	return 0;
}
