/* SPDX-License-Identifier: BSD-2-Clause */
/* One pass of a message through the queue manager: the active line, one
 * result for each group of recipients, then the end or the next try.
 * Times and orders follow Postfix 3.7 (qmgr_active.c, smtp_connect.c). */
#include "tests/gen/gen.h"

#define MINIMAL_BACKOFF (300 * GEN_SECOND)
#define MAXIMAL_BACKOFF (4000 * GEN_SECOND)
#define QUEUE_LIFETIME  (5 * GEN_DAY)
#define LINE_STEP       120 /* microseconds between lines of one group */

static uint16_t
pending_count(const struct message *message)
{
	uint16_t i, n = 0;

	for (i = 0; i < message->rcpt_count; i++)
		if ((message->rcpts[i].flags & RCPT_DONE) == 0)
			n++;
	return n;
}

static void
line_active(struct gen *gen, const struct message *message)
{
	line_queue(gen, gen->now, message->source, "qmgr");
	put_text(gen, message->id);
	lit(gen, ": from=<");
	put_sender(gen, message);
	lit(gen, ">, size=");
	put_number(gen, message->size);
	lit(gen, ", nrcpt=");
	put_number(gen, pending_count(message));
	lit(gen, " (queue active)");
	line_end(gen);
}

/* How long the session will take: local is quick, dead hosts time out. */
static int64_t
duration(struct gen *gen, const struct message *message,
    const struct rcpt *rcpt)
{
	const struct domain *domain = &gen->world.domains[rcpt->domain];
	uint32_t roll = rng_below(&gen->rng, 1000000);

	if (message->kind == MESSAGE_FILTER)
		return 400000 + roll;
	if (domain->hop != GEN_REMOTE)
		return 15000 + roll / 30;
	if (gen->world.sites[domain->site].reach == REACH_TIMEOUT)
		return 30 * GEN_SECOND + roll;
	return 180000 + roll * (roll % 7 == 0 ? 9 : 1);
}

void
attempt(struct gen *gen, uint32_t index)
{
	struct message *message = &gen->messages[index];
	uint32_t last = GEN_NONE;
	uint16_t i;

	message->passes++;
	message->pass_start = gen->now;
	message->groups_left = 0;
	message->bounces = 0;
	line_active(gen, message);
	for (i = 0; i < message->rcpt_count; i++) {
		if ((message->rcpts[i].flags & RCPT_DONE) != 0 ||
		    message->rcpts[i].domain == last)
			continue;
		/* The content filter takes all recipients at once. */
		last = message->rcpts[i].domain;
		if (message->kind == MESSAGE_FILTER &&
		    message->groups_left > 0)
			continue;
		message->groups_left++;
		schedule(gen, gen->now + duration(gen, message,
		    &message->rcpts[i]), EVENT_RESULT, index, i);
	}
}

/* ---- the end of a pass --------------------------------------------------*/
static void
line_removed(struct gen *gen, uint32_t index, int64_t at)
{
	const struct message *message = &gen->messages[index];

	line_queue(gen, at, message->source, "qmgr");
	put_text(gen, message->id);
	lit(gen, ": removed");
	line_end(gen);
	message_close(gen, index, at);
}

static void
give_up(struct gen *gen, uint32_t index, int64_t at)
{
	struct message *message = &gen->messages[index];
	bool tells_sender = message->kind != MESSAGE_BOUNCE;

	line_queue(gen, at, message->source, "qmgr");
	put_text(gen, message->id);
	lit(gen, ": from=<");
	put_sender(gen, message);
	lit(gen, ">, status=expired, returned to sender");
	line_end(gen);
	count_expiry(gen, message);
	if (tells_sender)
		arrive_child(gen, index, at + 800);
	line_removed(gen, index, at + 1400);
}

/* Postfix doubles by waiting as long as the message is old, within limits,
 * and looks at its deferred queue every five minutes. */
static void
plan_retry(struct gen *gen, uint32_t index, int64_t at)
{
	int64_t wait = at - gen->messages[index].arrival;

	if (wait < MINIMAL_BACKOFF)
		wait = MINIMAL_BACKOFF;
	if (wait > MAXIMAL_BACKOFF)
		wait = MAXIMAL_BACKOFF;
	schedule(gen, at + wait + rng_below(&gen->rng, 300 * 1000000),
	    EVENT_ATTEMPT, index, 0);
}

static void
end_pass(struct gen *gen, uint32_t index, int64_t at)
{
	struct message *message = &gen->messages[index];
	bool is_old = at - message->arrival >= QUEUE_LIFETIME;
	uint16_t pending = pending_count(message);

	if (pending != 0 && is_old) {
		give_up(gen, index, at);
		return;
	}
	if (message->bounces > 0 && message->kind != MESSAGE_BOUNCE) {
		arrive_child(gen, index, at);
		at += 600;
	}
	if (pending == 0)
		line_removed(gen, index, at);
	else
		plan_retry(gen, index, at);
}

/* ---- one group ----------------------------------------------------------*/
static bool
is_in_group(const struct message *message, uint16_t i, uint32_t domain)
{
	if ((message->rcpts[i].flags & RCPT_DONE) != 0)
		return false;
	return message->kind == MESSAGE_FILTER ||
	    message->rcpts[i].domain == domain;
}

static void
note_result(struct gen *gen, struct message *message, struct rcpt *rcpt,
    enum gen_outcome outcome)
{
	(void)gen;
	if (outcome != GEN_DEFERRED)
		rcpt->flags |= RCPT_DONE;
	if (outcome == GEN_BOUNCED)
		message->bounces++;
}

void
result(struct gen *gen, uint32_t index, uint32_t first)
{
	struct message *message = &gen->messages[index];
	uint32_t domain = message->rcpts[first].domain;
	struct session session;
	int64_t at = gen->now;
	enum gen_outcome outcome;
	uint16_t i;

	session_open(gen, &session, index, &message->rcpts[first], at);
	message = &gen->messages[index]; /* a filter makes a new message */
	for (i = (uint16_t)first; i < message->rcpt_count; i++) {
		if (!is_in_group(message, i, domain))
			continue;
		at += LINE_STEP;
		outcome = delivery_line(gen, &session, &message->rcpts[i], at);
		note_result(gen, message, &message->rcpts[i], outcome);
	}
	if (--message->groups_left == 0)
		end_pass(gen, index, at + 500);
}
