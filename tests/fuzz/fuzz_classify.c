/* SPDX-License-Identifier: BSD-2-Clause */
/* Any text as a reply, against the delivered rules. The first byte chooses
 * stage and speaker. The second answer, out of the cache, is the first, and
 * the own address is a piece of the reply. */
#include "analyzer/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct classifier *
open_rules(void)
{
	static const char *const dirs[] = { "analyzer/rules" };
	struct classifier *classifier;
	struct mx_err err;

	if (classifier_open(dirs, 1, &classifier, &err) != MX_OK)
		mx_bug(err.text);
	return classifier;
}

static void
prove(struct classifier *classifier, const struct classify_query *query)
{
	struct slice own = SLICE_NONE, again = SLICE_NONE;
	struct classification first, second;

	first = *classify(classifier, query, &own);
	second = *classify(classifier, query, &again);
	if (first.reason != second.reason || first.scope != second.scope ||
	    first.severity != second.severity ||
	    !slice_eq(first.token, second.token) ||
	    !slice_eq(first.rule, second.rule) || !slice_eq(own, again) ||
	    first.fingerprint_id != second.fingerprint_id)
		mx_bug("the cache says something else");
	if (first.reason == REASON_NONE || first.reason >= REASONS ||
	    first.token_count > TOKENS_MAX)
		mx_bug("no answer");
	if (own.len != 0 && (own.ptr < query->reply.ptr ||
	    own.ptr + own.len > query->reply.ptr + query->reply.len))
		mx_bug("an address out of nowhere");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Loading the rules takes longer than a thousand answers. */
	static struct classifier *classifier;
	struct classify_query query = { .provider = SLICE_NONE };

	if (classifier == NULL)
		classifier = open_rules();
	if (size == 0)
		return 0;
	query.stage = (enum stage)(data[0] % STAGES);
	query.outcome = data[0] & 0x40 ? OUTCOME_DEFERRED : OUTCOME_BOUNCED;
	query.is_own_text = (data[0] & 0x80) != 0;
	query.reply = slice_of((const char *)data + 1, size - 1);
	if (size > 3)
		query.reply_code = (uint16_t)(data[1] % 6 * 100 + data[2] % 60);
	prove(classifier, &query);
	query.provider = SLICE("microsoft-consumer");
	prove(classifier, &query);
	return 0;
}
