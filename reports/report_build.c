/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/report_build_priv.h"

#include "base/zone.h"
#include "reports/definitions.h"

struct slice
build_keep(struct build *build, struct slice text)
{
	if (slice_is_none(text))
		return text;
	return arena_slice(&build->to->arena, text);
}

void *
build_room(struct build *build, size_t count, size_t size)
{
	void *room = arena_alloc(&build->to->arena, (count + 1) * size);

	memset(room, 0, (count + 1) * size);
	return room;
}

struct report_counts
build_counts(const struct query_counts *n)
{
	return (struct report_counts){
		.deliveries = n->deliveries, .messages = n->messages,
		.accepted = n->accepted, .deferred = n->deferred,
		.bounced = n->bounced, .expired = n->expired,
		.blocked = n->blocked, .open = n->open,
		.attempts = { n->attempts[OUTCOME_ACCEPTED],
		    n->attempts[OUTCOME_DEFERRED],
		    n->attempts[OUTCOME_BOUNCED] },
		.p50_s = n->p50_s, .p95_s = n->p95_s,
	};
}

/* ------------------------------------------------------------------ */
/* Days and states */

static void
print_day(const struct zone *zone, int64_t utc, char day[11])
{
	struct civil civil =
	    civil_from_seconds(utc + zone_offset(zone, utc, NULL));

	(void)snprintf(day, 11, "%04u-%02u-%02u", (unsigned)civil.year % 10000u,
	    civil.month % 100u, civil.day % 100u);
}

static void
build_days(struct build *build)
{
	const struct report_request *from = build->from;
	struct report_window *window = &build->to->window;
	size_t count;
	const struct query_day *days = query_days(from->query, &count);

	query_window(from->query, &window->since_utc, &window->until_utc);
	window->timezone = build_keep(build, zone_name(from->zone));
	window->day_count = count;
	window->days = build_room(build, count, sizeof(*window->days));
	for (size_t i = 0; i < count; i++) {
		struct report_day *to = &window->days[i];

		to->day_utc = days[i].begin_utc;
		print_day(from->zone, days[i].begin_utc, to->day);
		to->messages = days[i].messages;
		to->blocked = days[i].refused;
		to->attempts = (struct report_attempts){ days[i].attempts[0],
			days[i].attempts[1], days[i].attempts[2] };
		to->is_covered = days[i].is_covered;
		to->is_provisional = days[i].end_utc +
		    from->queue_lifetime_s > from->now_utc;
	}
}

/* ------------------------------------------------------------------ */
/* Episodes */

static enum episode_state
state_of_phase(enum episode_phase phase)
{
	switch (phase) {
	case PHASE_SUSPECTED:
		return EPISODE_SUSPECTED;
	case PHASE_CONFIRMED:
		return EPISODE_CONFIRMED;
	case PHASE_EASING:
		return EPISODE_EASING;
	case PHASE_CLOSED:
		return EPISODE_CLOSED;
	case PHASE_SILENT:
		return EPISODE_SILENT;
	case PHASE_DISMISSED:
	case EPISODE_PHASES:
		break;
	}
	return EPISODE_DISMISSED;
}

/* Kinds of reply of one reason and token are one. */
static void
add_episode_reason(struct build *build, struct report_episode *to,
    const struct query_meaning *meaning, int64_t attempts)
{
	for (size_t i = 0; i < to->reason_count; i++) {
		struct report_episode_reason *it = &to->reasons[i];

		if (!slice_eq(it->reason, meaning->reason) ||
		    !slice_eq(it->token, meaning->token))
			continue;
		it->attempts += attempts;
		/* keep the most frequent first */
		for (; i > 0 && to->reasons[i - 1].attempts <
		    to->reasons[i].attempts; i--) {
			struct report_episode_reason held = to->reasons[i];

			to->reasons[i] = to->reasons[i - 1];
			to->reasons[i - 1] = held;
		}
		return;
	}
	to->reasons[to->reason_count++] = (struct report_episode_reason){
		.reason = build_keep(build, meaning->reason),
		.token = build_keep(build, meaning->token), .attempts = attempts };
}

static void
build_episode_reasons(struct build *build, const struct episode *from,
    struct report_episode *to)
{
	to->reasons = build_room(build, from->reply_count, sizeof(*to->reasons));
	for (size_t i = 0; i < from->reply_count; i++) {
		struct query_meaning meaning;

		query_reply_meaning(build->from->query, from->replies[i].reply,
		    &meaning);
		if (i == 0)
			to->sample = build_keep(build,
			    slice_is_none(from->sample) ? meaning.sample :
			    from->sample);
		add_episode_reason(build, to, &meaning,
		    from->replies[i].attempts);
	}
	if (to->reason_count == 0)
		return;
	to->reason = to->reasons[0].reason;
	to->token = to->reasons[0].token;
}

static struct slice
over_name(enum score_over over)
{
	static const char *const names[SCORE_OVERS] = { "provider", "network",
		"sender-domain" };

	return slice_str(names[over]);
}

/* The most frequent reason, and its first words. */
static void
build_score(struct build *build, const struct query_score *from,
    struct report_score *to)
{
	const struct episode *it = &from->episode;
	struct query_meaning meaning = { SLICE_NONE, SLICE_NONE, SLICE_NONE };

	if (it->reply_count != 0)
		query_reply_meaning(build->from->query, it->replies[0].reply,
		    &meaning);
	*to = (struct report_score){
		.id = build_keep(build, slice_str(it->id)),
		.provider = build_keep(build, it->provider),
		.name = build_keep(build, providers_display_name(
		    build->from->providers, it->provider)),
		.over = over_name(from->over),
		.key = build_keep(build, from->key),
		.reason = build_keep(build, meaning.reason),
		.token = build_keep(build, meaning.token),
		.sample = build_keep(build, meaning.sample),
		.state = state_of_phase(it->phase),
		.is_explained = from->is_explained,
		.began_before_log = it->began_before_log,
		.confirmed_utc = it->confirmed_utc,
		.last_accept_before_utc = it->last_accept_before_utc,
		.first_refusal_utc = it->first_refusal_utc,
		.last_refusal_utc = it->last_refusal_utc,
		.first_accept_after_utc = it->first_accept_after_utc,
		.began_after_utc = it->began_after_utc,
		.began_by_utc = it->began_by_utc,
		.ended_after_utc = it->ended_after_utc,
		.ended_by_utc = it->ended_by_utc,
		.messages = it->messages, .recipients = it->recipients,
		.attempts = it->attempts, .flaps = it->flaps,
		.repeat = it->repeat,
	};
}

static void
build_scores(struct build *build)
{
	struct report *to = build->to;
	const struct query_score *from =
	    query_scores(build->from->query, &to->score_count);

	to->scores = build_room(build, to->score_count, sizeof(*to->scores));
	for (size_t i = 0; i < to->score_count; i++)
		build_score(build, &from[i], &to->scores[i]);
}

static int64_t
known_count(int64_t count)
{
	return count < 0 ? COUNT_NONE : count;
}

static void
build_cost(const struct episode *from, struct report_episode *to)
{
	int64_t lost = from->deliveries - from->delivered_later -
	    from->still_open;

	to->deliveries = known_count(from->deliveries);
	to->delivered_later = known_count(from->delivered_later);
	to->delivered_after_end = known_count(from->delivered_after_end);
	to->still_open = known_count(from->still_open);
	to->sender_domains = known_count(from->sender_domains);
	/* the parts may stem from stores that were pruned at other times */
	to->not_delivered = from->delivered_later < 0 || lost < 0 ?
	    COUNT_NONE : lost;
	to->median_wait_s = from->median_wait_s < 0 ? DELAY_NONE :
	    (double)from->median_wait_s;
}

static void
build_extent(struct build *build, const struct episode *from,
    struct report_episode *to)
{
	to->extent = build_keep(build, from->extent);
	to->network_refused = known_count(from->near.refused);
	to->network_accepted = known_count(from->near.accepted);
	to->elsewhere_refused = known_count(from->far.refused);
	to->elsewhere_accepted = known_count(from->far.accepted);
	to->other_senders_refused = known_count(from->senders.refused);
	to->other_senders_accepted = known_count(from->senders.accepted);
	to->sender_domain = from->sender_domain.len != 0 ?
	    build_keep(build, from->sender_domain) : SLICE_NONE;
}

static void
build_episode(struct build *build, const struct episode *from,
    struct report_episode *to)
{
	struct query_row source;

	query_source(build->from->query, from->source, &source);
	to->id = build_keep(build, slice_str(from->id));
	to->provider = build_keep(build, from->provider);
	to->name = build_keep(build, providers_display_name(build->from->providers,
	    from->provider));
	to->source = build_keep(build, from->source);
	to->source_ip = build_keep(build, source.source_ip);
	to->host = build_keep(build, source.host);
	to->instance = build_keep(build, source.instance);
	build_extent(build, from, to);
	to->state = state_of_phase(from->phase);
	to->confirmed_utc = from->confirmed_utc;
	to->last_accept_before_utc = from->last_accept_before_utc;
	to->first_refusal_utc = from->first_refusal_utc;
	to->last_refusal_utc = from->last_refusal_utc;
	to->first_accept_after_utc = from->first_accept_after_utc;
	to->began_after_utc = from->began_after_utc;
	to->began_by_utc = from->began_by_utc;
	to->ended_after_utc = from->ended_after_utc;
	to->ended_by_utc = from->ended_by_utc;
	build_cost(from, to);
	to->messages = from->messages;
	to->recipients = from->recipients;
	to->attempts = from->attempts;
	to->flaps = from->flaps;
	to->repeat = from->repeat;
	to->began_before_log = from->began_before_log;
	build_episode_reasons(build, from, to);
}

static void
build_episodes(struct build *build)
{
	struct report *to = build->to;
	size_t count;
	const struct episode *from =
	    query_episodes(build->from->query, &count);

	to->episodes = build_room(build, count, sizeof(*to->episodes));
	for (size_t i = 0; i < count; i++)
		if (from[i].phase != PHASE_DISMISSED ||
		    build->from->with_dismissed)
			build_episode(build, &from[i],
			    &to->episodes[to->episode_count++]);
}

/* ------------------------------------------------------------------ */
/* Reasons, replies, coverage */

static void
build_reasons(struct build *build)
{
	struct report *to = build->to;
	const struct query_reason *from =
	    query_reasons(build->from->query, &to->reason_count);

	to->reasons = build_room(build, to->reason_count, sizeof(*to->reasons));
	for (size_t i = 0; i < to->reason_count; i++)
		to->reasons[i] = (struct report_reason){
			.provider = build_keep(build, from[i].provider),
			.name = build_keep(build, from[i].name),
			.reason = build_keep(build, from[i].reason),
			.token = build_keep(build, from[i].token),
			.attempts = from[i].attempts,
			.deliveries = from[i].deliveries,
			.first_utc = from[i].first_utc,
			.last_utc = from[i].last_utc };
}

static void
build_replies(struct build *build)
{
	struct report *to = build->to;
	const struct query_reply *from =
	    query_replies(build->from->query, &to->reply_count);

	to->replies = build_room(build, to->reply_count, sizeof(*to->replies));
	for (size_t i = 0; i < to->reply_count; i++) {
		to->replies[i] = (struct report_reply){
			.fingerprint = from[i].fingerprint,
			.provider = build_keep(build, from[i].provider),
			.name = build_keep(build, from[i].name),
			.reason = build_keep(build, from[i].reason),
			.token = build_keep(build, from[i].token),
			.rule = build_keep(build, from[i].rule),
			.attempts = from[i].attempts,
			.first_utc = from[i].first_utc,
			.last_utc = from[i].last_utc,
			.is_new = from[i].is_new,
			.sample = build_keep(build, from[i].sample) };
		to->failed_attempts += from[i].attempts;
		if (from[i].is_unclassified)
			to->unclassified_attempts += from[i].attempts;
	}
}

static void
build_left_out(struct build *build)
{
	struct report *to = build->to;
	const struct query_left_out *from =
	    query_left_out(build->from->query, &to->left_out_count);

	to->left_out =
	    build_room(build, to->left_out_count, sizeof(*to->left_out));
	for (size_t i = 0; i < to->left_out_count; i++)
		to->left_out[i] = (struct report_left_out){
			.first_utc = from[i].first_utc,
			.last_utc = from[i].last_utc,
			.lines = from[i].lines };
}

static void
build_coverage(struct build *build)
{
	struct report *to = build->to;
	size_t skips;
	const struct query_coverage *from =
	    query_coverage(build->from->query, &to->coverage_count);
	const struct query_skip *skip = query_skips(build->from->query, &skips);

	to->coverage =
	    build_room(build, to->coverage_count, sizeof(*to->coverage));
	for (size_t i = 0; i < to->coverage_count; i++) {
		struct report_coverage *row = &to->coverage[i];

		memcpy(row->day, to->window.days[from[i].day].day,
		    sizeof(row->day));
		row->host = build_keep(build, from[i].host);
		row->first_utc = from[i].first_utc;
		row->last_utc = from[i].last_utc;
		row->lines = from[i].lines;
		row->skipped = from[i].skipped;
		row->understood = from[i].lines - from[i].skipped;
		row->state = from[i].is_full ? SLICE("full") :
		    SLICE("partial");
	}
	build_left_out(build);
	to->skips = build_room(build, skips, sizeof(*to->skips));
	to->skip_count = skips;
	for (size_t i = 0; i < skips; i++)
		to->skips[i] = (struct report_skip){
			.reason = build_keep(build, skip[i].reason),
			.lines = skip[i].lines };
}

/* Those of the window, and of what an episode that reaches into it lasted. */
static bool
is_shown(const struct report *report, const struct report_annotation *it)
{
	if (it->time_utc >= report->window.since_utc)
		return true;
	for (size_t i = 0; i < report->episode_count; i++)
		if (report_annotation_concerns(it, &report->episodes[i]))
			return true;
	return false;
}

static struct slice
known_text(struct build *build, struct slice text)
{
	return text.len == 0 ? SLICE_NONE : build_keep(build, text);
}

static void
build_annotations(struct build *build)
{
	struct report *to = build->to;
	size_t count;
	const struct query_annotation *from =
	    query_annotations(build->from->query, &count);

	to->annotations = build_room(build, count, sizeof(*to->annotations));
	for (size_t i = 0; i < count; i++) {
		struct report_annotation it = { .time_utc = from[i].utc,
			.provider = known_text(build, from[i].provider),
			.source_ip = known_text(build, from[i].source_ip),
			.kind = build_keep(build, from[i].kind),
			.text = build_keep(build, from[i].text) };

		if (is_shown(to, &it))
			to->annotations[to->annotation_count++] = it;
	}
}

static void
build_inputs(struct build *build)
{
	struct report *to = build->to;
	const struct query_input *from =
	    query_inputs(build->from->query, &to->input_count);

	to->inputs = build_room(build, to->input_count, sizeof(*to->inputs));
	for (size_t i = 0; i < to->input_count; i++)
		to->inputs[i] = (struct report_input){
			.path = build_keep(build, from[i].path),
			.fingerprint =
			    build_keep(build, slice_str(from[i].fingerprint)),
			.format = build_keep(build, from[i].format),
			.lines = from[i].lines, .bytes = from[i].bytes,
			.first_utc = from[i].first_utc,
			.last_utc = from[i].last_utc };
}

static int
compare_names(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	return slice_cmp(*a, *b);
}

/* A host has a row for each day. */
static size_t
count_hosts(const struct report *of)
{
	struct slice *hosts =
	    mx_alloc((of->coverage_count + 1) * sizeof(*hosts));
	size_t distinct = 0;

	for (size_t i = 0; i < of->coverage_count; i++)
		hosts[i] = of->coverage[i].host;
	qsort(hosts, of->coverage_count, sizeof(*hosts), compare_names);
	for (size_t i = 0; i < of->coverage_count; i++)
		distinct += i == 0 || !slice_eq(hosts[i], hosts[i - 1]);
	free(hosts);
	return distinct;
}

/* Whose report it is: the one log host, or how many. */
static void
name_host(struct build *build)
{
	struct report *to = build->to;
	size_t distinct = count_hosts(to);
	char text[32];

	if (distinct == 0) {
		to->host = SLICE_NONE;
	} else if (distinct == 1) {
		to->host = to->coverage[0].host;
	} else {
		(void)snprintf(text, sizeof(text), "%zu hosts", distinct);
		to->host = build_keep(build, slice_str(text));
	}
}

static void
build_compare(struct build *build)
{
	struct report *to = build->to;
	const struct query *compare = build->from->compare;

	if (compare == NULL)
		return;
	to->has_compare = true;
	query_window(compare, &to->compare.since_utc, &to->compare.until_utc);
	to->compare.timezone = to->window.timezone;
	to->compare_totals = build_counts(query_totals(compare));
}

static void
build_head(struct build *build)
{
	struct report *to = build->to;

	to->generated_utc = build->from->now_utc;
	to->tool_version = build_keep(build, build->from->tool_version);
	to->rules_version = build_keep(build, build->from->rules_version);
	to->zone = build->from->zone;
	build_days(build);
}

void
report_build_episodes(struct report *to, const struct report_request *from)
{
	struct build build = { .to = to, .from = from };

	build_head(&build);
	build_episodes(&build);
	build_scores(&build);
	build_annotations(&build);
}

void
report_build(struct report *to, const struct report_request *from)
{
	struct build build = { .to = to, .from = from };

	build_head(&build);
	to->totals = build_counts(query_totals(from->query));
	to->suspended = query_totals(from->query)->suspended;
	to->local = build_counts(query_hop(from->query, HOP_LOCAL));
	to->internal = build_counts(query_hop(from->query, HOP_INTERNAL));
	build_episodes(&build);
	build_scores(&build);
	to->providers =
	    build_rows(&build, QUERY_PROVIDERS, &to->provider_count);
	to->sources = build_rows(&build, QUERY_SOURCES, &to->source_count);
	to->pairs = build_rows(&build, QUERY_PAIRS, &to->pair_count);
	to->domains = build_rows(&build, QUERY_DOMAINS, &to->domain_count);
	build_day_states(&build, to->providers, to->provider_count);
	build_series(&build);
	build_reasons(&build);
	build_replies(&build);
	build_annotations(&build);
	build_others(&build);
	build_coverage(&build);
	build_inputs(&build);
	name_host(&build);
	build_compare(&build);
	report_define(to);
	report_judge(to);
}
