/* SPDX-License-Identifier: BSD-2-Clause */
/* Inflates gzip (RFC 1952): several members, zeros behind them as tapes and
 * block devices leave them, and clear words for what is cut or foreign. The
 * only place that knows which library inflates. */
#include "parsers/source.h"

#ifdef MX_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include "base/slice.h"
#include "parsers/unpack_guard.h"

enum {
	INPUT_BYTES = 64 * 1024,
	/* ISA-L gives back up to 8 bytes that it took too many, also when
	 * they came with the piece before. */
	GIVE_BACK_BYTES = 16
};

enum gzip_place { IN_HEADER, IN_MEMBER, BEHIND_MEMBER, AT_END };

/* RFC 1952 2.3: ID1 ID2 CM FLG MTIME(4) XFL OS, then what FLG says. */
enum {
	FLAG_HCRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16,
	FLAGS_UNKNOWN = 0xe0,
	FIXED_BYTES = 10
};

/* Read here and not by the libraries, which differ in what they make of odd
 * headers and of headers that come in pieces. */
struct gzip_header {
	unsigned at;         /* byte of the fixed part, then FIXED_BYTES */
	unsigned flags;      /* parts that still come */
	unsigned extra_at;   /* byte of XLEN, then 2 */
	unsigned extra_left;
	unsigned hcrc_left;
};

struct gzip_source {
	struct byte_source base;
	struct byte_source *inner;
	enum gzip_place place;
	struct gzip_header header;
	bool inner_ended;
	const unsigned char *next; /* of what is not inflated yet */
	size_t left;
	uint64_t inner_bytes;      /* given by inner so far */
	struct unpack_guard guard;
	enum mx_code failure;      /* told when all before it was given */
	struct mx_err failure_err;
#ifndef MX_HAVE_ISAL
	z_stream stream;
	bool has_stream;
#endif
	/* From here on not cleared when it is made: each of thousands of small
	 * files would pay for it. */
	unsigned char input[GIVE_BACK_BYTES + INPUT_BYTES];
#ifdef MX_HAVE_ISAL
	struct inflate_state stream;
#endif
};

enum step { STEP_ON, STEP_MEMBER_ENDS, STEP_CORRUPT, STEP_CHECKSUM };

#ifdef MX_HAVE_ISAL

static void
inflate_start(struct gzip_source *self)
{
	isal_inflate_init(&self->stream);
	self->stream.crc_flag = ISAL_GZIP_NO_HDR_VER;
}

static void
inflate_stop(struct gzip_source *self)
{
	(void)self;
}

static enum step
inflate_step(struct gzip_source *self, char *buf, size_t *room)
{
	struct inflate_state *stream = &self->stream;
	int result;

	/* The library's pointer is not const, though it only reads. */
	stream->next_in = self->input + (self->next - self->input);
	stream->avail_in = (uint32_t)self->left;
	stream->next_out = (unsigned char *)buf;
	stream->avail_out = (uint32_t)*room;
	result = isal_inflate(stream);
	self->next = stream->next_in;
	self->left = stream->avail_in;
	*room = stream->avail_out;
	if (result == ISAL_INCORRECT_CHECKSUM)
		return STEP_CHECKSUM;
	if (result != ISAL_DECOMP_OK && result != ISAL_END_INPUT &&
	    result != ISAL_OUT_OVERFLOW)
		return STEP_CORRUPT;
	return stream->block_state == ISAL_BLOCK_FINISH ? STEP_MEMBER_ENDS :
	    STEP_ON;
}

#else

static void
inflate_start(struct gzip_source *self)
{
	/* The library checks the sum behind the data only when it has seen a
	 * header: it gets the plainest one. */
	unsigned char plain[FIXED_BYTES] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0,
		3 };
	z_stream *stream = &self->stream;

	/* 15 bits of window; 16 asks for gzip's frame. */
	if ((self->has_stream ? inflateReset(stream) :
	    inflateInit2(stream, 15 + 16)) != Z_OK)
		mx_oom();
	self->has_stream = true;
	stream->next_in = plain;
	stream->avail_in = sizeof(plain);
	stream->next_out = plain; /* never written */
	stream->avail_out = 0;
	(void)inflate(stream, Z_NO_FLUSH);
	if (stream->avail_in != 0)
		mx_bug("zlib does not take a header");
}

static void
inflate_stop(struct gzip_source *self)
{
	if (self->has_stream)
		inflateEnd(&self->stream);
}

static enum step
inflate_step(struct gzip_source *self, char *buf, size_t *room)
{
	z_stream *stream = &self->stream;
	int result;

	/* The library's pointer is not const, though it only reads. */
	stream->next_in = self->input + (self->next - self->input);
	stream->avail_in = (uInt)self->left;
	stream->next_out = (unsigned char *)buf;
	stream->avail_out = (uInt)*room;
	result = inflate(stream, Z_NO_FLUSH);
	self->next = stream->next_in;
	self->left = stream->avail_in;
	*room = stream->avail_out;
	if (result == Z_STREAM_END)
		return STEP_MEMBER_ENDS;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return STEP_ON;
	return stream->msg != NULL && strcmp(stream->msg,
	    "incorrect data check") == 0 ? STEP_CHECKSUM : STEP_CORRUPT;
}

#endif

static enum mx_code
refill(struct gzip_source *self, struct mx_err *err)
{
	unsigned char *fresh = self->input + GIVE_BACK_BYTES;
	enum mx_code code;
	size_t got;

	if (self->inner_ended)
		return MX_OK;
	/* All was taken: its end moves in front of what comes. */
	if (self->next - self->input >= GIVE_BACK_BYTES)
		memmove(self->input, self->next - GIVE_BACK_BYTES,
		    GIVE_BACK_BYTES);
	code = self->inner->read(self->inner, (char *)fresh, INPUT_BYTES,
	    &got, err);
	if (code != MX_OK)
		return code;
	self->next = fresh;
	self->left = got;
	self->inner_bytes += got;
	self->inner_ended = got == 0;
	return MX_OK;
}

static uint64_t
inner_offset(const struct gzip_source *self)
{
	return self->inner_bytes - self->left;
}

static enum mx_code
not_gzip(const struct gzip_source *self, struct mx_err *err)
{
	return mx_fail(err, MX_E_DATA,
	    "compressed data is corrupt near byte %llu",
	    (unsigned long long)inner_offset(self));
}

/* One byte of the fixed part. */
static bool
fixed_byte(struct gzip_header *header, unsigned char byte)
{
	static const unsigned char want[3] = { 0x1f, 0x8b, 8 };

	if (header->at < 3 && byte != want[header->at])
		return false;
	if (header->at == 3) {
		if ((byte & FLAGS_UNKNOWN) != 0)
			return false;
		header->flags = byte & (FLAG_HCRC | FLAG_EXTRA | FLAG_NAME |
		    FLAG_COMMENT);
		header->hcrc_left = (byte & FLAG_HCRC) != 0 ? 2 : 0;
	}
	header->at++;
	return true;
}

/* One byte of the parts that FLG names, in their order. */
static void
optional_byte(struct gzip_header *header, unsigned char byte)
{
	if ((header->flags & FLAG_EXTRA) != 0) {
		if (header->extra_at < 2)
			header->extra_left |= (unsigned)byte <<
			    8 * header->extra_at++;
		else
			header->extra_left--;
		if (header->extra_at == 2 && header->extra_left == 0)
			header->flags &= ~(unsigned)FLAG_EXTRA;
	} else if ((header->flags & FLAG_NAME) != 0) {
		if (byte == 0)
			header->flags &= ~(unsigned)FLAG_NAME;
	} else if ((header->flags & FLAG_COMMENT) != 0) {
		if (byte == 0)
			header->flags &= ~(unsigned)FLAG_COMMENT;
	} else if (--header->hcrc_left == 0) {
		header->flags &= ~(unsigned)FLAG_HCRC;
	}
}

static enum mx_code
read_header(struct gzip_source *self, struct mx_err *err)
{
	struct gzip_header *header = &self->header;

	if (self->left == 0 && self->inner_ended)
		return mx_fail(err, MX_E_DATA, "compressed data ends early");
	while (self->left != 0 &&
	    (header->at < FIXED_BYTES || header->flags != 0)) {
		if (header->at == FIXED_BYTES)
			optional_byte(header, *self->next);
		else if (!fixed_byte(header, *self->next))
			return not_gzip(self, err);
		self->next++;
		self->left--;
	}
	if (header->at == FIXED_BYTES && header->flags == 0) {
		memset(header, 0, sizeof(*header));
		inflate_start(self);
		self->place = IN_MEMBER;
	}
	return MX_OK;
}

/* Behind a member: another one, zeros up to the end, or what does not belong
 * here. */
static enum mx_code
pass_gap(struct gzip_source *self, struct mx_err *err)
{
	while (self->left != 0 && self->next[0] == 0) {
		self->next++;
		self->left--;
		self->place = BEHIND_MEMBER;
	}
	if (self->left == 0) {
		if (self->inner_ended)
			self->place = AT_END;
		return MX_OK;
	}
	if (self->next[0] != 0x1f) {
		self->place = AT_END;
		return mx_fail(err, MX_E_DATA,
		    "trailing garbage after %llu bytes",
		    (unsigned long long)inner_offset(self));
	}
	self->place = IN_HEADER;
	return MX_OK;
}

static enum mx_code
run_member(struct gzip_source *self, char *buf, size_t *room,
    struct mx_err *err)
{
	size_t room_before = *room, left_before = self->left;

	switch (inflate_step(self, buf, room)) {
	case STEP_MEMBER_ENDS:
		self->place = BEHIND_MEMBER;
		return MX_OK;
	case STEP_CHECKSUM:
		return mx_fail(err, MX_E_DATA,
		    "checksum of the compressed data does not match");
	case STEP_CORRUPT:
		return not_gzip(self, err);
	case STEP_ON:
		break;
	}
	if (self->inner_ended && *room == room_before &&
	    self->left == left_before)
		return mx_fail(err, MX_E_DATA, "compressed data ends early");
	return MX_OK;
}

static enum mx_code
advance(struct gzip_source *self, char *buf, size_t *room, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (self->left == 0)
		code = refill(self, err);
	if (code != MX_OK)
		return code;
	switch (self->place) {
	case BEHIND_MEMBER:
		return pass_gap(self, err);
	case IN_HEADER:
		return read_header(self, err);
	case IN_MEMBER:
		return run_member(self, buf, room, err);
	case AT_END:
		break;
	}
	return MX_OK;
}

static enum mx_code
gzip_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct gzip_source *self = (struct gzip_source *)base;
	size_t left = room;

	while (left != 0 && self->failure == MX_OK && self->place != AT_END)
		self->failure = advance(self, buf + (room - left), &left,
		    &self->failure_err);
	*got_r = room - left;
	if (self->failure == MX_OK)
		self->failure = unpack_guard_pass(&self->guard, buf, *got_r,
		    inner_offset(self), &self->failure_err);
	if (*got_r != 0 || self->failure == MX_OK)
		return MX_OK;
	if (err != NULL)
		*err = self->failure_err;
	return self->failure;
}

static void
gzip_close(struct byte_source *base)
{
	struct gzip_source *self = (struct gzip_source *)base;

	inflate_stop(self);
	self->inner->close(self->inner);
	free(self);
}

static uint64_t
gzip_progress(struct byte_source *base)
{
	return inner_offset((struct gzip_source *)base);
}

struct byte_source *
source_gunzip(struct byte_source *inner, const char *head, size_t head_len)
{
	struct gzip_source *self = mx_alloc(sizeof(*self));

	if (head_len > INPUT_BYTES)
		mx_bug("head longer than a piece");
	memset(self, 0, offsetof(struct gzip_source, input));
	self->base.read = gzip_read;
	self->base.close = gzip_close;
	self->base.progress = gzip_progress;
	self->inner = inner;
	self->place = IN_HEADER;
	self->next = self->input + GIVE_BACK_BYTES;
	if (head_len != 0)
		memcpy(self->input + GIVE_BACK_BYTES, head, head_len);
	self->left = head_len;
	self->inner_bytes = head_len;
	return &self->base;
}
