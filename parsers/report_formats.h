/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of report formats, and the reader that finds the reports of one
 * input: bare, in gzip or zip, in mails, in mailboxes. What a thing is, is
 * told by its content, never by its name or MIME type. */
#ifndef MX_PARSERS_REPORT_FORMATS_H
#define MX_PARSERS_REPORT_FORMATS_H

#include "parsers/report_facts.h"
#include "parsers/source.h"

struct dmarc_report;
struct zone;

struct report_format {
	const char *name;       /* "dmarc" */
	const char *title;      /* one line for people */
	const char *recognised; /* how, one line for people */
};

/* Ends with a row whose name is NULL. */
extern const struct report_format report_formats[];

/* Does an input that begins with HEAD hold reports rather than a log? */
bool report_probe(struct slice head);
/* Is it a mailbox that grows at its end (mbox)? */
bool report_is_mailbox(struct slice head);

struct report_input {
	const char *path;           /* for evidence */
	struct byte_source *source; /* at its start; stays the caller's */
	struct slice head;          /* its first bytes (source_peek.h) */
	bool is_all;                /* HEAD is all of it */
	struct dmarc_report *early; /* report_read_early(HEAD), or NULL */
	const struct zone *zone;    /* of times that carry none; NULL: UTC */
	/* Where in the input SOURCE stands: of a mailbox that has grown only
	 * the new messages need be read. */
	uint64_t offset;
	/* Behind each message of a mailbox, with the place of the next; may be
	 * NULL. */
	enum mx_code (*message_end)(void *ctx, uint64_t offset,
	    struct mx_err *err);
	void *message_end_ctx;
	/* Names, between blanks, that the mailbox's own server signs its
	 * Authentication-Results with; absent: none is trusted. */
	struct slice authserv_ids;
	int64_t now_utc;
	int64_t mtime_utc;          /* INT64_MIN: not known */
};

/* For an input that is all in its HEAD: what can be done for it beforehand and
 * on another thread, or NULL. Given to report_read() (which frees it) as part
 * of the input, or freed by report_early_free(). */
struct dmarc_report *report_read_early(struct slice head);
void report_early_free(struct dmarc_report *early);

/* All reports of the input. What cannot be read goes to sink->refused, and
 * the rest is read; MX_E_IO of the source and whatever the sink returns end
 * the run. */
enum mx_code report_read(const struct report_input *input,
    const struct report_sink *sink, struct mx_err *err) MX_MUST_USE;

#endif
