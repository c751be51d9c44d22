/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/privacy.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/name_mark.h"
#include "cli/name_scan.h"
#include "cli/pseudonym.h"
#include "cli/sender_memory.h"
#include "parsers/facts.h"
#include "parsers/report_facts.h"

enum { DIGITS = 12, BUFFERS = 2 };

/* An address of the fact at hand, and what is kept of it. */
struct covered {
	struct slice address, local; /* as read; the part before the "@" */
	struct strbuf kept;          /* empty: all of it as it is */
	size_t kept_local;           /* bytes of it that are the local part */
};

struct privacy {
	enum addresses_kept senders, recipients;
	struct pseudonym_key key;
	struct covered sender, recipient, original;
	struct sender_memory *recent; /* NULL: senders stay whole */
	const struct ingest_known *known;
	struct strbuf words[BUFFERS], plain;
	unsigned buffer;             /* of words: holds the text so far */
	const struct fact_sink *inner_facts;
	const struct report_sink *inner_reports;
	struct fact_sink facts;
	struct report_sink reports;
	struct ingest_cover cover;
};

/* ---- one address ---- */

/* The same for any case of letters. SALT parts what is the same in several
 * messages. */
static void
add_pseudonym(struct privacy *self, struct strbuf *out, struct slice salt,
    struct slice address)
{
	strbuf_reset(&self->plain);
	for (size_t i = 0; i < address.len; i++)
		strbuf_add_char(&self->plain, ascii_lower(address.ptr[i]));
	if (salt.len != 0) {
		strbuf_add_char(&self->plain, '\n');
		strbuf_add_slice(&self->plain, salt);
	}
	pseudonym_add(out, &self->key, "u", strbuf_slice(&self->plain),
	    DIGITS);
}

static struct slice
local_of(struct slice address)
{
	size_t at = address.len;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	return at == 0 ? address : slice_of(address.ptr, at - 1);
}

/* What is kept of ADDRESS, in *covered. The null sender has nothing to hide. */
static struct slice
cover_address(struct privacy *self, struct covered *covered,
    enum addresses_kept how, struct slice salt, struct slice address)
{
	covered->address = address;
	covered->local = local_of(address);
	strbuf_reset(&covered->kept);
	if (how == ADDRESSES_WHOLE || address.len == 0)
		return address;
	if (how == ADDRESSES_HASHED)
		add_pseudonym(self, &covered->kept, SLICE_NONE, address);
	else if (salt.len != 0)
		add_pseudonym(self, &covered->kept, salt, address);
	else
		strbuf_add_char(&covered->kept, '*');
	covered->kept_local = covered->kept.len;
	strbuf_add_slice(&covered->kept,
	    slice_skip(address, covered->local.len));
	return strbuf_slice(&covered->kept);
}

/* A sender is only asked for its domain; nothing tells two apart. */
static struct slice
cover_sender(struct privacy *self, struct slice address)
{
	return cover_address(self, &self->sender, self->senders, SLICE_NONE,
	    address);
}

/* Recipients of one message must differ; of two messages they need not. */
static struct slice
cover_recipient(struct privacy *self, struct covered *covered, struct slice id,
    struct slice address)
{
	return cover_address(self, covered, self->recipients, id, address);
}

/* ---- a reply's words ---- */

static struct strbuf *
next_words(struct privacy *self)
{
	self->buffer = (self->buffer + 1) % BUFFERS;
	strbuf_reset(&self->words[self->buffer]);
	return &self->words[self->buffer];
}

static bool
is_address_of(const struct covered *covered, const struct found_address *found)
{
	struct slice whole = slice_between(found->local.ptr,
	    found->domain.ptr + found->domain.len);

	return covered->address.len != 0 &&
	    slice_eq_nocase(whole, covered->address);
}

/* The local part of FOUND as it is kept. Of others than the fact's own
 * addresses only those stay that are no person's. */
static void
add_found(struct privacy *self, struct strbuf *out,
    const struct found_address *found, struct slice id)
{
	const struct covered *own[] = { &self->recipient, &self->original,
		&self->sender };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (is_address_of(own[i], found)) {
			strbuf_add_slice(out, own[i]->kept.len == 0 ?
			    found->local : slice_of(own[i]->kept.ptr,
			    own[i]->kept_local));
			return;
		}
	if (scan_is_role(found->local))
		strbuf_add_slice(out, found->local);
	else
		add_pseudonym(self, out, self->recipients == ADDRESSES_NONE ||
		    self->senders == ADDRESSES_NONE ? id : SLICE_NONE,
		    slice_between(found->local.ptr,
		    found->domain.ptr + found->domain.len));
}

static struct slice
cover_whole(struct privacy *self, struct slice words, struct slice id)
{
	struct found_address found;
	struct strbuf *out;
	const char *from = words.ptr;

	if (!scan_address(words, 0, &found))
		return words;
	out = next_words(self);
	do {
		strbuf_add_slice(out, slice_between(from, found.local.ptr));
		add_found(self, out, &found, id);
		from = found.local.ptr + found.local.len;
	} while (scan_address(words, (size_t)(found.domain.ptr +
	    found.domain.len - words.ptr), &found));
	strbuf_add_slice(out, slice_between(from, words.ptr + words.len));
	return strbuf_slice(out);
}

/* "tina: unknown user" */
static struct slice
cover_alone(struct privacy *self, struct slice words,
    const struct covered *covered)
{
	struct slice name = covered->local;
	const char *hit, *from = words.ptr;
	struct strbuf *out;

	if (covered->kept.len == 0 || name.len < SCAN_NAME_LEAST ||
	    scan_is_role(name))
		return words;
	hit = scan_word(words, 0, name);
	if (hit == NULL)
		return words;
	out = next_words(self);
	for (; hit != NULL; hit = scan_word(words,
	    (size_t)(from - words.ptr), name)) {
		strbuf_add_slice(out, slice_between(from, hit));
		strbuf_add(out, covered->kept.ptr, covered->kept_local);
		from = hit + name.len;
	}
	strbuf_add_slice(out, slice_between(from, words.ptr + words.len));
	return strbuf_slice(out);
}

/* The sender's name, where the line that told it was read in an earlier run:
 * of it there is only the mark. */
static enum mx_code
cover_marked(struct privacy *self, const struct delivery *fact,
    struct slice *words, struct mx_err *err)
{
	const struct name_mark_of of = { &self->key, fact->host, fact->id };
	struct slice sender, name;
	struct strbuf *out;
	uint64_t mark;
	const char *from = words->ptr;
	enum mx_code code =
	    self->known->sender(self->known->ctx, fact, &sender, &mark, err);

	if (code != MX_OK)
		return code;
	name = name_mark_find(&of, mark, *words, 0);
	if (slice_is_none(name))
		return MX_OK;
	sender = local_of(sender);
	out = next_words(self);
	for (; !slice_is_none(name); name = name_mark_find(&of, mark, *words,
	    (size_t)(from - words->ptr))) {
		strbuf_add_slice(out, slice_between(from, name.ptr));
		strbuf_add_slice(out, sender);
		from = name.ptr + name.len;
	}
	strbuf_add_slice(out, slice_between(from, words->ptr + words->len));
	*words = strbuf_slice(out);
	return MX_OK;
}

/* Behind the addresses of the same fact. */
static struct slice
cover_words(struct privacy *self, struct slice words, struct slice id)
{
	if (words.len == 0)
		return words;
	words = cover_whole(self, words, id);
	words = cover_alone(self, words, &self->recipient);
	words = cover_alone(self, words, &self->original);
	return cover_alone(self, words, &self->sender);
}

/* ---- facts ---- */

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct privacy *self = ctx;
	struct delivery kept = *fact;
	bool is_unnamed = slice_is_none(fact->sender) && self->recent != NULL;
	struct slice recent = SLICE_NONE;
	enum mx_code code = MX_OK;

	kept.sender = cover_sender(self, fact->sender);
	if (is_unnamed) {
		recent = sender_memory_find(self->recent, fact->host,
		    fact->id);
		(void)cover_sender(self, recent);
	}
	kept.recipient = cover_recipient(self, &self->recipient, fact->id,
	    fact->recipient);
	kept.orig_recipient = cover_recipient(self, &self->original, fact->id,
	    fact->orig_recipient);
	kept.reply = cover_words(self, fact->reply, fact->id);
	if (is_unnamed && slice_is_none(recent) && kept.reply.len != 0)
		code = cover_marked(self, fact, &kept.reply, err);
	if (code != MX_OK)
		return code;
	return self->inner_facts->delivery(self->inner_facts->ctx, &kept, err);
}

static enum mx_code
on_message(void *ctx, const struct message_event *event, struct mx_err *err)
{
	struct privacy *self = ctx;
	struct message_event kept = *event;

	kept.sender = cover_sender(self, event->sender);
	if (self->recent != NULL && !slice_is_none(event->sender)) {
		const struct name_mark_of of = { &self->key, event->host,
			event->id };

		kept.sender_mark = name_mark(&of, local_of(event->sender));
		sender_memory_note(self->recent, event->host, event->id,
		    event->sender);
	}
	return self->inner_facts->message(self->inner_facts->ctx, &kept, err);
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct privacy *self = ctx;

	return self->inner_facts->skipped(self->inner_facts->ctx, what, err);
}

static enum mx_code
on_line(void *ctx, const struct stamp *at, struct slice host, uint64_t count,
    struct mx_err *err)
{
	struct privacy *self = ctx;

	return self->inner_facts->line_seen(self->inner_facts->ctx, at, host,
	    count, err);
}

static enum mx_code
on_notice(void *ctx, enum notice_kind kind, const struct mx_where *where,
    struct slice text, struct mx_err *err)
{
	struct privacy *self = ctx;

	return self->inner_facts->notice(self->inner_facts->ctx, kind, where,
	    text, err);
}

static const struct fact_sink *
cover_facts(void *ctx, const struct fact_sink *inner,
    const struct ingest_known *known)
{
	struct privacy *self = ctx;

	self->known = known;
	self->inner_facts = inner;
	self->facts = (struct fact_sink){ self, on_delivery, on_message,
		on_skipped, on_line, on_notice };
	return &self->facts;
}

/* ---- facts of reports ---- */

static enum mx_code
on_complaint(void *ctx, const struct complaint *fact, struct mx_err *err)
{
	struct privacy *self = ctx;
	struct complaint kept = *fact;

	kept.original_mail_from = cover_sender(self, fact->original_mail_from);
	kept.original_rcpt_to = cover_recipient(self, &self->recipient,
	    fact->original_id, fact->original_rcpt_to);
	return self->inner_reports->complaint(self->inner_reports->ctx, &kept,
	    err);
}

static enum mx_code
on_bounce(void *ctx, const struct bounce_mail *fact, struct mx_err *err)
{
	struct privacy *self = ctx;
	struct bounce_mail kept = *fact;

	(void)cover_sender(self, SLICE_NONE);
	(void)cover_recipient(self, &self->original, SLICE_NONE, SLICE_NONE);
	kept.recipient = cover_recipient(self, &self->recipient,
	    fact->queue_id, fact->recipient);
	kept.reply = cover_words(self, fact->reply, fact->queue_id);
	return self->inner_reports->bounce(self->inner_reports->ctx, &kept,
	    err);
}

/* What names nobody. */
#define PASS(name, type) \
	static enum mx_code \
	on_##name(void *ctx, const struct type *fact, struct mx_err *err) \
	{ \
		struct privacy *self = ctx; \
	\
		return self->inner_reports->name(self->inner_reports->ctx, \
		    fact, err); \
	}
PASS(dmarc, dmarc_row)
PASS(tls_policy, tls_policy)
PASS(tls_failure, tls_failure)
PASS(snds, snds_row)
PASS(report_end, report_head)

static enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	struct privacy *self = ctx;

	return self->inner_reports->note(self->inner_reports->ctx, path, text,
	    err);
}

static enum mx_code
on_refused(void *ctx, const char *path, enum skip_reason reason,
    const struct mx_err *why, struct mx_err *err)
{
	struct privacy *self = ctx;

	return self->inner_reports->refused(self->inner_reports->ctx, path,
	    reason, why, err);
}

static const struct report_sink *
cover_reports(void *ctx, const struct report_sink *inner)
{
	struct privacy *self = ctx;

	self->inner_reports = inner;
	self->reports = (struct report_sink){ self, on_dmarc, on_tls_policy,
		on_tls_failure, on_complaint, on_snds, on_bounce,
		on_report_end, on_note, on_refused };
	return &self->reports;
}

/* ------------------------------------------------------------------ */

static char *
key_path(const struct settings *settings)
{
	struct strbuf path;
	char *text;

	strbuf_init(&path, LIMIT_OUTPUT_PIECE_BYTES);
	strbuf_addf(&path, "%s/privacy.key", settings->state_dir);
	text = mx_strdup(path.ptr);
	strbuf_release(&path);
	return text;
}

bool
privacy_has_key(const struct settings *settings, char **path_r)
{
	*path_r = key_path(settings);
	return access(*path_r, F_OK) == 0;
}

enum mx_code
privacy_open(const struct settings *settings, struct privacy **privacy_r,
    struct mx_err *err)
{
	struct privacy *self;
	char *path;
	enum mx_code code;

	*privacy_r = NULL;
	if (settings->senders_kept == ADDRESSES_WHOLE &&
	    settings->recipients_kept == ADDRESSES_WHOLE)
		return MX_OK;
	self = mx_calloc(1, sizeof(*self));
	self->senders = settings->senders_kept;
	self->recipients = settings->recipients_kept;
	path = key_path(settings);
	code = pseudonym_key_load(path, &self->key, err);
	free(path);
	if (code != MX_OK) {
		free(self);
		return code;
	}
	if (self->senders != ADDRESSES_WHOLE)
		self->recent = sender_memory_new();
	strbuf_init(&self->sender.kept, LIMIT_LINE_BYTES);
	strbuf_init(&self->recipient.kept, LIMIT_LINE_BYTES);
	strbuf_init(&self->original.kept, LIMIT_LINE_BYTES);
	strbuf_init(&self->plain, LIMIT_LINE_BYTES);
	for (unsigned i = 0; i < BUFFERS; i++)
		strbuf_init(&self->words[i], LIMIT_OUTPUT_PIECE_BYTES);
	self->cover = (struct ingest_cover){ self, cover_facts,
		cover_reports };
	*privacy_r = self;
	return MX_OK;
}

void
privacy_close(struct privacy *self)
{
	if (self == NULL)
		return;
	sender_memory_free(self->recent);
	strbuf_release(&self->sender.kept);
	strbuf_release(&self->recipient.kept);
	strbuf_release(&self->original.kept);
	strbuf_release(&self->plain);
	for (unsigned i = 0; i < BUFFERS; i++)
		strbuf_release(&self->words[i]);
	free(self);
}

const struct ingest_cover *
privacy_cover(struct privacy *self)
{
	return self != NULL ? &self->cover : NULL;
}

struct slice
privacy_recipient(struct privacy *self, struct slice address)
{
	if (self == NULL || self->recipients == ADDRESSES_WHOLE)
		return address;
	if (self->recipients == ADDRESSES_NONE)
		return SLICE_NONE;
	return cover_recipient(self, &self->recipient, SLICE_NONE, address);
}
