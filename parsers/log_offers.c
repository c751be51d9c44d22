/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_offers.h"

#include "parsers/log_memory.h"

static void
add_formats(struct log_offers *offers, const struct log_format *const *list,
    const struct log_format *only)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		if (log_format_has_programs(list[i]) &&
		    offers->count < OFFER_FORMATS &&
		    (only == NULL || only == list[i]))
			offers->formats[offers->count++] = list[i];
}

void
log_offers_init(struct log_offers *offers,
    const struct log_format *const *own, const struct log_format *only)
{
	memset(offers, 0, sizeof(*offers));
	add_formats(offers, own, only);
	add_formats(offers, log_formats, only);
}

void
log_offers_release(struct log_offers *offers)
{
	for (uint32_t i = 0; i < offers->count; i++) {
		if (offers->states[i] == NULL)
			continue;
		if (offers->formats[i]->release != NULL)
			offers->formats[i]->release(offers->states[i]);
		free(offers->states[i]);
	}
}

const struct tag_offers *
log_offers_ask(struct log_offers *offers, const struct syslog_head *head)
{
	struct tag_offers *answer = &offers->slots[head->tag_slot];

	answer->serial = head->tag_serial;
	answer->count = 0;
	for (uint32_t i = 0; i < offers->count; i++) {
		uint32_t role = log_format_role(offers->formats[i],
		    head->tag);

		if (role != 0 && answer->count < OFFERS_A_TAG)
			answer->offers[answer->count++] =
			    (struct offer){ role, i };
	}
	return answer;
}

enum mx_code
log_offers_state(struct log_offers *offers, uint32_t format,
    const struct log_context *context, void **state_r, struct mx_err *err)
{
	const struct log_format *f = offers->formats[format];
	struct log_context own = *context;
	void *state = offers->states[format];
	enum mx_code code;

	*state_r = state;
	if (state != NULL)
		return MX_OK;
	state = mx_calloc(1, f->state_size + 1);
	own.format = f;
	code = f->init != NULL ? f->init(state, &own, err) : MX_OK;
	if (code != MX_OK) {
		free(state);
		return code;
	}
	log_memory_load(&own, state);
	*state_r = offers->states[format] = state;
	return MX_OK;
}
