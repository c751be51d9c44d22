/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_exim_parts.h"

#include "base/hash.h"
#include "base/limits.h"

enum { PARTS_MAX = 999 };

void
exim_parts_init(struct exim_parts *parts)
{
	memset(parts, 0, sizeof(*parts));
	for (size_t i = 0; i < EXIM_PARTS_OPEN; i++)
		strbuf_init(&parts->open[i].text, LIMIT_LINE_BYTES);
}

void
exim_parts_release(struct exim_parts *parts)
{
	for (size_t i = 0; i < EXIM_PARTS_OPEN; i++)
		strbuf_release(&parts->open[i].text);
}

bool
exim_part_read(struct slice text, struct exim_part *part_r)
{
	struct slice rest = slice_skip(text, 1);
	uint64_t number, count;
	size_t digits;
	char between;

	if (text.len < 6 || text.ptr[0] != '[')
		return false;
	digits = slice_number(rest, PARTS_MAX, &number);
	rest = slice_skip(rest, digits);
	if (digits == 0 || rest.len == 0 ||
	    (rest.ptr[0] != '/' && rest.ptr[0] != '\\'))
		return false;
	between = rest.ptr[0];
	rest = slice_skip(rest, 1);
	digits = slice_number(rest, PARTS_MAX, &count);
	rest = slice_skip(rest, digits);
	if (digits == 0 || number == 0 || number > count ||
	    !slice_starts(rest, SLICE("] ")))
		return false;
	*part_r = (struct exim_part){ .number = (uint32_t)number,
		.count = (uint32_t)count, .ends_line = between == '\\',
		.text = slice_skip(rest, 2) };
	return true;
}

static uint64_t
key_of(const struct log_line *line)
{
	uint64_t key = hash_stable(line->head.pid,
	    hash_stable(line->head.host, HASH_STABLE_START) ^ 0x5d);

	return key != 0 ? key : 1;
}

static struct exim_open_entry *
find(struct exim_parts *parts, uint64_t key)
{
	for (size_t i = 0; i < EXIM_PARTS_OPEN; i++)
		if (parts->open[i].key == key)
			return &parts->open[i];
	return NULL;
}

/* NULL where a place is free. */
static struct exim_open_entry *
oldest(struct exim_parts *parts)
{
	struct exim_open_entry *found = &parts->open[0];

	for (size_t i = 0; i < EXIM_PARTS_OPEN; i++)
		if (parts->open[i].key == 0)
			return NULL;
		else if (parts->open[i].used < found->used)
			found = &parts->open[i];
	return found;
}

static struct exim_open_entry *
any(struct exim_parts *parts)
{
	for (size_t i = 0; i < EXIM_PARTS_OPEN; i++)
		if (parts->open[i].key != 0)
			return &parts->open[i];
	return NULL;
}

/* Its memory stays as it is until the place is taken again. */
static void
close_entry(struct exim_open_entry *entry, struct log_line *whole_r)
{
	entry->key = 0;
	*whole_r = (struct log_line){ .raw = strbuf_slice(&entry->text),
		.role = 1, .where = entry->where,
		.head = { .at = entry->at, .repeats = 1,
		    .host = slice_of(entry->host, entry->host_len),
		    .tag = slice_of(entry->tag, entry->tag_len),
		    .text = strbuf_slice(&entry->text) } };
	if (entry->host_len == 0)
		whole_r->head.host = SLICE_NONE;
}

bool
exim_parts_evict(struct exim_parts *parts, const struct log_line *line,
    struct log_line *whole_r)
{
	struct exim_open_entry *entry;

	if (line == NULL) {
		entry = any(parts);
	} else {
		entry = find(parts, key_of(line));
		if (entry == NULL)
			entry = oldest(parts);
	}
	if (entry == NULL)
		return false;
	close_entry(entry, whole_r);
	return true;
}

static size_t
keep(char *buf, size_t room, struct slice text)
{
	size_t len = text.len < room ? text.len : room;

	if (len != 0)
		memcpy(buf, text.ptr, len);
	return len;
}

static void
open_entry(struct exim_open_entry *entry, const struct log_line *line,
    uint32_t count)
{
	entry->key = key_of(line);
	entry->next = 1;
	entry->count = count;
	entry->at = line->head.at;
	entry->where = line->where;
	entry->host_len = keep(entry->host, sizeof(entry->host),
	    line->head.host);
	entry->tag_len = keep(entry->tag, sizeof(entry->tag),
	    line->head.tag);
	strbuf_reset(&entry->text);
}

bool
exim_parts_add(struct exim_parts *parts, const struct log_line *line,
    const struct exim_part *part, struct log_line *whole_r)
{
	struct exim_open_entry *entry = find(parts, key_of(line));

	if (part->number == 1) {
		if (entry == NULL)
			entry = find(parts, 0);
		if (entry == NULL)
			return false; /* nobody asked to evict */
		open_entry(entry, line, part->count);
	}
	if (entry == NULL || entry->next != part->number ||
	    entry->count != part->count)
		return false;
	entry->next++;
	entry->used = ++parts->serial;
	strbuf_add_slice(&entry->text, part->text);
	if (part->ends_line)
		strbuf_add_char(&entry->text, '\n');
	if (part->number != part->count)
		return false;
	close_entry(entry, whole_r);
	return true;
}
