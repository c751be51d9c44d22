/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages come into being: by submission, from the command line, from
 * outside, and as notifications. Writes their first lines and plans their
 * first attempt. */
#include "tests/gen/gen.h"

/* Share of a day's mail in each local hour, in 1/1000. */
static const uint16_t HOURS[24] = { 12, 9, 8, 8, 9, 14, 24, 40, 66, 78, 80, 74,
	62, 64, 70, 68, 62, 54, 44, 40, 38, 34, 26, 16 };

static uint32_t
arrivals_in_hour(struct gen *gen)
{
	int64_t second = gen->hour_start / GEN_SECOND;
	int64_t local = second + zone_offset_at(&gen->zone, second);
	uint64_t share = HOURS[local / 3600 % 24];
	int64_t weekday = (local / 86400 + 4) % 7; /* 0 = Sunday */

	if (weekday == 0 || weekday == 6)
		share = share * 2 / 5;
	else
		share = share * 31 / 25; /* so that a week has 7 days' worth */
	gen->carry += share * gen->options->per_day;
	share = gen->carry / 1000;
	gen->carry %= 1000;
	return (uint32_t)share;
}

/* Arrivals stand evenly in their hour, each moved by chance. */
static void
plan_next(struct gen *gen)
{
	int64_t slot;

	while (gen->hour_done == gen->hour_count) {
		gen->hour_start += GEN_HOUR;
		if (gen->hour_start >= gen->end)
			return;
		gen->hour_done = 0;
		gen->hour_count = arrivals_in_hour(gen);
	}
	slot = GEN_HOUR / gen->hour_count;
	schedule(gen, gen->hour_start + slot * gen->hour_done +
	    rng_below(&gen->rng, (uint32_t)slot), EVENT_ARRIVE, GEN_NONE, 0);
	gen->hour_done++;
}

static uint16_t
draw_rcpt_count(struct gen *gen)
{
	uint32_t roll = rng_below(&gen->rng, 1000);

	if (roll < 930)
		return 1;
	if (roll < 980)
		return (uint16_t)(2 + rng_below(&gen->rng, 2));
	if (roll < 996)
		return (uint16_t)(4 + rng_below(&gen->rng, 9));
	return (uint16_t)(13 + rng_below(&gen->rng, 38));
}

static enum message_kind
draw_kind(struct gen *gen)
{
	uint32_t roll = rng_below(&gen->rng, 100000);

	if (roll < 60)
		return MESSAGE_PROBE;
	if (roll < 100)
		return MESSAGE_DISCARD;
	if (roll < 100 + gen->options->local_percent * 1000)
		return MESSAGE_LOCAL;
	if (rng_below(&gen->rng, 100) < gen->options->filter_percent)
		return MESSAGE_FILTER;
	return MESSAGE_OUT;
}

static void
draw_rcpts(struct gen *gen, struct message *message, uint16_t count)
{
	uint32_t domain = 0;
	uint16_t i;

	for (i = 0; i < count; i++) {
		if (message->kind == MESSAGE_PROBE) {
			domain = 3 + rng_below(&gen->rng, 20);
		} else if (message->kind != MESSAGE_LOCAL) {
			domain = world_pick_domain(&gen->world, &gen->rng);
			if (rng_below(&gen->rng, 100) < 3)
				domain = rng_below(&gen->rng, 3);
		} else if (rng_below(&gen->rng, 50) == 0) {
			domain = 1 + rng_below(&gen->rng, 2);
		} else {
			domain = 0;
		}
		message_add_rcpt(gen, message, domain);
	}
	message_sort_rcpts(message);
}

/* ---- the lines ----------------------------------------------------------*/
static void
put_client(struct gen *gen, bool is_outside)
{
	uint32_t n = rng_below(&gen->rng, 200);

	if (is_outside && n % 9 == 0)
		lit(gen, "unknown[198.51.100.");
	else if (is_outside)
		lit(gen, "relay.sender.example[198.51.100.");
	else
		lit(gen, "dsl-203-0-113.provider.example[203.0.113.");
	put_number(gen, n + 20);
	put_char(gen, ']');
}

static void
put_id(struct gen *gen, const struct message *message)
{
	put_text(gen, message->id);
	lit(gen, ": ");
}

static void
lines_cleanup(struct gen *gen, const struct message *message, int64_t at)
{
	const struct source *source = &gen->world.sources[message->source];

	line_queue(gen, at, message->source, "cleanup");
	put_id(gen, message);
	lit(gen, "message-id=");
	put_message_id(gen, message);
	line_end(gen);
	line_begin(gen, at + 900, source->host, "opendkim", "",
	    pid_of(gen, source->queue, "opendkim", 0));
	put_id(gen, message);
	if (message->kind == MESSAGE_LOCAL)
		lit(gen, "DKIM verification successful");
	else
		lit(gen, "DKIM-Signature field added (s=2026, d=example.org)");
	line_end(gen);
}

static void
lines_smtpd(struct gen *gen, const struct message *message, int64_t at)
{
	struct rng same = gen->rng; /* the same client three times */
	bool is_outside = message->kind == MESSAGE_LOCAL;
	const char *program = is_outside ? "smtpd" : "submission/smtpd";

	line_queue(gen, at, message->source, program);
	lit(gen, "connect from ");
	put_client(gen, is_outside);
	line_end(gen);
	line_queue(gen, at + 1500, message->source, program);
	put_id(gen, message);
	lit(gen, "client=");
	gen->rng = same;
	put_client(gen, is_outside);
	if (!is_outside) {
		lit(gen, ", sasl_method=PLAIN, sasl_username=");
		put_address(gen, message->sender % 200 + 8, 0);
	}
	line_end(gen);
	lines_cleanup(gen, message, at + 2500);
	line_queue(gen, at + 4500, message->source, program);
	lit(gen, "disconnect from ");
	gen->rng = same;
	put_client(gen, is_outside);
	put_text(gen, is_outside ?
	    " ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7" :
	    " ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8");
	line_end(gen);
}

static void
lines_pickup(struct gen *gen, const struct message *message, int64_t at)
{
	line_queue(gen, at, message->source, "pickup");
	put_id(gen, message);
	lit(gen, "uid=33 from=<");
	put_sender(gen, message);
	put_char(gen, '>');
	line_end(gen);
	lines_cleanup(gen, message, at + 400);
}

static void
lines_birth(struct gen *gen, const struct message *message, int64_t at)
{
	if (message->kind == MESSAGE_PROBE)
		lines_cleanup(gen, message, at);
	else if (message->kind == MESSAGE_OUT && message->serial % 8 == 0)
		lines_pickup(gen, message, at);
	else
		lines_smtpd(gen, message, at);
}

void
arrive(struct gen *gen)
{
	enum message_kind kind = draw_kind(gen);
	uint32_t source = rng_below(&gen->rng, gen->world.source_count);
	uint16_t count = 1;
	uint32_t index;
	struct message *message;

	plan_next(gen);
	if (kind == MESSAGE_OUT || kind == MESSAGE_FILTER)
		count = draw_rcpt_count(gen);
	index = message_new(gen, source, kind, gen->now, count);
	message = &gen->messages[index];
	message->is_forwarded = kind == MESSAGE_OUT &&
	    rng_below(&gen->rng, 12) == 0;
	draw_rcpts(gen, message, count);
	lines_birth(gen, message, gen->now);
	schedule(gen, gen->now + 8000 + rng_below(&gen->rng, 9000),
	    EVENT_ATTEMPT, index, 0);
	noise(gen, source, gen->now);
	if (rng_ppm(&gen->rng, gen->options->dirty_ppm))
		dirt_line(gen, source, gen->now);
}

/* A non-delivery notification to the sender of PARENT. */
void
arrive_child(struct gen *gen, uint32_t parent, int64_t at)
{
	struct rcpt sender = sender_of(&gen->messages[parent]);
	uint32_t source = gen->messages[parent].source;
	uint32_t index = message_new(gen, source, MESSAGE_BOUNCE, at, 1);
	struct message *message = &gen->messages[index];

	message->rcpts[0] = sender;
	message->rcpt_count = 1;
	line_queue(gen, at, source, "cleanup");
	put_id(gen, message);
	lit(gen, "message-id=");
	put_message_id(gen, message);
	line_end(gen);
	line_queue(gen, at + 300, source, "bounce");
	put_id(gen, &gen->messages[parent]);
	lit(gen, "sender non-delivery notification: ");
	put_text(gen, message->id);
	line_end(gen);
	schedule(gen, at + 1500, EVENT_ATTEMPT, index, 0);
}

/* The message comes back from the content filter under an id of its own. */
uint32_t
arrive_filtered(struct gen *gen, uint32_t parent, int64_t at)
{
	const struct message *old = &gen->messages[parent];
	uint32_t index = message_new(gen, old->source, MESSAGE_OUT, at,
	    old->rcpt_count);
	struct message *message = &gen->messages[index];
	uint16_t i;

	old = &gen->messages[parent]; /* the table may have moved */
	message->sender = old->sender;
	message->size = old->size + 600;
	for (i = 0; i < old->rcpt_count; i++) {
		message->rcpts[i] = old->rcpts[i];
		message->rcpts[i].flags = 0;
	}
	message->rcpt_count = old->rcpt_count;
	line_queue(gen, at, message->source, "smtpd");
	lit(gen, "connect from localhost[127.0.0.1]");
	line_end(gen);
	line_queue(gen, at + 400, message->source, "smtpd");
	put_id(gen, message);
	lit(gen, "client=localhost[127.0.0.1]");
	line_end(gen);
	line_queue(gen, at + 900, message->source, "cleanup");
	put_id(gen, message);
	lit(gen, "message-id=");
	put_message_id(gen, old);
	line_end(gen);
	line_queue(gen, at + 1500, message->source, "smtpd");
	lit(gen, "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 "
	    "data=1 commands=4");
	line_end(gen);
	schedule(gen, at + 4000, EVENT_ATTEMPT, index, 0);
	return index;
}

void
arrive_first(struct gen *gen)
{
	gen->hour_start = gen->begin - GEN_HOUR;
	gen->hour_count = gen->hour_done = 0;
	plan_next(gen);
}
