/* SPDX-License-Identifier: BSD-2-Clause */
/* What an attempt meets: dead destinations, blocks, greylisting, full
 * mailboxes. Decides; writes and counts nothing. */
#include "tests/gen/gen.h"

/* A number that belongs to (seed, what, day) and to nothing else. */
static uint64_t
fate(const struct gen *gen, uint64_t what, int64_t day)
{
	struct rng rng = { gen->options->seed * 31 + what * 0x51ed27 +
	    (uint64_t)day * 0x2545f491 };

	return rng_next(&rng);
}

/* Small hosts are down for some hours now and then. */
static bool
is_down(const struct gen *gen, uint32_t site)
{
	uint32_t ppm = gen->world.sites[site].outage_ppm;
	int64_t day = gen->now / GEN_DAY;
	uint64_t chance = fate(gen, site, day);
	int64_t start, length;

	if (chance % 1000000 >= ppm)
		return false;
	start = (int64_t)(chance >> 24 & 0xff) * GEN_HOUR / 16;
	length = ((int64_t)(chance >> 40 & 0xff) * GEN_HOUR) / 48;
	start += day * GEN_DAY;
	return gen->now >= start && gen->now < start + length;
}

static enum cause
cause_of_reach(enum reach reach)
{
	switch (reach) {
	case REACH_NXDOMAIN:
		return CAUSE_NXDOMAIN;
	case REACH_NULLMX:
		return CAUSE_NULLMX;
	case REACH_DNS_TEMPORARY:
		return CAUSE_DNS_TEMPORARY;
	case REACH_TIMEOUT:
		return CAUSE_CONNECT_TIMEOUT;
	case REACH_REFUSED:
		return CAUSE_CONNECT_REFUSED;
	case REACH_OK:
		break;
	}
	return CAUSE_ACCEPTED;
}

static enum cause
cause_of_episode(struct gen *gen, uint32_t provider, uint32_t source)
{
	static const enum cause CAUSE[] = { CAUSE_BLOCK, CAUSE_THROTTLE,
		CAUSE_DEFERBLOCK };
	const struct episode *episode;
	const struct episode_option *option;
	uint32_t i;

	for (i = 0; i < gen->truth.episode_count; i++) {
		episode = &gen->truth.episodes[i];
		option = episode->option;
		if (episode->provider == provider &&
		    episode->source == source && gen->now >= option->start &&
		    gen->now < option->end &&
		    rng_below(&gen->rng, 100) < option->percent)
			return CAUSE[option->kind];
	}
	return CAUSE_ACCEPTED;
}

/* Ordinary misfortune. */
static enum cause
cause_of_chance(struct gen *gen, const struct site *site, bool is_first)
{
	uint32_t roll = rng_below(&gen->rng, 100000);
	enum flavour flavour = gen->world.providers[site->provider].flavour;
	/* These put spam into a folder and say nothing of it. */
	bool is_filing = flavour == FLAVOUR_OUTLOOK || flavour == FLAVOUR_GMX;

	if (site->greylists && is_first && roll % 10 < 8)
		return CAUSE_GREYLIST;
	if (site->hostile && !gen->options->no_hostile && roll % 4 == 0)
		return roll % 3 == 0 ? CAUSE_LONGREPLY : CAUSE_HOSTILE;
	if (roll < 40)
		return CAUSE_LOST;
	if (roll < 100)
		return CAUSE_TIMEOUT;
	if (roll < 400)
		return CAUSE_BUSY;
	if (roll < 600)
		return is_filing ? CAUSE_ACCEPTED : CAUSE_CONTENT;
	return CAUSE_ACCEPTED;
}

static enum cause
cause_of_site(struct gen *gen, uint32_t site_index,
    const struct message *message)
{
	const struct site *site = &gen->world.sites[site_index];
	enum cause cause;

	if (site->reach != REACH_OK)
		return cause_of_reach(site->reach);
	if (is_down(gen, site_index))
		return site_index % 2 == 0 ? CAUSE_CONNECT_TIMEOUT :
		    CAUSE_CONNECT_REFUSED;
	cause = cause_of_episode(gen, site->provider, message->source);
	if (cause != CAUSE_ACCEPTED)
		return cause;
	if (site->dnsbl_source == message->source)
		return CAUSE_DNSBL;
	return cause_of_chance(gen, site, message->passes == 1);
}

/* Failures to get a session going make qmgr hold the destination back. */
static bool
is_session_failure(const struct gen *gen, uint32_t site, enum cause cause)
{
	enum flavour flavour =
	    gen->world.providers[gen->world.sites[site].provider].flavour;

	if (cause == CAUSE_CONNECT_TIMEOUT || cause == CAUSE_CONNECT_REFUSED ||
	    cause == CAUSE_DNS_TEMPORARY)
		return true;
	return cause_votes(cause) &&
	    reply_for(flavour, cause, 0)->command == NULL;
}

static struct verdict
verdict_own(struct gen *gen, const struct site *site, enum gen_hop hop)
{
	struct verdict verdict = { CAUSE_ACCEPTED, site->mx_first, false };
	uint32_t roll = rng_below(&gen->rng, 1000);

	if (hop == GEN_INTERNAL && roll < 3)
		verdict.cause = CAUSE_CONNECT_REFUSED;
	return verdict;
}

struct verdict
verdict_group(struct gen *gen, const struct message *message,
    const struct rcpt *rcpt)
{
	const struct domain *domain = &gen->world.domains[rcpt->domain];
	const struct site *site = &gen->world.sites[domain->site];
	struct dead_site *dead = &gen->dead[(size_t)message->source *
	    gen->world.site_count + domain->site];
	struct verdict verdict;

	if (domain->hop != GEN_REMOTE)
		return verdict_own(gen, site, domain->hop);
	if (dead->until > gen->now) {
		verdict.cause = dead->cause;
		verdict.mx = dead->mx;
		verdict.suspended = true;
		return verdict;
	}
	verdict.mx = site->mx_first;
	if (rng_below(&gen->rng, 8) == 0)
		verdict.mx += rng_below(&gen->rng, site->mx_count);
	verdict.suspended = false;
	verdict.cause = cause_of_site(gen, domain->site, message);
	if (!gen->options->no_suspended &&
	    is_session_failure(gen, domain->site, verdict.cause) &&
	    rng_below(&gen->rng, 2) == 0) {
		dead->until = gen->now + 290 * GEN_SECOND;
		dead->cause = verdict.cause;
		dead->mx = verdict.mx;
	}
	return verdict;
}

/* What one recipient of a group adds: an unknown or a full mailbox. */
enum cause
verdict_rcpt(struct gen *gen, enum cause group, const struct rcpt *rcpt)
{
	enum gen_hop hop = gen->world.domains[rcpt->domain].hop;
	uint32_t roll;

	if (group != CAUSE_ACCEPTED || hop == GEN_INTERNAL)
		return group;
	if (hop == GEN_LOCAL)
		return rcpt->user % 53 == 11 && rcpt->user > 250 ?
		    CAUSE_UNKNOWN : CAUSE_ACCEPTED;
	if (rcpt->user % 8192 == 77)
		return CAUSE_FULL;
	roll = rng_below(&gen->rng, 10000);
	if (roll < 250)
		return CAUSE_UNKNOWN;
	return roll < 275 ? CAUSE_FULL : CAUSE_ACCEPTED;
}
