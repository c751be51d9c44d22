/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of the dossier. */
#include <stdlib.h>

#include "cli/evidence.h"

enum { DAY_S = 86400, DAYS_AROUND = 7, LETTER_DAYS = 60, LETTER_ROWS = 12,
	LETTER_REFUSALS = 5 };

#define COLUMNS(list) (list), sizeof(list) / sizeof((list)[0])

/* ------------------------------------------------------------------ */

static int64_t
end_of(const struct evidence *self)
{
	const struct report_episode *it = self->episode;

	if (episode_is_open(it->state))
		return self->own.window.until_utc;
	return (it->first_accept_after_utc != TIME_NONE ?
	    it->first_accept_after_utc : it->last_refusal_utc) +
	    DAYS_AROUND * DAY_S;
}

/* From a week before the first refusal to a week after the end. */
void
evidence_days(struct evidence *self)
{
	static const struct dossier_column columns[] = {
		{ "day (UTC)", false, 12 }, { "accepted", true, 10 },
		{ "deferred", true, 10 }, { "bounced", true, 10 },
		{ "refused", true, 10 }, { "remark", false, 30 },
	};
	const struct report *own = &self->own;
	int64_t from = self->episode->first_refusal_utc - DAYS_AROUND * DAY_S;

	dossier_table(&self->letter, "Days", COLUMNS(columns), LETTER_DAYS);
	for (size_t i = 0; i < own->window.day_count; i++) {
		const struct report_day *day = &own->window.days[i];

		if (day->day_utc + DAY_S <= from ||
		    day->day_utc > end_of(self))
			continue;
		dossier_words(&self->letter, slice_str(day->day));
		dossier_count(&self->letter, day->attempts.accepted);
		dossier_count(&self->letter, day->attempts.deferred);
		dossier_count(&self->letter, day->attempts.bounced);
		dossier_count(&self->letter, day->blocked);
		/* attempts stand on their own day: they do not change */
		dossier_words(&self->letter, day->is_covered ? SLICE_NONE :
		    SLICE("no log"));
	}
}

/* ------------------------------------------------------------------ */

static void
control_row(struct evidence *self, struct slice name,
    const struct report_row *row)
{
	dossier_words(&self->letter, name);
	dossier_count(&self->letter, row->n.deliveries);
	dossier_count(&self->letter, row->n.accepted);
	dossier_count(&self->letter, row->n.bounced + row->n.expired);
	dossier_count(&self->letter, row->n.blocked);
}

/* The same source at others, and the same provider from our others. */
void
evidence_control(struct evidence *self)
{
	static const struct dossier_column columns[] = {
		{ "provider", false, 34 }, { "deliveries", true, 11 },
		{ "accepted", true, 11 }, { "failed", true, 11 },
		{ "refused", true, 11 },
	};
	static const struct dossier_column sources[] = {
		{ "our other addresses", false, 34 },
		{ "deliveries", true, 11 }, { "accepted", true, 11 },
		{ "failed", true, 11 }, { "refused", true, 11 },
	};
	const struct report *control = &self->control;

	dossier_table(&self->letter, "Other providers", COLUMNS(columns),
	    LETTER_ROWS);
	for (size_t i = 0; i < control->pair_count; i++) {
		const struct report_row *row = &control->pairs[i];

		if (slice_eq(row->source, self->episode->source) &&
		    !slice_eq(row->provider, self->episode->provider))
			control_row(self, row->name, row);
	}
	dossier_table(&self->letter, "Our other addresses", COLUMNS(sources),
	    LETTER_ROWS);
	for (size_t i = 0; i < control->pair_count; i++) {
		const struct report_row *row = &control->pairs[i];

		if (!slice_eq(row->source, self->episode->source) &&
		    slice_eq(row->provider, self->episode->provider))
			control_row(self, slice_is_none(row->source_ip) ?
			    row->source : row->source_ip, row);
	}
}

/* ------------------------------------------------------------------ */

/* Newest first: those stand in the desk's own logs still. */
void
evidence_refusals(struct evidence *self)
{
	static const struct dossier_column columns[] = {
		{ "time (UTC)", false, 18 }, { "our queue id", false, 18 },
		{ "your host", false, 44 },
	};
	static const struct dossier_column full[] = {
		{ "time (UTC)", false, 18 }, { "our queue id", false, 18 },
		{ "recipients at", false, 22 }, { "your host", false, 44 },
		{ "reply", false, 90 },
	};

	dossier_table(&self->letter, NULL, COLUMNS(columns), LETTER_REFUSALS);
	for (size_t i = self->refusal_count; i-- > 0;) {
		const struct evidence_refusal *it = &self->refusals[i];

		if (self->refusal_count - i > LETTER_REFUSALS)
			break;
		dossier_time(&self->letter, it->utc);
		dossier_words(&self->letter, it->id);
		dossier_words(&self->letter, it->relay);
	}
	dossier_table(&self->letter, "Refusals", COLUMNS(full), 0);
	for (size_t i = self->refusal_count; i-- > 0;) {
		const struct evidence_refusal *it = &self->refusals[i];

		dossier_time(&self->letter, it->utc);
		dossier_words(&self->letter, it->id);
		dossier_words(&self->letter, it->domain);
		dossier_words(&self->letter, it->relay);
		evidence_add_private(self, it->reply);
		dossier_words(&self->letter, strbuf_slice(&self->letter.line));
		strbuf_reset(&self->letter.line);
	}
}

/* ------------------------------------------------------------------ */

/* What happened and what was done, in order. */
struct event {
	int64_t utc;
	const char *what;
	const struct report_annotation *remark;
};

static int
compare_events(const void *left, const void *right)
{
	const struct event *a = left;
	const struct event *b = right;

	return (a->utc > b->utc) - (a->utc < b->utc);
}

static size_t
gather_events(const struct evidence *self, struct event *list)
{
	const struct report_episode *it = self->episode;
	const struct event own[] = {
		{ it->last_accept_before_utc, "last acceptance before", NULL },
		{ it->first_refusal_utc, "first refusal", NULL },
		{ it->last_refusal_utc, episode_is_open(it->state) ?
		    "latest refusal" : "last refusal", NULL },
		{ it->first_accept_after_utc, "accepted again", NULL },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i].utc != TIME_NONE)
			list[count++] = own[i];
	for (size_t i = 0; i < self->own.annotation_count; i++) {
		const struct report_annotation *one =
		    &self->own.annotations[i];

		if (report_annotation_concerns(one, it))
			list[count++] = (struct event){ one->time_utc, NULL,
				one };
	}
	qsort(list, count, sizeof(*list), compare_events);
	return count;
}

void
evidence_remarks(struct evidence *self)
{
	static const struct dossier_column columns[] = {
		{ "time (UTC)", false, 18 }, { "event", false, 90 },
	};
	struct event *list =
	    mx_alloc((self->own.annotation_count + 4) * sizeof(*list));
	size_t count = gather_events(self, list);

	dossier_table(&self->letter, "Events", COLUMNS(columns), LETTER_DAYS);
	for (size_t i = 0; i < count; i++) {
		dossier_time(&self->letter, list[i].utc);
		if (list[i].remark == NULL) {
			dossier_words(&self->letter, slice_str(list[i].what));
			continue;
		}
		strbuf_add_slice(&self->letter.line, list[i].remark->kind);
		strbuf_add_str(&self->letter.line, ": ");
		evidence_add_private(self, list[i].remark->text);
		dossier_words(&self->letter, strbuf_slice(&self->letter.line));
		strbuf_reset(&self->letter.line);
	}
	free(list);
}
