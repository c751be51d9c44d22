/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/episode_words.h"

#include "reports/format_value.h"

static void
add_later(struct strbuf *out, const struct report_episode *it)
{
	if (it->delivered_later == 0) {
		strbuf_add_str(out, " none was accepted later");
		return;
	}
	strbuf_addf(out, " %lld %s accepted later (median wait ",
	    (long long)it->delivered_later,
	    it->delivered_later == 1 ? "was" : "were");
	format_span(out, (int64_t)(it->median_wait_s + 0.5));
	strbuf_add_char(out, ')');
	if (it->delivered_after_end != 0)
		strbuf_addf(out, ", %lld of these after the last refusal",
		    (long long)it->delivered_after_end);
}

void
episode_cost_words(struct strbuf *out, const struct report_episode *it)
{
	if (it->deliveries == COUNT_NONE || it->deliveries == 0 ||
	    it->delivered_later == COUNT_NONE)
		return;
	strbuf_add_str(out, "of ");
	format_count(out, it->deliveries, "refused delivery",
	    "refused deliveries");
	add_later(out, it);
	if (it->still_open != COUNT_NONE && it->still_open != 0)
		strbuf_addf(out, ", %lld still in the queue",
		    (long long)it->still_open);
	if (it->not_delivered == 0)
		strbuf_add_str(out, ", none was lost");
	else if (it->not_delivered != COUNT_NONE)
		strbuf_addf(out, ", %lld not delivered",
		    (long long)it->not_delivered);
	if (it->sender_domains != COUNT_NONE && it->sender_domains != 0) {
		strbuf_add_str(out, "; ");
		format_count(out, it->sender_domains, "sender domain",
		    "sender domains");
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
