/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the pieces of log lines: stamps, tags, numbers, addresses, replies.
 * Knows how Postfix and syslog spell things, not why a line is written. */
#include "tests/gen/gen.h"

#include <stdio.h>
#include <string.h>

void
put(struct gen *gen, const char *text, size_t len)
{
	memcpy(gen->out.buf + gen->out.len, text, len);
	gen->out.len += len;
}

void
put_text(struct gen *gen, const char *text)
{
	put(gen, text, strlen(text));
}

void
put_char(struct gen *gen, char c)
{
	gen->out.buf[gen->out.len++] = c;
}

void
put_number(struct gen *gen, uint64_t number)
{
	put_padded(gen, number, 1);
}

void
put_padded(struct gen *gen, uint64_t number, unsigned width)
{
	char digits[20];
	unsigned i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	while (sizeof(digits) - i < width)
		digits[--i] = '0';
	put(gen, digits + i, sizeof(digits) - i);
}

void
put_hex(struct gen *gen, uint64_t number, unsigned width)
{
	while (width-- > 0)
		put_char(gen, "0123456789ABCDEF"[number >> (width * 4) & 15]);
}

/* Postfix, global/log_adhoc.c and util/format_tv.c: two significant digits,
 * nothing below 10 ms, no trailing zeros. */
void
put_delay(struct gen *gen, int64_t us)
{
	uint64_t cs = us <= 0 ? 0 : (uint64_t)(us + 5000) / 10000;

	if (cs >= 1000) {
		put_number(gen, (cs + 50) / 100);
		return;
	}
	if (cs >= 100)
		cs = (cs + 5) / 10 * 10;
	put_number(gen, cs / 100);
	cs %= 100;
	if (cs == 0)
		return;
	put_char(gen, '.');
	put_char(gen, (char)('0' + cs / 10));
	if (cs % 10 != 0)
		put_char(gen, (char)('0' + cs % 10));
}

void
put_word(struct gen *gen, unsigned len)
{
	uint64_t bits = 0;

	for (; len > 0; len--, bits >>= 5) {
		if (len % 12 == 0 || bits == 0)
			bits = rng_next(&gen->rng);
		put_char(gen, "abcdefghijklmnopqrstuvwxyz234567"[bits & 31]);
	}
}

/* ---- stamps -------------------------------------------------------------*/
static void
stamp_second(struct gen *gen, int64_t second, bool is_iso)
{
	static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int32_t offset = zone_offset_at(&gen->zone, second);
	int64_t local = second + offset;
	int64_t days = (local >= 0 ? local : local - 86399) / 86400;
	int64_t rest = local - days * 86400;
	int year, month, day;
	unsigned h = (unsigned)(rest / 3600), m = (unsigned)(rest / 60 % 60);
	unsigned s = (unsigned)(rest % 60), east = (unsigned)
	    (offset < 0 ? -offset : offset) / 60;

	civil_from_days(days, &year, &month, &day);
	if (is_iso)
		snprintf(gen->stamp_text, sizeof(gen->stamp_text),
		    "%04d-%02d-%02dT%02u:%02u:%02u.", year, month, day, h, m,
		    s);
	else
		snprintf(gen->stamp_text, sizeof(gen->stamp_text),
		    "%.3s %2d %02u:%02u:%02u ", MONTHS + (month - 1) * 3, day,
		    h, m, s);
	snprintf(gen->stamp_zone, sizeof(gen->stamp_zone), "%c%02u:%02u",
	    offset < 0 ? '-' : '+', east / 60 % 24, east % 60);
	gen->stamp_len = strlen(gen->stamp_text);
	gen->stamp_second = second;
	gen->stamp_is_iso = is_iso;
}

void
line_stamp(struct gen *gen, int64_t at)
{
	int64_t second = at / GEN_SECOND;
	bool is_iso = gen->options->style == STYLE_ISO || at >= gen->iso_from;

	if (gen->out.rotate != ROTATE_NONE && at >= gen->out.rotate_at)
		out_next_file(&gen->out);
	gen->out.last_time = at;
	gen->line_start = gen->out.len;
	if (second != gen->stamp_second || is_iso != gen->stamp_is_iso)
		stamp_second(gen, second, is_iso);
	put(gen, gen->stamp_text, gen->stamp_len);
	if (!is_iso)
		return;
	put_padded(gen, (uint64_t)(at % GEN_SECOND), 6);
	put_text(gen, gen->stamp_zone);
	put_char(gen, ' ');
}

void
line_begin(struct gen *gen, int64_t at, const char *host, const char *tag,
    const char *program, uint32_t pid)
{
	line_stamp(gen, at);
	put_text(gen, host);
	put_char(gen, ' ');
	put_text(gen, tag);
	if (program[0] != '\0') {
		put_char(gen, '/');
		put_text(gen, program);
	}
	put_char(gen, '[');
	put_number(gen, pid);
	lit(gen, "]: ");
}

void
line_end(struct gen *gen)
{
	struct out *out = &gen->out;

	put_char(gen, '\n');
	out->lines++;
	if (out->cut_line != 0 && out->lines == out->cut_line)
		out_next_file(out);
	else if (out->len > OUT_BUFFER_BYTES - OUT_LINE_MAX)
		out_flush(out);
}

/* A process lives for some half an hour; slots are its fellows. */
uint32_t
pid_of(const struct gen *gen, uint32_t source, const char *program,
    uint32_t slot)
{
	uint32_t age = (uint32_t)(gen->now / (GEN_HOUR / 2));
	uint32_t letter = (unsigned char)program[0];

	return 1000 + (source * 1009 + letter * 83 + slot * 17 + age * 211) %
	    90000;
}

void
line_smtp(struct gen *gen, int64_t at, uint32_t source, uint32_t pid)
{
	const struct source *s = &gen->world.sources[source];

	line_begin(gen, at, s->host, s->smtp_tag, "smtp", pid);
}

void
line_queue(struct gen *gen, int64_t at, uint32_t source, const char *program)
{
	const struct source *s = &gen->world.sources[source];

	line_begin(gen, at, s->host, s->queue_tag, program,
	    pid_of(gen, s->queue, program, 0));
}

/* ---- addresses ----------------------------------------------------------*/
static const char *const FIRST[] = { "anna", "ben", "clara", "david", "emma",
	"felix", "greta", "henrik", "ida", "jonas", "klara", "lukas", "maria",
	"nils", "olga", "paul", "quentin", "rosa", "simon", "tina", "ulrich",
	"vera", "walter", "xenia", "yusuf", "zoe" };
static const char *const LAST[] = { "adler", "berg", "conrad", "diaz",
	"engel", "fischer", "gruber", "haas", "ivanov", "jung", "keller",
	"lang", "moreau", "nagy", "ortega", "pohl", "quinn", "rossi",
	"schmidt", "torres", "ullmann", "vogel", "weber", "xu", "young",
	"zimmer" };

/* One user, one address, and no two users share one (case aside). */
void
put_address(struct gen *gen, uint32_t user, uint32_t domain)
{
	const char *name = gen->world.domains[domain].name;
	bool quoted = user % 1013 == 7;

	if (user == USER_NEWS) {
		lit(gen, "news+bounce@lists.example.org");
		return;
	}
	if (quoted)
		put_char(gen, '"');
	put_text(gen, FIRST[user % 26]);
	if (quoted)
		lit(gen, ", ");
	else
		put_char(gen, user % 19 == 3 ? '+' : '.');
	put_text(gen, LAST[user / 26 % 26]);
	if (user >= 676)
		put_number(gen, user / 676);
	if (quoted)
		lit(gen, "> x\"");
	put_char(gen, '@');
	if (user % 31 == 5) { /* domains as people type them */
		put_char(gen, (char)(name[0] - ('a' <= name[0] &&
		    name[0] <= 'z' ? 32 : 0)));
		put_text(gen, name + 1);
	} else {
		put_text(gen, name);
	}
}

/* Senders: a newsletter, one of ours, or (inbound and forwarded mail) a
 * stranger at one of the big providers. */
struct rcpt
sender_of(const struct message *message)
{
	struct rcpt sender = { message->sender, 0, 0 };

	if (message->kind == MESSAGE_LOCAL || message->is_forwarded) {
		sender.domain = 3 + sender.user % 20;
	} else if (sender.user % 3 == 0) {
		sender.domain = 1;
		sender.user = USER_NEWS;
	} else {
		sender.user = sender.user % 200 + 8;
	}
	return sender;
}

void
put_sender(struct gen *gen, const struct message *message)
{
	struct rcpt sender = sender_of(message);

	if (message->kind == MESSAGE_BOUNCE)
		return;
	if (message->kind == MESSAGE_PROBE)
		lit(gen, "double-bounce@mail.example.org");
	else
		put_address(gen, sender.user, sender.domain);
}

void
put_message_id(struct gen *gen, const struct message *message)
{
	put_char(gen, '<');
	put_hex(gen, message->serial * 0x9e3779b97f4a7c15u, 12);
	put_char(gen, '.');
	put_number(gen, message->serial);
	put_char(gen, '@');
	put_text(gen, gen->world.sources[message->source].host);
	put_char(gen, '>');
}

/* ---- replies ------------------------------------------------------------*/
static void
put_long_words(struct gen *gen)
{
	unsigned i;

	for (i = 0; i < 30; i++)
		lit(gen, "This line of the reply says once more that mail from "
		    "this network is not wanted here 550-5.7.1 ");
}

static void
put_date(struct gen *gen)
{
	int64_t second = gen->now / GEN_SECOND;
	int year, month, day;
	char text[80];

	civil_from_days(second / 86400, &year, &month, &day);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    year, month, day, (int)(second / 3600 % 24),
	    (int)(second / 60 % 60), (int)(second % 60),
	    (int)(gen->now / 1000 % 1000));
	put_text(gen, text);
}

static void
put_code(struct gen *gen, char code, const struct message *message,
    const struct rcpt *rcpt, uint32_t mx)
{
	switch (code) {
	case 'I':
		put_text(gen, gen->world.sources[message->source].ip);
		break;
	case 'R':
		put_address(gen, rcpt->user, rcpt->domain);
		break;
	case 'Q':
		put_hex(gen, rng_next(&gen->rng), 10);
		break;
	case 'S':
		put_word(gen, 20);
		break;
	case 'N':
		put_number(gen, 100 + rng_below(&gen->rng, 900));
		break;
	case 'E':
		put_number(gen, (uint64_t)(gen->now / GEN_SECOND));
		break;
	case 'D':
		put_date(gen);
		break;
	case 'M':
		put_message_id(gen, message);
		break;
	case 'H':
		put_text(gen, gen->world.mxs[mx].name);
		break;
	case 'L':
		put_long_words(gen);
		break;
	default:
		put_char(gen, code);
		break;
	}
}

void
put_template(struct gen *gen, const char *template,
    const struct message *message, const struct rcpt *rcpt, uint32_t mx)
{
	size_t plain;

	for (;;) {
		plain = strcspn(template, "%");
		put(gen, template, plain);
		template += plain;
		if (template[0] == '\0' || template[1] == '\0')
			break;
		put_code(gen, template[1], message, rcpt, mx);
		template += 2;
	}
}
