/* SPDX-License-Identifier: BSD-2-Clause */
/* Which formats take the lines of which program: one syslog file may hold
 * several MTAs, and most of its lines belong to none. Used by log_reader.c
 * alone. */
#ifndef MX_PARSERS_LOG_OFFERS_H
#define MX_PARSERS_LOG_OFFERS_H

#include "parsers/ingest_formats.h"

enum {
	OFFER_FORMATS = 48, /* formats of syslog lines, own ones included */
	OFFERS_A_TAG = 4    /* formats that may want the same program */
};

struct offer {
	uint32_t role;
	uint32_t format; /* index into formats */
};

struct tag_offers {
	uint32_t serial; /* of the head reader's tag that was asked for */
	uint32_t count;
	struct offer offers[OFFERS_A_TAG];
};

struct log_offers {
	const struct log_format *formats[OFFER_FORMATS];
	void *states[OFFER_FORMATS]; /* made at the first line */
	uint32_t count;
	/* By the head reader's slots; the last is for tags without one. */
	struct tag_offers slots[HEAD_TAGS + 1];
};

/* ONLY: the one format that is asked for, NULL for all. */
void log_offers_init(struct log_offers *offers,
    const struct log_format *const *own, const struct log_format *only);
void log_offers_release(struct log_offers *offers);
const struct tag_offers *log_offers_ask(struct log_offers *offers,
    const struct syslog_head *head);
/* Valid until the next call. */
static inline const struct tag_offers *
log_offers_find(struct log_offers *offers, const struct syslog_head *head)
{
	const struct tag_offers *slot = &offers->slots[head->tag_slot];

	if (slot->serial == head->tag_serial && head->tag_slot != HEAD_TAGS)
		return slot;
	return log_offers_ask(offers, head);
}
enum mx_code log_offers_state(struct log_offers *offers, uint32_t format,
    const struct log_context *context, void **state_r, struct mx_err *err);

#endif
