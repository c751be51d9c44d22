/* SPDX-License-Identifier: BSD-2-Clause */
/* Broken and forged lines: what real files hold after crashes, full disks,
 * and strangers who choose Subjects and user names. */
#include "tests/gen/gen.h"

#include <string.h>

#define FORGED_DELIVERY "to=<x@example.net>, relay=mx.example.net" \
	"[192.0.2.77]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent " \
	"(250 2.0.0 Ok)"

static const char *
find(const struct gen *gen, const char *what)
{
	size_t n = strlen(what), i, end = gen->out.len;

	for (i = gen->line_start; i + n <= end; i++)
		if (memcmp(gen->out.buf + i, what, n) == 0)
			return gen->out.buf + i;
	return NULL;
}

static void
cut_to(struct gen *gen, size_t at)
{
	if (at < gen->out.len)
		gen->out.len = at;
}

/* Cut somewhere between the queue id and ", status=". */
static bool
cut_early(struct gen *gen, const struct rcpt *rcpt, enum gen_outcome outcome)
{
	const char *to = find(gen, ": to=<");
	const char *status = find(gen, ", status=");

	if (to == NULL || status == NULL)
		return false;
	/* What follows must not leave the reader in doubt about the end of a
	 * delivery that it has seen the beginning of. */
	if (outcome != GEN_DEFERRED && (rcpt->flags & RCPT_KNOWN) != 0)
		return false;
	cut_to(gen, (size_t)(to - gen->out.buf) + rng_below(&gen->rng,
	    (uint32_t)(status - to)));
	gen->truth.attempts_cut++;
	return true;
}

static void
cut_late(struct gen *gen, enum gen_outcome outcome)
{
	const char *status = find(gen, ", status=sent (");

	if (status == NULL || outcome != GEN_ACCEPTED)
		return;
	cut_to(gen, (size_t)(status - gen->out.buf) + 15 +
	    rng_below(&gen->rng, 12));
}

static void
lead_with_nuls(struct gen *gen)
{
	size_t n = 1 + rng_below(&gen->rng, 300);
	char *line = gen->out.buf + gen->line_start;

	memmove(line + n, line, gen->out.len - gen->line_start);
	memset(line, 0, n);
	gen->out.len += n;
}

bool
dirt_delivery(struct gen *gen, const struct session *session,
    const struct rcpt *rcpt, enum gen_outcome outcome)
{
	(void)session;
	if (gen->options->dirty_ppm == 0 ||
	    !rng_ppm(&gen->rng, gen->options->dirty_ppm))
		return false;
	switch (rng_below(&gen->rng, 3)) {
	case 0:
		return cut_early(gen, rcpt, outcome);
	case 1:
		cut_late(gen, outcome);
		break;
	default:
		lead_with_nuls(gen);
		break;
	}
	return false;
}

/* ---- lines of their own -------------------------------------------------*/
static void
dirt_cut(struct gen *gen, uint32_t source, int64_t at)
{
	uint32_t roll = rng_below(&gen->rng, 8);

	if (roll == 0) { /* an empty line */
		gen->line_start = gen->out.len;
		return;
	}
	line_queue(gen, at, source, "smtp");
	lit(gen, "4bXyZ12abczq: to=<cut@exam");
	cut_to(gen, gen->line_start + 1 + rng_below(&gen->rng,
	    (uint32_t)(gen->out.len - gen->line_start)));
}

static void
dirt_garbage(struct gen *gen)
{
	uint32_t n = 5 + rng_below(&gen->rng, 300);
	char c;

	gen->line_start = gen->out.len;
	for (; n > 0; n--) {
		c = (char)(rng_below(&gen->rng, 255) + 1);
		put_char(gen, c == '\n' ? ' ' : c);
	}
}

static void
dirt_nul(struct gen *gen, uint32_t source, int64_t at)
{
	uint32_t n = 1 + rng_below(&gen->rng, 4000);

	if (n % 2 == 0) {
		gen->line_start = gen->out.len;
	} else {
		line_queue(gen, at, source, "qmgr");
		lit(gen, "4bXyZ12");
	}
	for (; n > 0; n--)
		put_char(gen, '\0');
	if (rng_below(&gen->rng, 2) == 0)
		lit(gen, "czq: removed");
}

static void
dirt_long(struct gen *gen, uint32_t source, int64_t at)
{
	uint32_t n = 66000 + rng_below(&gen->rng, 140000);

	line_queue(gen, at, source, "cleanup");
	lit(gen, "4bXyZ12abczq: warning: header Subject: ");
	for (; n > 0; n -= 4)
		if (n < 4)
			break;
		else
			lit(gen, "long");
	lit(gen, " " FORGED_DELIVERY);
}

static void
dirt_forged(struct gen *gen, uint32_t source, int64_t at)
{
	const char *host = gen->world.sources[source].host;

	switch (rng_below(&gen->rng, 5)) {
	case 0:
		line_queue(gen, at, source, "cleanup");
		lit(gen, "4bXyZ12abczq: warning: header Subject: Re: 4F2A11C0B3"
		    ": " FORGED_DELIVERY " from localhost[127.0.0.1]; "
		    "from=<a@example.net> to=<b@example.org> proto=ESMTP "
		    "helo=<localhost>");
		break;
	case 1:
		line_begin(gen, at, host, "sshd", "", 4711);
		lit(gen, "Invalid user postfix/smtp[1]: 4F2A11C0B3: "
		    FORGED_DELIVERY " from 203.0.113.66 port 4000");
		break;
	case 2:
		line_queue(gen, at, source, "smtpd");
		lit(gen, "NOQUEUE: reject: RCPT from unknown[203.0.113.66]: "
		    "450 4.7.1 <" FORGED_DELIVERY ">: Helo command rejected; "
		    "from=<a@example.net> to=<b@example.org>");
		break;
	case 3:
		line_queue(gen, at, source, "cleanup");
		lit(gen, "4bXyZ12abczq: message-id=<4F2A11C0B3: "
		    FORGED_DELIVERY "@example.net>");
		break;
	default:
		line_queue(gen, at, source, "smtp");
		lit(gen, "warning: host mx.example.net[192.0.2.77]:25 said: "
		    "220 " FORGED_DELIVERY);
		break;
	}
}

static void
dirt_loss(struct gen *gen, uint32_t source, int64_t at)
{
	line_begin(gen, at, gen->world.sources[source].host, "rsyslogd", "",
	    642);
	lit(gen, "imuxsock[pid: 4711, name: /usr/lib/postfix/sbin/smtpd] from "
	    "<postfix:smtpd>: begin to drop messages due to rate-limiting");
}

void
dirt_line(struct gen *gen, uint32_t source, int64_t at)
{
	static const uint8_t ROLL[16] = { DIRT_CUT, DIRT_CUT, DIRT_CUT,
		DIRT_GARBAGE, DIRT_GARBAGE, DIRT_NUL, DIRT_NUL, DIRT_LONG,
		DIRT_FORGED, DIRT_FORGED, DIRT_FORGED, DIRT_FORGED,
		DIRT_FORGED, DIRT_FORGED, DIRT_LOSS, DIRT_CUT };
	enum dirt dirt = (enum dirt)ROLL[rng_below(&gen->rng, 16)];

	switch (dirt) {
	case DIRT_CUT:
		dirt_cut(gen, source, at);
		break;
	case DIRT_GARBAGE:
		dirt_garbage(gen);
		break;
	case DIRT_NUL:
		dirt_nul(gen, source, at);
		break;
	case DIRT_LONG:
		dirt_long(gen, source, at);
		break;
	case DIRT_FORGED:
		dirt_forged(gen, source, at);
		break;
	case DIRT_LOSS:
	case DIRTS:
		dirt_loss(gen, source, at);
		break;
	}
	gen->truth.dirt[dirt]++;
	line_end(gen);
}
