/* SPDX-License-Identifier: BSD-2-Clause */
/* What a flush adds to the days in packed form. */
#include "analyzer/store_flush.h"

void
flush_day_total(struct flush *flush, const struct total_row *from,
    const struct row_ids *ids, const struct slice blobs[3])
{
	struct day_writer *days = &flush->days;
	struct pack_row *to =
	    day_writer_row(days, &days->totals, from->key.slot);

	if (to == NULL)
		return;
	to->key[DAY_PROVIDER] = (uint32_t)ids->provider;
	to->key[DAY_SOURCE] = (uint32_t)ids->source;
	to->key[DAY_DOMAIN] = (uint32_t)ids->domain;
	to->value[DAY_ACCEPTED_ATTEMPTS].count =
	    from->attempts[OUTCOME_ACCEPTED];
	to->value[DAY_DEFERRED_ATTEMPTS].count =
	    from->attempts[OUTCOME_DEFERRED];
	to->value[DAY_BOUNCED_ATTEMPTS].count =
	    from->attempts[OUTCOME_BOUNCED];
	to->value[DAY_SUSPENDED].count = from->suspended;
	to->value[DAY_REFUSED].count = from->refused;
	to->value[DAY_MESSAGES].count = from->messages;
	to->value[DAY_ACCEPTED].count = from->accepted;
	to->value[DAY_DEFERRED].count = from->deferred;
	to->value[DAY_BOUNCED].count = from->bounced;
	to->value[DAY_EXPIRED].count = from->expired;
	to->value[DAY_BLOCKED].count = from->blocked;
	pack_list_bytes(&days->totals, DAY_DELAYS, blobs[0]);
	pack_list_bytes(&days->totals, DAY_VOTES, blobs[1]);
	pack_list_bytes(&days->totals, DAY_OTHERS, blobs[2]);
}

void
flush_day_gap(struct flush *flush, const struct gap_row *row,
    const struct row_ids *ids)
{
	struct pack_row *to = day_writer_row(&flush->days, &flush->days.gaps,
	    row->key.slot);

	if (to == NULL)
		return;
	to->key[GAP_KIND] = row->key.group;
	to->key[GAP_PROVIDER] = (uint32_t)ids->provider;
	to->key[GAP_SOURCE] = (uint32_t)ids->source;
	to->key[GAP_DOMAIN] = (uint32_t)ids->domain;
	to->key[GAP_SECONDS] = (uint32_t)row->key.gap_s;
	to->value[0].count = row->count;
}

void
flush_day_reply(struct flush *flush, const struct reply_row *row,
    int64_t reply, int64_t source)
{
	struct pack_row *to = day_writer_row(&flush->days,
	    &flush->days.replies, row->key.slot);

	if (to == NULL)
		return;
	to->key[REPLY_KIND] = (uint32_t)reply;
	to->key[REPLY_SOURCE] = (uint32_t)source;
	to->value[REPLY_ATTEMPTS].count = row->attempts;
	to->value[REPLY_DELIVERIES].count = row->deliveries;
	if (row->first_utc != INT64_MAX && row->first_utc != INT64_MIN)
		to->value[REPLY_FIRST].count = row->first_utc - to->day;
	if (row->last_utc != INT64_MAX && row->last_utc != INT64_MIN)
		to->value[REPLY_LAST].count = row->last_utc - to->day;
}

enum mx_code
flush_touch_days(struct flush *flush)
{
	const struct totals *totals = flush->totals;
	enum mx_code code = MX_OK;

	for (uint32_t i = 0; i < totals->rows.used && code == MX_OK; i++)
		code = day_writer_touch(&flush->days, ((const struct total_row *)
		    pool_at(&totals->rows, i))->key.slot, flush->err);
	for (uint32_t i = 0; i < totals->gaps.used && code == MX_OK; i++)
		code = day_writer_touch(&flush->days, ((const struct gap_row *)
		    pool_at(&totals->gaps, i))->key.slot, flush->err);
	for (uint32_t i = 0; i < totals->reply_rows.used && code == MX_OK; i++)
		code = day_writer_touch(&flush->days, ((const struct reply_row *)
		    pool_at(&totals->reply_rows, i))->key.slot, flush->err);
	return code;
}

enum mx_code
flush_days(struct flush *flush)
{
	return day_writer_finish(&flush->days, flush->err);
}
