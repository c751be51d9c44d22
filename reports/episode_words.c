/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/episode_words.h"

#include "base/say.h"
#include "reports/format_value.h"

static void
add_wait(struct strbuf *out, const struct report_episode *it)
{
	strbuf_add_str(out, " accepted later (median wait ");
	format_span(out, (int64_t)(it->median_wait_s + 0.5));
	strbuf_add_char(out, ')');
	if (it->delivered_after_end != 0)
		strbuf_addf(out, ", %lld of these after the last refusal",
		    (long long)it->delivered_after_end);
}

static void
add_all(struct strbuf *out, const struct report_episode *it)
{
	if (it->deliveries == 1)
		strbuf_add_str(out, "the one refused delivery");
	else
		strbuf_addf(out, "all %lld refused deliveries",
		    (long long)it->deliveries);
}

static void
add_parts(struct strbuf *out, const struct report_episode *it)
{
	strbuf_add_str(out, "of ");
	format_count(out, it->deliveries, "refused delivery",
	    "refused deliveries");
	if (it->delivered_later == 0) {
		strbuf_add_str(out, " none was accepted later");
	} else {
		strbuf_addf(out, " %lld %s", (long long)it->delivered_later,
		    it->delivered_later == 1 ? "was" : "were");
		add_wait(out, it);
	}
	if (it->still_open != COUNT_NONE && it->still_open != 0)
		strbuf_addf(out, ", %lld still in the queue",
		    (long long)it->still_open);
	if (it->not_delivered == 0)
		strbuf_add_str(out, ", none was lost");
	else if (it->not_delivered != COUNT_NONE)
		strbuf_addf(out, ", %lld not delivered",
		    (long long)it->not_delivered);
}

void
episode_cost_words(struct strbuf *out, const struct report_episode *it)
{
	if (it->deliveries == COUNT_NONE || it->deliveries == 0 ||
	    it->delivered_later == COUNT_NONE)
		return;
	if (it->not_delivered == it->deliveries) {
		add_all(out, it);
		strbuf_add_str(out, " failed for good");
	} else if (it->delivered_later == it->deliveries) {
		add_all(out, it);
		strbuf_add_str(out, it->deliveries == 1 ? " was" : " were");
		add_wait(out, it);
	} else {
		add_parts(out, it);
	}
	if (it->sender_domains != COUNT_NONE && it->sender_domains != 0) {
		strbuf_add_str(out, "; ");
		format_count(out, it->sender_domains, "sender domain",
		    "sender domains");
	}
}

static int64_t
known(int64_t count)
{
	return count == COUNT_NONE ? 0 : count;
}

static void
add_share(struct strbuf *out, int64_t accepted, int64_t refused)
{
	format_count(out, accepted, "message", "messages");
	if (refused == 0)
		strbuf_add_str(out, " accepted, none refused meanwhile");
	else
		strbuf_addf(out, " accepted, %lld refused meanwhile",
		    (long long)refused);
}

static void
add_others(struct strbuf *out, const struct report_episode *it)
{
	int64_t near_accepted = known(it->network_accepted);
	int64_t near_refused = known(it->network_refused);
	int64_t far_accepted = known(it->elsewhere_accepted);
	int64_t far_refused = known(it->elsewhere_refused);

	if (near_accepted + near_refused != 0) {
		strbuf_add_str(out, "; our others in its network: ");
		add_share(out, near_accepted, near_refused);
	}
	if (far_accepted + far_refused != 0) {
		strbuf_add_str(out, "; our addresses in other networks: ");
		add_share(out, far_accepted, far_refused);
	}
}

static void
add_senders(struct strbuf *out, const struct report_episode *it)
{
	strbuf_add_str(out, "; one sender domain is refused");
	if (!slice_is_none(it->sender_domain)) {
		strbuf_add_str(out, ", ");
		scrub_text(out, it->sender_domain, true);
	}
	if (known(it->other_senders_accepted) == 0)
		return;
	strbuf_add_str(out, "; other sender domains from the same address: ");
	strbuf_add_str(out, "at least ");
	add_share(out, it->other_senders_accepted,
	    known(it->other_senders_refused));
}

/* By the score's own measure: six for a refusal, one for an acceptance. */
static bool
others_pass(const struct report_episode *it)
{
	int64_t accepted = known(it->network_accepted) +
	    known(it->elsewhere_accepted);
	int64_t refused = known(it->network_refused) +
	    known(it->elsewhere_refused);

	return accepted != 0 && 6 * refused < accepted;
}

void
episode_extent_words(struct strbuf *out, const struct report_episode *it)
{
	if (slice_eq(it->extent, SLICE("domain"))) {
		add_senders(out, it);
	} else if (slice_eq(it->extent, SLICE("all"))) {
		strbuf_add_str(out, "; all our addresses are refused");
		add_others(out, it);
	} else if (slice_eq(it->extent, SLICE("range"))) {
		strbuf_add_str(out, "; a range of our addresses is refused");
		add_others(out, it);
	} else {
		if (others_pass(it))
			strbuf_add_str(out, "; this address alone is refused");
		add_others(out, it);
	}
}

void
score_over_words(struct strbuf *out, const struct report_score *it)
{
	if (slice_eq(it->over, SLICE("network"))) {
		scrub_text(out, it->key, true);
		strbuf_add_str(out, " taken together");
	} else if (slice_eq(it->over, SLICE("sender-domain"))) {
		strbuf_add_str(out, "mail of ");
		scrub_text(out, it->key, true);
		strbuf_add_str(out, " taken together");
	} else {
		strbuf_add_str(out, "all our addresses taken together");
	}
}

static bool
began_wide(const struct report_episode *it)
{
	return it->began_after_utc != it->last_accept_before_utc ||
	    it->began_by_utc != it->first_refusal_utc;
}

static bool
ended_wide(const struct report_episode *it)
{
	return it->ended_after_utc != it->last_refusal_utc ||
	    it->ended_by_utc != it->first_accept_after_utc;
}

/* Of what is refused still, the end is not asked for. */
static bool
tells_end(const struct report_episode *it)
{
	return it->state != EPISODE_CONFIRMED &&
	    it->state != EPISODE_SUSPECTED;
}

bool
episode_began_words(struct strbuf *out, const struct report_episode *it,
    const struct episode_clock *clock)
{
	if (!began_wide(it))
		return false;
	if (it->began_after_utc == TIME_NONE) {
		strbuf_add_str(out, "began by ");
	} else {
		strbuf_add_str(out, "began between ");
		clock->add(out, clock->ctx, it->began_after_utc);
		strbuf_add_str(out, " and ");
	}
	clock->add(out, clock->ctx, it->began_by_utc);
	strbuf_add_str(out, " (99 %)");
	return true;
}

bool
episode_ended_words(struct strbuf *out, const struct report_episode *it,
    const struct episode_clock *clock)
{
	if (!ended_wide(it) || !tells_end(it))
		return false;
	if (it->ended_by_utc == TIME_NONE) {
		strbuf_add_str(out, "did not end before ");
		clock->add(out, clock->ctx, it->ended_after_utc);
	} else {
		strbuf_add_str(out, "ended between ");
		clock->add(out, clock->ctx, it->ended_after_utc);
		strbuf_add_str(out, " and ");
		clock->add(out, clock->ctx, it->ended_by_utc);
	}
	strbuf_add_str(out, " (99 %)");
	return true;
}

void
episode_others_words(struct strbuf *out, const struct report *report,
    const struct report_episode *it)
{
	int64_t accepted = 0, finished = 0;
	size_t others = 0;

	for (size_t i = 0; i < report->pair_count; i++) {
		const struct report_row *pair = &report->pairs[i];
		const struct report_counts *n = &pair->n;

		if (!slice_eq(pair->source, it->source) ||
		    slice_eq(pair->provider, it->provider) ||
		    n->deliveries == 0)
			continue;
		others++;
		accepted += n->accepted;
		finished += n->accepted + n->bounced + n->expired;
	}
	if (others == 0)
		return;
	strbuf_add_str(out, "; ");
	format_count(out, (int64_t)others, "other provider",
	    "other providers");
	strbuf_addf(out, " accepted %lld of %lld from this source",
	    (long long)accepted, (long long)finished);
}
