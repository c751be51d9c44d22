/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/line_reader.h"

#include "base/limits.h"

/* What is read stands in a block; LIMIT_LINE_BYTES in front of the block
 * take the unfinished line of the block before, so that a line is always in
 * one piece:
 *
 *      front            block
 *   [      |tail][......\n....\n.....]
 *           ^at         ^scan         ^end
 */
struct line_reader {
	struct byte_source *source;
	char *at, *scan, *end;
	uint64_t end_offset;  /* uncompressed, of end */
	uint64_t next_begin;  /* offset of the next line */
	uint64_t next_number;
	uint64_t nul_count;   /* stripped from the line at at */
	bool is_cut;          /* the line at at was longer than its front */
	bool is_over;         /* the source has no more */
	enum mx_code failure; /* told behind the last line */
	struct mx_err failure_err;
	const volatile sig_atomic_t *stop; /* NULL: nobody asks us to */
	char *own;            /* front and block; NULL where source has take */
	char carry[LIMIT_LINE_BYTES];
};

struct line_reader *
line_reader_new(struct byte_source *source)
{
	struct line_reader *reader = mx_alloc(sizeof(*reader));

	/* Not calloc: carry need not be touched. */
	reader->source = source;
	reader->stop = NULL;
	reader->own = NULL;
	reader->at = reader->scan = reader->end = reader->carry;
	if (source->take == NULL) {
		reader->own = mx_alloc(LIMIT_LINE_BYTES + LIMIT_BLOCK_BYTES);
		reader->at = reader->scan = reader->end = reader->own +
		    LIMIT_LINE_BYTES;
	}
	reader->end_offset = reader->next_begin = reader->nul_count = 0;
	reader->next_number = 1;
	reader->is_cut = reader->is_over = false;
	reader->failure = MX_OK;
	return reader;
}

void
line_reader_free(struct line_reader *reader)
{
	if (reader == NULL)
		return;
	reader->source->close(reader->source);
	free(reader->own);
	free(reader);
}

void
line_reader_watch(struct line_reader *reader,
    const volatile sig_atomic_t *stop)
{
	reader->stop = stop;
}

/* In a line of which nothing more is kept, and which may never end. */
static bool
is_stopped(const struct line_reader *reader)
{
	return reader->stop != NULL &&
	    (reader->is_cut || reader->nul_count > LIMIT_LINE_BYTES) &&
	    __atomic_load_n(reader->stop, __ATOMIC_RELAXED) != 0;
}

uint64_t
line_reader_progress(struct line_reader *reader)
{
	return reader->source->progress(reader->source);
}

static void
strip_nuls(struct line_reader *reader, const char *end)
{
	while (reader->at < end && *reader->at == '\0') {
		reader->at++;
		reader->nul_count++;
	}
}

/* What of the unfinished line is kept when the block goes. */
static size_t
tail_bytes(struct line_reader *reader)
{
	size_t tail;

	strip_nuls(reader, reader->end);
	tail = (size_t)(reader->end - reader->at);
	if (tail > LIMIT_LINE_BYTES) {
		tail = LIMIT_LINE_BYTES;
		reader->is_cut = true;
	}
	return tail;
}

static void
account(struct line_reader *reader, enum mx_code code, size_t got)
{
	if (code != MX_OK)
		got = 0;
	reader->failure = code;
	reader->is_over = got == 0;
	reader->end += got;
	reader->end_offset += got;
}

static void
refill_taken(struct line_reader *reader)
{
	size_t tail = tail_bytes(reader), got = 0;
	char *block = NULL;
	enum mx_code code;

	memcpy(reader->carry, reader->at, tail);
	code = reader->source->take(reader->source, &block, &got,
	    &reader->failure_err);
	if (code != MX_OK || got == 0)
		block = reader->carry + tail;
	else
		memcpy(block - tail, reader->carry, tail);
	reader->at = block - tail;
	reader->scan = reader->end = block;
	account(reader, code, got);
}

static void
refill_own(struct line_reader *reader)
{
	size_t tail = tail_bytes(reader), got = 0;
	char *block = reader->own + LIMIT_LINE_BYTES;
	enum mx_code code;

	memmove(block - tail, reader->at, tail);
	reader->at = block - tail;
	reader->scan = reader->end = block;
	code = reader->source->read(reader->source, block, LIMIT_BLOCK_BYTES,
	    &got, &reader->failure_err);
	account(reader, code, got);
}

static void
refill(struct line_reader *reader)
{
	if (reader->own == NULL)
		refill_taken(reader);
	else
		refill_own(reader);
}

/* More behind what is there already, the block permitting. */
static void
append(struct line_reader *reader)
{
	char *limit = reader->own + LIMIT_LINE_BYTES + LIMIT_BLOCK_BYTES;
	size_t got = 0;
	enum mx_code code;

	code = reader->source->read(reader->source, reader->end,
	    (size_t)(limit - reader->end), &got, &reader->failure_err);
	account(reader, code, got);
}

struct slice
line_reader_head(struct line_reader *reader)
{
	size_t len;

	if (reader->end == reader->at && !reader->is_over)
		refill(reader);
	while (reader->own != NULL && !reader->is_over &&
	    reader->end - reader->at < LIMIT_PROBE_BYTES)
		append(reader);
	len = (size_t)(reader->end - reader->at);
	return slice_of(reader->at,
	    len < LIMIT_PROBE_BYTES ? len : LIMIT_PROBE_BYTES);
}

static enum mx_code
skip_unread(struct line_reader *reader, uint64_t count, struct mx_err *err)
{
	enum mx_code code;

	reader->at = reader->scan = reader->end;
	if (reader->source->skip != NULL && !reader->is_over) {
		code = reader->source->skip(reader->source, count, err);
		if (code == MX_OK)
			reader->end_offset += count;
		return code;
	}
	while (count != 0 && !reader->is_over) {
		size_t got;

		refill(reader);
		got = (size_t)(reader->end - reader->at);
		if (got > count)
			got = (size_t)count;
		reader->at += got;
		reader->scan = reader->at;
		count -= got;
		if (count != 0)
			reader->at = reader->scan = reader->end;
	}
	if (count == 0)
		return MX_OK;
	if (reader->failure != MX_OK) {
		if (err != NULL)
			*err = reader->failure_err;
		return reader->failure;
	}
	return mx_fail(err, MX_E_DATA, "shorter than when it was read before");
}

enum mx_code
line_reader_skip(struct line_reader *reader, uint64_t offset,
    uint64_t number, struct mx_err *err)
{
	uint64_t there = (uint64_t)(reader->end - reader->at);
	enum mx_code code = MX_OK;

	if (offset <= there) {
		reader->at += offset;
		reader->scan = reader->at;
	} else {
		code = skip_unread(reader, offset - there, err);
	}
	reader->next_begin = offset;
	reader->next_number = number;
	return code;
}

/* The line from at up to END; NEXT is where the one after it starts. */
static void
give_line(struct line_reader *reader, char *end, char *next,
    struct text_line *line_r)
{
	uint64_t offset = reader->end_offset -
	    (uint64_t)(reader->end - next);
	size_t len;

	if (reader->at < end && *reader->at == '\0')
		strip_nuls(reader, end);
	len = (size_t)(end - reader->at);
	line_r->has_newline = next != end;
	line_r->is_torn = next == end && reader->failure != MX_OK;
	line_r->is_cut = reader->is_cut || len > LIMIT_LINE_BYTES;
	if (len > LIMIT_LINE_BYTES)
		len = LIMIT_LINE_BYTES;
	else if (len != 0 && reader->at[len - 1] == '\r' && next != end)
		len--;
	line_r->text = slice_of(reader->at, len);
	line_r->number = reader->next_number++;
	line_r->begin = reader->next_begin;
	line_r->end = offset;
	line_r->nul_count = reader->nul_count;
	reader->next_begin = offset;
	reader->at = reader->scan = next;
	reader->nul_count = 0;
	reader->is_cut = false;
}

/* A cut line ends at the newline, but its text is the front alone. */
static void
give_cut_line(struct line_reader *reader, char *newline,
    struct text_line *line_r)
{
	char *block = reader->scan;
	char *next = newline != NULL ? newline + 1 : reader->end;
	uint64_t offset = reader->end_offset -
	    (uint64_t)(reader->end - next);

	line_r->text = slice_of(reader->at, (size_t)(block - reader->at));
	line_r->number = reader->next_number++;
	line_r->begin = reader->next_begin;
	line_r->end = offset;
	line_r->nul_count = reader->nul_count;
	line_r->is_cut = true;
	line_r->has_newline = newline != NULL;
	line_r->is_torn = newline == NULL && reader->failure != MX_OK;
	reader->next_begin = offset;
	reader->at = reader->scan = next;
	reader->nul_count = 0;
	reader->is_cut = false;
}

enum mx_code
line_reader_failure(const struct line_reader *reader, struct mx_err *err)
{
	if (reader->failure != MX_OK && err != NULL)
		*err = reader->failure_err;
	return reader->failure;
}

static enum mx_code
give_end(struct line_reader *reader, bool *end_r, struct mx_err *err)
{
	*end_r = true;
	return line_reader_failure(reader, err);
}

enum mx_code
line_reader_next(struct line_reader *reader, struct text_line *line_r,
    bool *end_r, struct mx_err *err)
{
	*end_r = false;
	for (;;) {
		size_t unseen = (size_t)(reader->end - reader->scan);
		char *newline = unseen != 0 ?
		    memchr(reader->scan, '\n', unseen) : NULL;

		if (reader->is_cut && (newline != NULL || reader->is_over)) {
			give_cut_line(reader, newline, line_r);
			return MX_OK;
		}
		if (newline != NULL) {
			give_line(reader, newline, newline + 1, line_r);
			return MX_OK;
		}
		if (!reader->is_over) {
			if (reader->is_cut) /* the block is all rest */
				reader->end = reader->scan;
			if (is_stopped(reader)) {
				reader->failure = mx_fail(&reader->failure_err,
				    MX_E_STOPPED, "stopped");
				reader->is_over = true;
				continue;
			}
			refill(reader);
			continue;
		}
		strip_nuls(reader, reader->end);
		if (reader->at == reader->end)
			return give_end(reader, end_r, err);
		give_line(reader, reader->end, reader->end, line_r);
		return MX_OK;
	}
}
