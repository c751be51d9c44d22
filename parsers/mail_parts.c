/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/mail_parts.h"

#include <gmime/gmime.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/strbuf.h"

struct mail_store {
	struct mail mail; /* first: what callers hold */
	struct arena arena;
	struct mail_part parts[LIMIT_MIME_PARTS];
};

/* What GLib and GMime would say on standard error; an error is followed by an
 * abort, which at the end of the memory is not ours. */
static void
on_log(const gchar *domain, GLogLevelFlags level, const gchar *text,
    gpointer unused)
{
	(void)unused;
	if ((level & G_LOG_LEVEL_ERROR) == 0)
		return;
	if (strstr(text, "failed to allocate") != NULL)
		mx_oom();
	g_log_default_handler(domain, level, text, NULL);
}

void
mail_set_up(void)
{
	(void)g_log_set_default_handler(on_log, NULL);
}

/* An object to look at, with how deep it lies. */
struct pending {
	GMimeObject *object;
	unsigned depth;
};

static struct slice
without_front(struct slice text)
{
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_skip(text, 3);
	while (text.len != 0 && (text.ptr[0] == '\n' || text.ptr[0] == '\r'))
		text = slice_skip(text, 1);
	return text;
}

/* Bytes up to the end of the first line, and of its line end. */
static size_t
line_length(struct slice text, size_t *with_end_r)
{
	size_t i = 0;

	while (i < text.len && text.ptr[i] != '\n' && text.ptr[i] != '\r')
		i++;
	*with_end_r = i < text.len ? i + 1 : i;
	if (i + 1 < text.len && text.ptr[i] == '\r' && text.ptr[i + 1] == '\n')
		*with_end_r = i + 2;
	return i;
}

static bool
is_clock(struct slice word)
{
	return word.len >= 5 && word.len <= 8 && ascii_is_digit(word.ptr[0]) &&
	    slice_chr(word, ':') != NULL;
}

static bool
is_year(struct slice word)
{
	uint64_t year;

	return word.len == 4 && slice_number(word, 2100, &year) == 4 &&
	    year >= 1970;
}

bool
mail_is_separator(struct slice line)
{
	bool has_clock = false, has_year = false;

	if (!slice_starts(line, SLICE("From ")) || line.len > 1024)
		return false;
	line = slice_skip(line, 5);
	while (line.len != 0) {
		const char *blank = slice_chr(line, ' ');
		size_t len = blank != NULL ? (size_t)(blank - line.ptr) :
		    line.len;
		struct slice word = slice_of(line.ptr, len);

		has_clock |= is_clock(word);
		has_year |= is_year(word);
		line = slice_skip(line, len + 1);
	}
	return has_clock && has_year;
}

bool
mail_is_mbox(struct slice text)
{
	size_t with_end, len;

	text = without_front(text);
	len = line_length(text, &with_end);
	return mail_is_separator(slice_of(text.ptr, len));
}

static bool
is_known_field(struct slice name)
{
	static const char *const known[] = { "received", "return-path",
		"from", "to", "subject", "date", "message-id", "mime-version",
		"content-type", "delivered-to", "dkim-signature", "sender",
		"reply-to", "x-original-to", "authentication-results",
		"arc-seal", "content-transfer-encoding", "auto-submitted",
		NULL };

	for (size_t i = 0; known[i] != NULL; i++)
		if (slice_eq_nocase(name, slice_str(known[i])))
			return true;
	return name.len > 2 && slice_eq_nocase(slice_of(name.ptr, 2),
	    SLICE("x-"));
}

static struct slice
field_name(struct slice line)
{
	const char *colon = slice_chr(line, ':');
	struct slice name;

	if (colon == NULL)
		return SLICE_NONE;
	name = slice_trim(slice_between(line.ptr, colon));
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] >= '\x7f')
			return SLICE_NONE;
	return name;
}

/* Two fields, one of which every mail has. */
bool
mail_probe(struct slice text)
{
	unsigned fields = 0, known = 0;
	size_t with_end, len;

	text = without_front(text);
	if (mail_is_mbox(text)) {
		(void)line_length(text, &with_end);
		text = slice_skip(text, with_end);
	}
	for (; text.len != 0 && fields < 8; text = slice_skip(text, with_end)) {
		struct slice line, name;

		len = line_length(text, &with_end);
		line = slice_of(text.ptr, len);
		if (len == 0)
			break;
		if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
			continue;
		name = field_name(line);
		if (name.len == 0)
			return false;
		fields++;
		known += is_known_field(name);
	}
	return known != 0 && (fields > 1 || known == fields);
}

/* ------------------------------------------------------------------ */

/* The library knows LF and CRLF only. */
static struct slice
with_lf(struct slice text, struct strbuf *buf)
{
	if (slice_chr(text, '\n') != NULL || slice_chr(text, '\r') == NULL)
		return text;
	strbuf_add_slice(buf, text);
	for (size_t i = 0; i < buf->len; i++)
		if (buf->ptr[i] == '\r')
			buf->ptr[i] = '\n';
	return strbuf_slice(buf);
}

static struct slice
head_of(struct slice text)
{
	struct slice rest = text;
	size_t with_end;

	while (rest.len != 0 && line_length(rest, &with_end) != 0)
		rest = slice_skip(rest, with_end);
	return slice_between(text.ptr, rest.ptr);
}

static bool
ends_nocase(struct slice text, struct slice word)
{
	while (text.len != 0 && ascii_is_space(text.ptr[text.len - 1]))
		text.len--;
	return text.len >= word.len && slice_eq_nocase(slice_of(text.ptr +
	    text.len - word.len, word.len), word);
}

/* "multipart/" and "message/rfc822" in LINE. */
static unsigned
nestings_in(struct slice line)
{
	struct slice rest = line;
	unsigned count = 0;
	const char *slash;

	while ((slash = slice_chr(rest, '/')) != NULL) {
		struct slice before = slice_between(line.ptr, slash);

		rest = slice_skip(rest, (size_t)(slash - rest.ptr) + 1);
		count += ends_nocase(before, SLICE("multipart")) ||
		    (ends_nocase(before, SLICE("message")) && rest.len > 2 &&
		    slice_eq_nocase(slice_of(rest.ptr, 3), SLICE("rfc")));
	}
	return count;
}

/* Counted before the library sees the mail, since it recurses and makes an
 * object of each: how many boundaries are declared bounds how deep parts can
 * nest. A mail of two hundred parts of one multipart declares one. */
static enum mx_code
check_size(struct slice text, struct mx_err *err)
{
	unsigned nestings = 0, separators = 0, fields = 0;
	size_t with_end;

	for (; text.len != 0; text = slice_skip(text, with_end)) {
		struct slice line = slice_of(text.ptr,
		    line_length(text, &with_end));

		if (slice_starts(line, SLICE("--")))
			separators++;
		else if (field_name(line).len != 0)
			fields++;
		nestings += nestings_in(line);
		if (nestings > 8 * LIMIT_MIME_DEPTH)
			return mx_fail(err, MX_E_LIMIT,
			    "parts nest deeper than %u levels",
			    LIMIT_MIME_DEPTH);
		if (separators > LIMIT_MIME_LINES)
			return mx_fail(err, MX_E_LIMIT,
			    "a message of more than %u parts",
			    LIMIT_MIME_LINES);
		if (fields > LIMIT_MAIL_FIELDS)
			return mx_fail(err, MX_E_LIMIT,
			    "a message of more than %u header fields",
			    LIMIT_MAIL_FIELDS);
	}
	return MX_OK;
}

static struct slice
copy_lower(struct arena *arena, const char *text)
{
	struct slice source = slice_str(text);
	char *copy = arena_strndup(arena, source.ptr, source.len);

	for (size_t i = 0; i < source.len; i++)
		copy[i] = ascii_lower(copy[i]);
	return slice_of(copy, source.len);
}

static struct slice
type_of(struct arena *arena, GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *name = type != NULL ? g_mime_content_type_get_mime_type(type) :
	    NULL;
	struct slice copy = name != NULL ? copy_lower(arena, name) :
	    SLICE("text/plain");

	g_free(name);
	return copy;
}

static struct slice
bytes_of(struct arena *arena, GMimeStream *stream)
{
	GByteArray *bytes =
	    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));

	return arena_slice(arena, slice_of((const char *)bytes->data,
	    bytes->len));
}

static void
take_content(struct arena *arena, GMimePart *library_part,
    struct mail_part *part)
{
	GMimeDataWrapper *wrapper = g_mime_part_get_content(library_part);
	GMimeStream *stream;
	GByteArray *bytes;

	part->content = SLICE("");
	if (wrapper == NULL)
		return;
	stream = g_mime_stream_mem_new();
	(void)g_mime_data_wrapper_write_to_stream(wrapper, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	part->is_cut = bytes->len > LIMIT_REPORT_BYTES;
	part->content = arena_slice(arena, slice_of((const char *)bytes->data,
	    part->is_cut ? LIMIT_HEADER_BYTES : bytes->len));
	g_object_unref(stream);
}

/* How long OBJECT is when it is written out. */
static bool
is_longer(GMimeObject *object, gssize limit)
{
	GMimeStream *stream = g_mime_stream_null_new();
	gssize len = g_mime_object_write_to_stream(object, NULL, stream);

	g_object_unref(stream);
	return len > limit;
}

/* The source of an attached message. */
static void
take_message(struct arena *arena, GMimeMessagePart *library_part,
    struct mail_part *part)
{
	GMimeMessage *message =
	    g_mime_message_part_get_message(library_part);
	GMimeStream *stream;
	char *head;

	part->content = SLICE("");
	if (message == NULL)
		return;
	if (is_longer(GMIME_OBJECT(message), LIMIT_NESTED_MAIL_BYTES)) {
		head = g_mime_object_get_headers(GMIME_OBJECT(message), NULL);
		part->is_cut = true;
		part->content = arena_slice(arena, slice_str(head));
		g_free(head);
		return;
	}
	stream = g_mime_stream_mem_new();
	(void)g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL,
	    stream);
	part->content = bytes_of(arena, stream);
	g_object_unref(stream);
}

static void
add_part(struct mail_store *store, GMimeObject *object)
{
	struct mail *mail = &store->mail;
	struct mail_part *part;
	const char *name;

	if (mail->part_count == LIMIT_MIME_PARTS) {
		mail->is_cut = true;
		return;
	}
	part = &store->parts[mail->part_count++];
	*part = (struct mail_part){ .type = type_of(&store->arena, object) };
	if (GMIME_IS_MESSAGE_PART(object)) {
		part->is_message = true;
		take_message(&store->arena, GMIME_MESSAGE_PART(object), part);
	} else if (GMIME_IS_PART(object)) {
		part->is_attachment =
		    g_mime_part_is_attachment(GMIME_PART(object));
		take_content(&store->arena, GMIME_PART(object), part);
		name = g_mime_part_get_filename(GMIME_PART(object));
		if (name != NULL)
			part->name = arena_slice(&store->arena,
			    slice_str(name));
	}
}

static void
note_report_type(struct mail_store *store, GMimeObject *object)
{
	const char *type = g_mime_object_get_content_type_parameter(object,
	    "report-type");

	if (type != NULL && store->mail.report_type.len == 0)
		store->mail.report_type = copy_lower(&store->arena, type);
}

/* Depth first, in order, with a stack of our own: children are put on it
 * last one first. */
static enum mx_code
flatten(struct mail_store *store, GMimeObject *root, struct mx_err *err)
{
	GArray *stack = g_array_new(FALSE, FALSE, sizeof(struct pending));
	struct pending next = { .object = root, .depth = 1 };
	enum mx_code code = MX_OK;

	g_array_append_val(stack, next);
	while (stack->len != 0 && code == MX_OK) {
		int count;

		next = g_array_index(stack, struct pending, stack->len - 1);
		g_array_set_size(stack, stack->len - 1);
		if (!GMIME_IS_MULTIPART(next.object)) {
			add_part(store, next.object);
			continue;
		}
		note_report_type(store, next.object);
		if (next.depth >= LIMIT_MIME_DEPTH)
			code = mx_fail(err, MX_E_LIMIT,
			    "parts nest deeper than %u levels",
			    LIMIT_MIME_DEPTH);
		count = g_mime_multipart_get_count(
		    GMIME_MULTIPART(next.object));
		for (int i = count - 1; i >= 0 && code == MX_OK; i--) {
			struct pending child = { .depth = next.depth + 1,
				.object = g_mime_multipart_get_part(
				    GMIME_MULTIPART(next.object), i) };

			g_array_append_val(stack, child);
		}
	}
	g_array_free(stack, TRUE);
	return code;
}

static enum mx_code
parse(struct mail_store *store, struct slice text, struct mx_err *err)
{
	/* Reads TEXT where it is: a copy would be as large as the mail. The
	 * library never writes to it, and the array lets go of it below. */
	GByteArray *view = g_byte_array_new();
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	GMimeObject *root;
	enum mx_code code = MX_OK;

	g_mime_init();
	view->data = (guint8 *)(uintptr_t)text.ptr;
	view->len = (guint)text.len;
	stream = g_mime_stream_mem_new_with_byte_array(view);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	parser = g_mime_parser_new_with_stream(stream);
	g_object_unref(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	root = message != NULL ? g_mime_message_get_mime_part(message) : NULL;
	if (root == NULL)
		code = mx_fail(err, MX_E_DATA, "not a message");
	else
		code = flatten(store, root, err);
	if (message != NULL)
		g_object_unref(message);
	g_object_unref(parser);
	view->data = NULL;
	view->len = 0;
	g_byte_array_unref(view);
	return code;
}

enum mx_code
mail_open(struct slice text, struct mail **mail_r, struct mx_err *err)
{
	struct mail_store *store;
	struct strbuf buf;
	enum mx_code code;
	size_t with_end;

	if (text.len > LIMIT_MAIL_BYTES)
		return mx_fail(err, MX_E_LIMIT, "a message above %u MiB",
		    LIMIT_MAIL_BYTES / (1024 * 1024));
	code = check_size(text, err);
	if (code != MX_OK)
		return code;
	strbuf_init(&buf, LIMIT_MAIL_BYTES);
	text = with_lf(without_front(text), &buf);
	if (mail_is_mbox(text)) {
		(void)line_length(text, &with_end);
		text = slice_skip(text, with_end);
	}
	store = mx_alloc(sizeof(*store));
	memset(&store->mail, 0, sizeof(store->mail));
	arena_init(&store->arena);
	store->mail.parts = store->parts;
	store->mail.head = arena_slice(&store->arena, head_of(text));
	code = parse(store, text, err);
	strbuf_release(&buf);
	if (code != MX_OK)
		mail_close(&store->mail);
	else
		*mail_r = &store->mail;
	return code;
}

void
mail_close(struct mail *mail)
{
	struct mail_store *store = (struct mail_store *)(void *)mail;

	if (store == NULL)
		return;
	arena_release(&store->arena);
	free(store);
}
