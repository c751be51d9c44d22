/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/syslog_head.h"

#include "base/limits.h"
#include "base/swar.h"
#include "parsers/container_head.h"

/* Longest names that are believed: RFC 5424 allows 255 for hosts and 48 for
 * programs; instances of Postfix make the latter longer. */
enum { HOST_MAX = 255, TAG_MAX = 128, PID_MAX = 64 };

void
head_reader_init(struct head_reader *reader, const struct stamp_clock *clock)
{
	memset(reader, 0, sizeof(*reader));
	reader->clock = *clock;
}

static void
skip_spaces(struct slice *text)
{
	while (text->len != 0 && text->ptr[0] == ' ')
		*text = slice_skip(*text, 1);
}

/* The word up to the next space, which is skipped too; empty at the end. */
static struct slice
take_word(struct slice *text)
{
	const char *space = slice_chr(*text, ' ');
	struct slice word = space != NULL ?
	    slice_between(text->ptr, space) : *text;

	*text = slice_skip(*text, word.len + (space != NULL));
	return word;
}

static void
keep_host(struct head_reader *reader, struct slice host)
{
	reader->host_len = 0;
	if (host.len == 0 || host.len >= HEAD_HOST_BYTES)
		return;
	memcpy(reader->host, host.ptr, host.len);
	reader->host[host.len] = ' ';
	reader->host_len = host.len + 1;
}

static inline uint64_t
hash_word(uint64_t hash, uint64_t word)
{
	return (hash ^ word) * 0x9e3779b97f4a7c15u;
}

static inline size_t
slot_of_hash(uint64_t hash)
{
	return (size_t)(hash >> 40) % HEAD_TAGS;
}

/* The slot for a tag: a hash in words of 8 bytes, NULs behind the last. */
static size_t
slot_of(struct slice tag)
{
	uint64_t hash = 0;

	for (; tag.len != 0; tag = slice_skip(tag, 8)) {
		char word[8] = { 0 };

		memcpy(word, tag.ptr, tag.len < 8 ? tag.len : 8);
		hash = hash_word(hash, swar_load(word));
	}
	return slot_of_hash(hash);
}

/* The slot of the tag that ends at the first "[" of TEXT, and its length,
 * when it is one of the reader's. HEAD_TAGS: it is not, or not sure. */
static inline size_t
find_tag(const struct head_reader *reader, struct slice text, size_t *len_r)
{
	uint64_t hash = 0, word = 0, open = 0;
	const struct head_tag *tag;
	size_t n = 0, slot;

	for (; n + 8 <= text.len && n < HEAD_TAG_BYTES; n += 8) {
		word = swar_load(text.ptr + n);
		open = swar_equal(word, '[');
		if (open != 0)
			break;
		hash = hash_word(hash, word);
	}
	if (open == 0)
		return HEAD_TAGS;
	word &= swar_below(swar_first(open));
	if (word != 0)
		hash = hash_word(hash, word);
	slot = slot_of_hash(hash);
	tag = &reader->tags[slot];
	*len_r = n + swar_first(open);
	if (tag->len != *len_r)
		return HEAD_TAGS;
	for (size_t i = 0; i < n; i += 8)
		if (swar_load(tag->text + i) != swar_load(text.ptr + i))
			return HEAD_TAGS;
	return word == 0 || swar_load(tag->text + n) == word ? slot :
	    HEAD_TAGS;
}

static void
keep_tag(struct head_reader *reader, struct syslog_head *head)
{
	struct head_tag *tag;

	head->tag_slot = HEAD_TAGS;
	head->tag_serial = 0;
	if (head->tag.len > HEAD_TAG_BYTES)
		return;
	head->tag_slot = (uint32_t)slot_of(head->tag);
	tag = &reader->tags[head->tag_slot];
	if (tag->len != head->tag.len ||
	    memcmp(tag->text, head->tag.ptr, tag->len) != 0) {
		memset(tag->text, 0, sizeof(tag->text));
		memcpy(tag->text, head->tag.ptr, head->tag.len);
		tag->len = (uint32_t)head->tag.len;
		tag->serial++;
	}
	head->tag_serial = tag->serial;
}

/* Where the bracket closes behind P[0] == '['; 0 where it does not. Not all
 * programs put a number there. */
static inline size_t
pid_end(const char *p, size_t len)
{
	size_t max = len < PID_MAX ? len : PID_MAX, n;

	if (len > 8) {
		uint64_t closes = swar_equal(swar_load(p + 1), ']');

		if (closes != 0)
			return swar_first(closes) + 1;
	}
	for (n = 1; n < max && p[n] != ']'; n++)
		continue;
	return n < max ? n : 0;
}

/* Behind the tag: "[pid]: text" or ": text". */
static inline bool
take_pid(struct slice *text, struct syslog_head *head)
{
	const char *p = text->ptr;
	size_t n = 0, len = text->len;

	if (len != 0 && p[0] == '[') {
		n = pid_end(p, len);
		if (n == 0)
			return false;
		head->pid = slice_of(p + 1, n - 1);
		n++;
	}
	if (n == len || p[n] != ':')
		return false;
	n++;
	while (n < len && p[n] == ' ')
		n++;
	*text = slice_of(p + n, len - n);
	return true;
}

/* "tag: text", "tag[pid]: text". */
static bool
take_new_tag(struct head_reader *reader, struct slice *text,
    struct syslog_head *head)
{
	const char *p = text->ptr;
	size_t max = text->len < TAG_MAX ? text->len : TAG_MAX, n = 0;
	struct slice rest;

	while (n < max && p[n] != '[' && p[n] != ':' && p[n] != ' ')
		n++;
	if (n == 0 || n == max || p[n] == ' ')
		return false;
	head->tag = slice_of(p, n);
	rest = slice_skip(*text, n);
	if (!take_pid(&rest, head))
		return false;
	*text = rest;
	keep_tag(reader, head);
	return true;
}

/* The same for a tag seen before, which then need not be looked through. */
static inline bool
take_tag(struct head_reader *reader, struct slice *text,
    struct syslog_head *head)
{
	struct slice rest;
	size_t slot, n;

	slot = find_tag(reader, *text, &n);
	if (slot == HEAD_TAGS)
		return take_new_tag(reader, text, head);
	rest = slice_skip(*text, n);
	if (!take_pid(&rest, head))
		return take_new_tag(reader, text, head);
	head->tag = slice_of(text->ptr, n);
	head->tag_slot = (uint32_t)slot;
	head->tag_serial = reader->tags[slot].serial;
	*text = rest;
	return true;
}

/* Solaris: "[ID 197553 mail.info] ". */
static void
skip_message_id(struct slice *text)
{
	const char *end;

	if (!slice_starts(*text, SLICE("[ID ")))
		return;
	end = slice_chr(*text, ']');
	if (end == NULL || end - text->ptr > 64)
		return;
	*text = slice_skip(*text, (size_t)(end + 1 - text->ptr));
	skip_spaces(text);
}

/* "message repeated 3 times: [ text]" (rsyslog). */
static void
unwrap_repeat(struct syslog_head *head)
{
	static const struct slice begin = { "message repeated ", 17 };
	static const struct slice middle = { " times: [", 9 };
	struct slice rest = head->text;
	uint64_t count;
	size_t digits;

	if (!slice_starts(rest, begin))
		return;
	rest = slice_skip(rest, begin.len);
	digits = slice_number(rest, UINT32_MAX, &count);
	rest = slice_skip(rest, digits);
	if (digits == 0 || count == 0 || !slice_starts(rest, middle))
		return;
	rest = slice_skip(rest, middle.len);
	skip_spaces(&rest);
	if (rest.len != 0 && rest.ptr[rest.len - 1] == ']')
		rest.len--;
	head->text = rest;
	head->repeats = count < LIMIT_REPEATS ? (uint32_t)count :
	    LIMIT_REPEATS;
}

void
syslog_head_finish(struct head_reader *reader, struct syslog_head *head)
{
	keep_tag(reader, head);
	unwrap_repeat(head);
}

/* "last message repeated 3 times" (sysklogd, BSD), also with "---" around
 * it. */
static bool
is_again(struct slice text, struct syslog_head *head)
{
	static const struct slice begin = { "last message repeated ", 22 };
	uint64_t count;

	if (slice_starts(text, SLICE("--- ")))
		text = slice_skip(text, 4);
	if (!slice_starts(text, begin) ||
	    slice_number(slice_skip(text, begin.len), UINT32_MAX,
	    &count) == 0)
		return false;
	head->repeats = count < LIMIT_REPEATS ? (uint32_t)count :
	    LIMIT_REPEATS;
	return true;
}

/* A word that is a program, not a host: it ends with a colon. */
static bool
is_tag_word(struct slice word)
{
	return word.len >= 2 && word.ptr[word.len - 1] == ':' &&
	    word.ptr[word.len - 2] != ':';
}

/* Behind time and host, also where these were known by the line before. */
static enum head_result
finish(struct head_reader *reader, struct slice text,
    struct syslog_head *head)
{
	if (text.len != 0 && text.ptr[0] == ' ')
		skip_spaces(&text);
	if (!take_tag(reader, &text, head)) {
		head->tag = head->pid = SLICE_NONE;
		if (is_again(text, head))
			return HEAD_AGAIN;
		if (slice_starts(text, SLICE("-- MARK --")))
			return HEAD_MARK;
		return HEAD_NO_FRAME;
	}
	if (text.len != 0 && text.ptr[0] == '[')
		skip_message_id(&text);
	head->text = text;
	if (text.len != 0 && text.ptr[0] == 'm')
		unwrap_repeat(head);
	return HEAD_OK;
}

/* FreeBSD syslogd -v: "<mail.info> " between time and host. */
static void
skip_facility(struct slice *text)
{
	const char *end;

	if (text->len == 0 || text->ptr[0] != '<')
		return;
	end = slice_chr(*text, '>');
	if (end == NULL || end - text->ptr > 24)
		return;
	*text = slice_skip(*text, (size_t)(end + 1 - text->ptr));
	skip_spaces(text);
}

static enum head_result
after_stamp(struct head_reader *reader, struct slice text,
    struct syslog_head *head)
{
	struct slice before, word;

	if (text.len == 0 || (text.ptr[0] != ' ' && text.ptr[0] != ':'))
		return HEAD_NO_FRAME;
	text = slice_skip(text, 1); /* Cisco: a colon, then a space */
	if (reader->host_len != 0 && text.len > reader->host_len &&
	    swar_same(text.ptr, reader->host, reader->host_len)) {
		head->host = slice_of(text.ptr, reader->host_len - 1);
		return finish(reader, slice_skip(text, reader->host_len),
		    head);
	}
	skip_spaces(&text);
	skip_facility(&text);
	before = text;
	word = take_word(&text);
	if (is_tag_word(word))
		return finish(reader, before, head); /* no host */
	if (word.len == 0 || word.len > HOST_MAX)
		return HEAD_NO_FRAME;
	if (slice_eq(word, SLICE("last")) && is_again(before, head))
		return HEAD_AGAIN;
	head->host = word;
	if (finish(reader, text, head) == HEAD_NO_FRAME)
		return HEAD_NO_FRAME;
	keep_host(reader, word);
	return finish(reader, text, head);
}

/* RFC 5424 6.3: "-" or [id name="value" ...]..., where \" \\ \] are
 * escapes. False: not closed. */
static bool
skip_structured_data(struct slice *text)
{
	size_t n = 0;

	if (text->len != 0 && text->ptr[0] == '-') {
		*text = slice_skip(*text, 1);
		return true;
	}
	while (n < text->len && text->ptr[n] == '[') {
		bool is_quoted = false;

		for (n++; n < text->len; n++) {
			if (is_quoted && text->ptr[n] == '\\')
				n++;
			else if (text->ptr[n] == '"')
				is_quoted = !is_quoted;
			else if (!is_quoted && text->ptr[n] == ']')
				break;
		}
		if (n >= text->len)
			return false;
		n++;
	}
	*text = slice_skip(*text, n);
	return n != 0;
}

static struct slice
dash_is_none(struct slice word)
{
	return slice_eq(word, SLICE("-")) ? SLICE_NONE : word;
}

/* Behind "<PRI>1 ": time host app pid msgid sd text. */
static enum head_result
read_5424(struct head_reader *reader, struct slice text,
    struct syslog_head *head)
{
	enum stamp_result result = stamp_read(&reader->clock, &text,
	    &head->at);

	if (result != STAMP_OK)
		return result == STAMP_BAD ? HEAD_BAD_STAMP : HEAD_NO_STAMP;
	stamp_clock_saw(&reader->clock, head->at.utc);
	if (text.len == 0 || text.ptr[0] != ' ')
		return HEAD_NO_FRAME;
	text = slice_skip(text, 1);
	head->host = dash_is_none(take_word(&text));
	head->tag = dash_is_none(take_word(&text));
	head->pid = dash_is_none(take_word(&text));
	(void)take_word(&text); /* msgid */
	if (head->tag.len == 0 || !skip_structured_data(&text))
		return HEAD_NO_FRAME;
	skip_spaces(&text);
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_skip(text, 3);
	head->text = text;
	syslog_head_finish(reader, head);
	return HEAD_OK;
}

/* Container run times put their own time in front: "TIME stdout F " (CRI),
 * "TIME " (docker logs -t). It is exact and has a zone, so it is the one
 * that is kept, whatever time the line has itself. */
static enum head_result
read_inner(struct head_reader *reader, struct slice text,
    struct syslog_head *head)
{
	struct stamp outer = head->at, inner;
	enum head_result result;

	if (stamp_read(&reader->clock, &text, &inner) != STAMP_OK)
		return HEAD_NO_FRAME;
	result = after_stamp(reader, text, head);
	head->at = outer;
	return result;
}

static enum head_result
behind_stamp(struct head_reader *reader, struct slice text,
    struct syslog_head *head)
{
	enum head_result result;
	size_t stream;

	stamp_clock_saw(&reader->clock, head->at.utc);
	result = after_stamp(reader, text, head);
	if (result != HEAD_NO_FRAME)
		return result;
	stream = container_stream_length(text);
	if (stream != 0)
		return read_inner(reader, slice_skip(text, stream), head);
	skip_spaces(&text);
	return read_inner(reader, text, head);
}

/* "<22>" at the start; its length, 0 where there is none. */
static size_t
priority_bytes(struct slice line)
{
	uint64_t priority;
	size_t n = slice_number(slice_skip(line, 1), 191, &priority);

	return n != 0 && line.len > n + 1 && line.ptr[n + 1] == '>' ? n + 2 :
	    0;
}

/* Lines that do not start with a time. */
static enum head_result
read_prefixed(struct head_reader *reader, struct slice line,
    struct syslog_head *head)
{
	enum stamp_result result;
	size_t prefix;

	if (line.len == 0 || slice_starts(line, SLICE("-- ")))
		return HEAD_MARK;
	prefix = line.ptr[0] == '<' ? priority_bytes(line) :
	    container_name_length(line);
	if (prefix == 0)
		return HEAD_NO_STAMP;
	line = slice_skip(line, prefix);
	if (slice_starts(line, SLICE("1 ")))
		return read_5424(reader, slice_skip(line, 2), head);
	result = stamp_read(&reader->clock, &line, &head->at);
	if (result == STAMP_OK)
		return behind_stamp(reader, line, head);
	return result == STAMP_BAD ? HEAD_BAD_STAMP : HEAD_NO_STAMP;
}

/* Remember time and host of LINE, which has no fraction of a second. */
static void
keep_front(struct head_reader *reader, struct slice line,
    const struct syslog_head *head)
{
	size_t len;

	reader->front_len = 0;
	if (head->host.len == 0)
		return;
	len = (size_t)(head->host.ptr - line.ptr) + head->host.len + 1;
	if (len > HEAD_FRONT_BYTES || line.ptr[len - 1] != ' ')
		return;
	memcpy(reader->front, line.ptr, len);
	reader->front_len = len;
	reader->front_host_len = head->host.len;
	reader->front_at = head->at;
}

enum head_result
syslog_head_read(struct head_reader *reader, struct slice line,
    struct syslog_head *head_r)
{
	struct slice rest = line;
	enum head_result result;
	size_t front = reader->front_len;

	head_r->host = head_r->tag = head_r->pid = head_r->text = SLICE_NONE;
	head_r->repeats = 1;
	if (front != 0 && line.len > front &&
	    reader->front_at.utc == reader->clock.last_utc &&
	    swar_same(line.ptr, reader->front, front)) {
		head_r->at = reader->front_at;
		head_r->host = slice_of(line.ptr + front - 1 -
		    reader->front_host_len, reader->front_host_len);
		return finish(reader, slice_skip(line, front), head_r);
	}
	switch (stamp_read(&reader->clock, &rest, &head_r->at)) {
	case STAMP_OK:
		result = behind_stamp(reader, rest, head_r);
		if (head_r->at.digits == 0 && result == HEAD_OK)
			keep_front(reader, line, head_r);
		return result;
	case STAMP_BAD:
		return HEAD_BAD_STAMP;
	case STAMP_NONE:
		break;
	}
	return read_prefixed(reader, line, head_r);
}
