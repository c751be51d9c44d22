/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds the true counts and writes them as JSON. Knows totals, not lines. */
#include "tests/gen/gen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
episode_add(struct truth *truth, uint32_t provider, uint32_t source,
    const struct episode_option *option, bool is_random)
{
	struct episode *episode;

	truth->episodes = xrealloc(truth->episodes,
	    (truth->episode_count + 1) * sizeof(*truth->episodes));
	episode = &truth->episodes[truth->episode_count++];
	memset(episode, 0, sizeof(*episode));
	episode->provider = provider;
	episode->source = source;
	episode->option = option;
	episode->is_random = is_random;
}

/* One option may name several sources: each gets an episode of its own. */
static void
episodes_of(struct gen *gen, const struct episode_option *option,
    bool is_random)
{
	const struct world *world = &gen->world;
	uint32_t provider = world_provider(world, option->provider);
	uint32_t i, before = gen->truth.episode_count;

	if (provider == GEN_NONE)
		die("no such provider in the model", option->provider);
	for (i = 0; i < world->source_count; i++)
		if ((option->instance == NULL || strcmp(option->instance,
		    world->sources[i].smtp_tag) == 0) &&
		    (option->host == NULL ||
		    strcmp(option->host, world->sources[i].host) == 0))
			episode_add(&gen->truth, provider, i, option,
			    is_random);
	if (gen->truth.episode_count == before)
		die("no such instance in the model", option->instance);
}

static bool
is_taken(const struct truth *truth, uint32_t provider, uint32_t source)
{
	uint32_t i;

	for (i = 0; i < truth->episode_count; i++)
		if (truth->episodes[i].provider == provider &&
		    truth->episodes[i].source == source)
			return true;
	return false;
}

/* Episodes of their own luck: a big provider, one source, six hours to five
 * days, and never two on one pair. */
static void
episodes_random(struct gen *gen, uint32_t count)
{
	static const char *const PROVIDER[] = { "microsoft-consumer", "gmail",
		"yahoo", "gmx-webde", "apple", "t-online", "microsoft365",
		"orange-fr", "proofpoint" };
	struct episode_option *option;
	int64_t span = gen->end - gen->begin;
	uint32_t provider, source, tries;

	for (tries = 0; count > 0 && tries < 1000; tries++) {
		const char *key = PROVIDER[rng_below(&gen->rng, 9)];

		provider = world_provider(&gen->world, key);
		source = rng_below(&gen->rng, gen->world.source_count);
		if (is_taken(&gen->truth, provider, source))
			continue;
		option = xcalloc(1, sizeof(*option));
		option->provider = key;
		option->start = gen->begin + span / 100 *
		    (5 + rng_below(&gen->rng, 70));
		option->end = option->start +
		    (6 + rng_below(&gen->rng, 114)) * GEN_HOUR;
		option->kind = (enum episode_kind)rng_below(&gen->rng, 3);
		option->percent = option->kind == EPISODE_THROTTLE ?
		    20 + rng_below(&gen->rng, 60) : 100;
		episode_add(&gen->truth, provider, source, option, true);
		count--;
	}
}

void
truth_init(struct truth *truth, const struct gen *gen)
{
	const struct gen_options *options = gen->options;
	unsigned i;

	memset(truth, 0, sizeof(*truth));
	truth->source_count = gen->world.source_count;
	truth->pairs = xcalloc((size_t)gen->world.provider_count *
	    truth->source_count, sizeof(struct pair_truth *));
	truth->provider_messages = xcalloc(gen->world.provider_count,
	    sizeof(*truth->provider_messages));
	truth->days = options->days + 4;
	truth->day0[1] = days_from_civil(options->start_year,
	    options->start_month, options->start_day) - 1;
	truth->day0[0] = truth->day0[1];
	for (i = 0; i < options->episode_count; i++)
		episodes_of((struct gen *)(uintptr_t)gen,
		    &options->episodes[i], false);
	episodes_random((struct gen *)(uintptr_t)gen,
	    options->random_episodes);
}

void
truth_release(struct truth *truth, const struct world *world)
{
	size_t i, n = (size_t)world->provider_count * truth->source_count;

	for (i = 0; i < n; i++) {
		if (truth->pairs[i] == NULL)
			continue;
		free(truth->pairs[i]->by_day[0]);
		free(truth->pairs[i]->by_day[1]);
		free(truth->pairs[i]);
	}
	for (i = 0; i < truth->episode_count; i++)
		if (truth->episodes[i].is_random)
			free((void *)(uintptr_t)truth->episodes[i].option);
	free(truth->pairs);
	free(truth->episodes);
	free(truth->provider_messages);
}

struct pair_truth *
truth_pair(struct gen *gen, uint32_t provider, uint32_t source)
{
	struct truth *truth = &gen->truth;
	struct pair_truth **slot = &truth->pairs[(size_t)provider *
	    truth->source_count + source];

	if (*slot == NULL) {
		*slot = xcalloc(1, sizeof(**slot));
		(*slot)->by_day[0] = xcalloc(truth->days * 4,
		    sizeof(uint32_t));
		(*slot)->by_day[1] = xcalloc(truth->days * 4,
		    sizeof(uint32_t));
	}
	return *slot;
}

/* ---- JSON ---------------------------------------------------------------
 * All texts are our own and need no escaping. */
struct writer {
	FILE *file;
	const struct gen *gen;
	const char *comma;
};

static void
write_time(struct writer *writer, const char *key, int64_t at)
{
	int64_t second = at / GEN_SECOND;
	int year, month, day;

	if (at == 0 || at == INT64_MAX)
		return;
	civil_from_days(second / 86400, &year, &month, &day);
	fprintf(writer->file, ",\"%s\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", key,
	    year, month, day, (int)(second / 3600 % 24),
	    (int)(second / 60 % 60), (int)(second % 60));
}

static void
write_source(struct writer *writer, uint32_t provider, uint32_t source)
{
	const struct world *world = &writer->gen->world;

	fprintf(writer->file, "\"provider\":\"%s\",\"host\":\"%s\","
	    "\"instance\":\"%s\"", world->providers[provider].key,
	    world->sources[source].host, world->sources[source].smtp_tag);
}

static void
write_day_rows(struct writer *writer, unsigned zone, uint32_t provider,
    uint32_t source, const struct pair_truth *pair)
{
	const struct truth *truth = &writer->gen->truth;
	const uint32_t *cell;
	int year, month, date;
	uint32_t day;

	for (day = 0; day < truth->days; day++) {
		cell = &pair->by_day[zone][day * 4];
		if (cell[GEN_OUTCOMES] == 0)
			continue;
		civil_from_days(truth->day0[zone] + day, &year, &month, &date);
		fprintf(writer->file, "%s\n  {\"day\":\"%04d-%02d-%02d\",",
		    writer->comma, year, month, date);
		write_source(writer, provider, source);
		fprintf(writer->file, ",\"accepted\":%u,\"deferred\":%u,"
		    "\"bounced\":%u,\"messages\":%u}", cell[0], cell[1],
		    cell[2], cell[3]);
		writer->comma = ",";
	}
}

static void
write_pair_row(struct writer *writer, uint32_t provider, uint32_t source,
    const struct pair_truth *pair)
{
	fprintf(writer->file, "%s\n  {", writer->comma);
	write_source(writer, provider, source);
	fprintf(writer->file, ",\"messages\":%" PRIu64 ",\"deliveries\":%"
	    PRIu64 ",\"accepted\":%" PRIu64 ",\"bounced\":%" PRIu64
	    ",\"expired\":%" PRIu64 ",\"open\":%" PRIu64 ",\"deferred\":%"
	    PRIu64 ",\"blocked\":%" PRIu64 ",\"refusals\":%" PRIu64,
	    pair->messages, pair->deliveries, pair->accepted, pair->bounced,
	    pair->expired, pair->deliveries - pair->accepted - pair->bounced -
	    pair->expired, pair->deferred, pair->blocked, pair->refusals);
	write_time(writer, "first_refusal", pair->first_refusal);
	write_time(writer, "last_refusal", pair->last_refusal);
	fputc('}', writer->file);
	writer->comma = ",";
}

/* ZONE 0 or 1: rows by UTC or local day; 2: one row a pair. */
static void
write_pairs(struct writer *writer, const char *name, unsigned zone)
{
	const struct truth *truth = &writer->gen->truth;
	const struct pair_truth *pair;
	uint32_t provider, source;

	fprintf(writer->file, ",\n \"%s\":[", name);
	writer->comma = "";
	for (provider = 0; provider < writer->gen->world.provider_count;
	    provider++)
		for (source = 0; source < truth->source_count; source++) {
			pair = truth->pairs[(size_t)provider *
			    truth->source_count + source];
			if (pair == NULL)
				continue;
			if (zone < 2)
				write_day_rows(writer, zone, provider, source,
				    pair);
			else
				write_pair_row(writer, provider, source, pair);
		}
	fputs("]", writer->file);
}

static void
pair_sum(struct pair_truth *sum, const struct pair_truth *pair)
{
	sum->deliveries += pair->deliveries;
	sum->accepted += pair->accepted;
	sum->bounced += pair->bounced;
	sum->expired += pair->expired;
	sum->deferred += pair->deferred;
	sum->blocked += pair->blocked;
}

static void
write_sum(struct writer *writer, const struct pair_truth *sum,
    uint64_t messages)
{
	fprintf(writer->file, "\"messages\":%" PRIu64 ",\"deliveries\":%"
	    PRIu64 ",\"accepted\":%" PRIu64 ",\"bounced\":%" PRIu64
	    ",\"expired\":%" PRIu64 ",\"open\":%" PRIu64 ",\"deferred\":%"
	    PRIu64 ",\"blocked\":%" PRIu64 "}", messages, sum->deliveries,
	    sum->accepted, sum->bounced, sum->expired, sum->deliveries -
	    sum->accepted - sum->bounced - sum->expired, sum->deferred,
	    sum->blocked);
}

static void
write_providers(struct writer *writer)
{
	const struct gen *gen = writer->gen;
	const struct truth *truth = &gen->truth;
	const struct pair_truth *pair;
	struct pair_truth all, sum;
	uint32_t provider, source;

	memset(&all, 0, sizeof(all));
	fputs(",\n \"by_provider\":[", writer->file);
	writer->comma = "";
	for (provider = 0; provider < gen->world.provider_count; provider++) {
		memset(&sum, 0, sizeof(sum));
		for (source = 0; source < truth->source_count; source++) {
			pair = truth->pairs[(size_t)provider *
			    truth->source_count + source];
			if (pair != NULL)
				pair_sum(&sum, pair);
		}
		if (sum.deliveries == 0)
			continue;
		fprintf(writer->file, "%s\n  {\"provider\":\"%s\",",
		    writer->comma, gen->world.providers[provider].key);
		write_sum(writer, &sum, truth->provider_messages[provider]);
		writer->comma = ",";
		pair_sum(&all, &sum);
	}
	fputs("],\n \"all\":{", writer->file);
	write_sum(writer, &all, truth->messages);
}

static void
write_episodes(struct writer *writer)
{
	static const char *const KIND[] = { "block", "throttle", "defer" };
	const struct truth *truth = &writer->gen->truth;
	const struct episode *episode;
	uint32_t i;

	fputs(",\n \"episodes\":[", writer->file);
	for (i = 0; i < truth->episode_count; i++) {
		episode = &truth->episodes[i];
		fprintf(writer->file, "%s\n  {", i == 0 ? "" : ",");
		write_source(writer, episode->provider, episode->source);
		fprintf(writer->file, ",\"kind\":\"%s\",\"percent\":%u,"
		    "\"refusals\":%" PRIu64 ",\"accepted_inside\":%" PRIu64,
		    KIND[episode->option->kind], episode->option->percent,
		    episode->attempts, episode->accepted);
		write_time(writer, "start", episode->option->start);
		write_time(writer, "end", episode->option->end);
		write_time(writer, "last_accept_before",
		    episode->accept_before);
		write_time(writer, "first_refusal", episode->first_refusal);
		write_time(writer, "last_refusal", episode->last_refusal);
		write_time(writer, "first_accept_after",
		    episode->accept_after);
		fputc('}', writer->file);
	}
	fputs("]", writer->file);
}

static uint64_t
write_facts(struct writer *writer)
{
	static const char *const HOP[] = { "remote", "local", "internal" };
	const struct truth *truth = &writer->gen->truth;
	uint64_t total = truth->suspended + truth->probes + truth->discarded +
	    truth->expired_unknown;
	unsigned hop, outcome;

	fputs(",\n \"facts\":{", writer->file);
	for (hop = 0; hop < GEN_HOPS; hop++) {
		const uint64_t *count = truth->facts[hop];

		fprintf(writer->file, "\"%s\":{\"accepted\":%" PRIu64
		    ",\"deferred\":%" PRIu64 ",\"bounced\":%" PRIu64
		    ",\"expired\":%" PRIu64 "},\n  ", HOP[hop], count[0],
		    count[1], count[2], truth->expired[hop]);
		for (outcome = 0; outcome < GEN_OUTCOMES; outcome++)
			total += count[outcome];
		total += truth->expired[hop];
	}
	fprintf(writer->file, "\"expired_without_recipient\":%" PRIu64
	    ",\"suspended\":%" PRIu64 ",\"probe\":%" PRIu64 ",\"discarded\":%"
	    PRIu64 ",\"total\":%" PRIu64 "}", truth->expired_unknown,
	    truth->suspended, truth->probes, truth->discarded, total);
	return total;
}

static void
write_head(struct writer *writer)
{
	const struct gen *gen = writer->gen;
	const struct truth *truth = &gen->truth;

	fprintf(writer->file, "{\"generator\":\"genlog\",\"seed\":%" PRIu64
	    ",\"zone\":\"%s\",\"lines\":%" PRIu64 ",\"bytes\":%" PRIu64
	    ",\"days\":%u,\"per_day\":%u", gen->options->seed,
	    gen->options->zone, gen->out.lines, gen->out.bytes,
	    gen->options->days, gen->options->per_day);
	write_time(writer, "begin", gen->begin);
	write_time(writer, "end", gen->end);
	fprintf(writer->file, ",\n \"delivery_lines\":%" PRIu64
	    ",\"expiry_lines\":%" PRIu64 ",\"reused_ids\":%" PRIu64
	    ",\"deliveries_only_suspended\":%" PRIu64, truth->delivery_lines,
	    truth->expiry_lines, truth->reused_ids, truth->suspended_only);
	fprintf(writer->file, ",\n \"dirt\":{\"attempts_cut_before_status\":%"
	    PRIu64 ",\"cut\":%" PRIu64 ",\"garbage\":%" PRIu64 ",\"nul\":%"
	    PRIu64 ",\"long\":%" PRIu64 ",\"forged\":%" PRIu64 ",\"loss\":%"
	    PRIu64 "}", truth->attempts_cut, truth->dirt[DIRT_CUT],
	    truth->dirt[DIRT_GARBAGE], truth->dirt[DIRT_NUL],
	    truth->dirt[DIRT_LONG], truth->dirt[DIRT_FORGED],
	    truth->dirt[DIRT_LOSS]);
}

void
truth_write(const struct gen *gen, const char *path)
{
	struct writer writer = { NULL, gen, "" };

	writer.file = fopen(path, "w");
	if (writer.file == NULL)
		die(strerror(errno), path);
	write_head(&writer);
	write_facts(&writer);
	write_providers(&writer);
	write_pairs(&writer, "by_provider_source", 2);
	write_episodes(&writer);
	write_pairs(&writer, "attempts_by_utc_day", 0);
	write_pairs(&writer, "attempts_by_local_day", 1);
	fputs("}\n", writer.file);
	if (ferror(writer.file) != 0 || fclose(writer.file) != 0)
		die("cannot write", path);
}
