/* SPDX-License-Identifier: BSD-2-Clause */
/* A fact that was printed already, as a JSON object of our own writer: so that
 * no member, present or future, can be forgotten. */
#include "cli/anonymize.h"

#include "base/json_writer.h"
#include "base/limits.h"

enum { KEY_BYTES = 64 };

struct walk {
	struct anonymizer *self;
	struct slice rest;      /* of the line */
	struct strbuf value;    /* of the string that was read, plain */
	char key[KEY_BYTES];    /* of the member that is read */
	struct strbuf reply;    /* what the addresses are about */
};

static unsigned
hex_value(char c)
{
	return ascii_is_digit(c) ? (unsigned)(c - '0') :
	    (unsigned)(ascii_lower(c) - 'a') + 10;
}

/* "\u00e4"; the writer gives no surrogates. */
static void
add_code(struct strbuf *out, uint32_t code)
{
	if (code < 0x80) {
		strbuf_add_char(out, (char)code);
	} else if (code < 0x800) {
		strbuf_add_char(out, (char)(0xc0 | code >> 6));
		strbuf_add_char(out, (char)(0x80 | (code & 0x3f)));
	} else {
		strbuf_add_char(out, (char)(0xe0 | code >> 12));
		strbuf_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
		strbuf_add_char(out, (char)(0x80 | (code & 0x3f)));
	}
}

/* Bytes of the escape that TEXT begins with. */
static size_t
read_escape(struct slice text, struct strbuf *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	uint32_t code = 0;
	const char *hit;

	if (text.len < 2)
		return text.len;
	if (text.ptr[1] == 'u' && text.len >= 6) {
		for (int i = 2; i < 6; i++)
			code = code << 4 | hex_value(text.ptr[i]);
		add_code(out, code);
		return 6;
	}
	hit = strchr(from, text.ptr[1]);
	strbuf_add_char(out, hit != NULL ? to[hit - from] : text.ptr[1]);
	return 2;
}

/* The string that REST begins with, as it stands; what it means is in
 * value. */
static struct slice
read_string(struct walk *walk)
{
	struct slice text = walk->rest;
	size_t at = 1;

	strbuf_reset(&walk->value);
	while (at < text.len && text.ptr[at] != '"') {
		if (text.ptr[at] != '\\') {
			strbuf_add_char(&walk->value, text.ptr[at++]);
			continue;
		}
		at += read_escape(slice_skip(text, at), &walk->value);
	}
	at = at < text.len ? at + 1 : text.len;
	walk->rest = slice_skip(text, at);
	return slice_of(text.ptr, at);
}

static void
set_key(struct walk *walk)
{
	size_t len = walk->value.len < KEY_BYTES - 1 ? walk->value.len :
	    KEY_BYTES - 1;

	if (len > 0)
		memcpy(walk->key, walk->value.ptr, len);
	walk->key[len] = '\0';
}

/* Each string value of LINE is given to VISIT, what lies between is copied to
 * OUT; OUT may be NULL. */
static void
walk_line(struct walk *walk, struct slice line, struct strbuf *out,
    void (*visit)(struct walk *walk, struct slice raw, struct strbuf *out))
{
	walk->rest = line;
	walk->key[0] = '\0';
	while (walk->rest.len > 0) {
		struct slice raw = slice_of(walk->rest.ptr, 1);

		if (raw.ptr[0] != '"') {
			walk->rest = slice_skip(walk->rest, 1);
			if (out != NULL)
				strbuf_add_slice(out, raw);
			continue;
		}
		raw = read_string(walk);
		if (walk->rest.len > 0 && walk->rest.ptr[0] == ':') {
			set_key(walk);
			if (out != NULL)
				strbuf_add_slice(out, raw);
			continue;
		}
		visit(walk, raw, out);
	}
}

static void
find_reply(struct walk *walk, struct slice raw, struct strbuf *out)
{
	(void)raw;
	(void)out;
	if (strcmp(walk->key, "reply") == 0) {
		strbuf_reset(&walk->reply);
		strbuf_add_slice(&walk->reply, strbuf_slice(&walk->value));
	}
	if (strcmp(walk->key, "token") == 0)
		anonymizer_keep(walk->self, strbuf_slice(&walk->value));
}

static void
learn_address(struct walk *walk, struct slice raw, struct strbuf *out)
{
	static const char *const keys[] = { "recipient", "orig_recipient",
		"sender", "original_rcpt_to", "original_mail_from" };

	(void)raw;
	(void)out;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(walk->key, keys[i]) == 0)
			anonymizer_learn(walk->self,
			    strbuf_slice(&walk->reply),
			    strbuf_slice(&walk->value));
}

static void
change_value(struct walk *walk, struct slice raw, struct strbuf *out)
{
	struct slice plain = strbuf_slice(&walk->value);
	struct slice told = anonymizer_text(walk->self, walk->key, plain);
	struct json_writer json;

	if (slice_eq(plain, told)) {
		strbuf_add_slice(out, raw);
		return;
	}
	json_init(&json, out, false);
	json_text(&json, told);
}

void
anonymizer_json(struct anonymizer *self, struct strbuf *text, size_t from)
{
	struct walk walk = { .self = self };
	struct strbuf line;

	strbuf_init(&line, LIMIT_OUTPUT_PIECE_BYTES);
	strbuf_init(&walk.value, LIMIT_OUTPUT_PIECE_BYTES);
	strbuf_init(&walk.reply, LIMIT_OUTPUT_PIECE_BYTES);
	strbuf_add(&line, text->ptr + from, text->len - from);
	strbuf_truncate(text, from);
	walk_line(&walk, strbuf_slice(&line), NULL, find_reply);
	walk_line(&walk, strbuf_slice(&line), NULL, learn_address);
	walk_line(&walk, strbuf_slice(&line), text, change_value);
	anonymizer_forget(self);
	strbuf_release(&line);
	strbuf_release(&walk.value);
	strbuf_release(&walk.reply);
}
