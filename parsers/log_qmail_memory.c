/* SPDX-License-Identifier: BSD-2-Clause */
/* What qmail has under way, from one file of its log to the next: multilog
 * begins a new one every hundred thousand bytes. */
#include "parsers/log_qmail.h"

#include <inttypes.h>

void
qmail_save(const void *memory, struct strbuf *out)
{
	const struct qmail_state *state = memory;

	for (size_t i = 0; i < STARTED; i++) {
		const struct started *one = &state->started[i];

		if (one->key != 0)
			strbuf_addf(out, "s %" PRIu64 " %s %c %s %s\n",
			    one->stream, one->number, one->is_local ? 'l' :
			    'r', one->message, one->recipient);
	}
	for (size_t i = 0; i < ARRIVED; i++)
		if (state->arrived[i].key != 0)
			strbuf_addf(out, "a %" PRIu64 " %" PRId64 "\n",
			    state->arrived[i].key, state->arrived[i].utc);
}

static struct slice
take_word(struct slice *text)
{
	const char *space = slice_chr(*text, ' ');
	struct slice word = space != NULL ?
	    slice_between(text->ptr, space) : *text;

	*text = slice_skip(*text, word.len + 1);
	return word;
}

static bool
take_count(struct slice *text, uint64_t *value_r)
{
	struct slice word = take_word(text);

	return word.len != 0 &&
	    slice_number(word, UINT64_MAX, value_r) == word.len;
}

static void
load_started(struct qmail_state *state, struct slice rest)
{
	struct slice number, channel, message;
	uint64_t stream;

	if (!take_count(&rest, &stream))
		return;
	number = take_word(&rest);
	channel = take_word(&rest);
	message = take_word(&rest);
	if (number.len == 0 || channel.len != 1 || message.len == 0)
		return;
	qmail_note_started(state, stream, number, message, rest,
	    channel.ptr[0] == 'l');
}

static void
load_arrived(struct qmail_state *state, struct slice rest)
{
	uint64_t key, utc;

	if (!take_count(&rest, &key) || !take_count(&rest, &utc) ||
	    key == 0 || utc > INT64_MAX)
		return;
	state->arrived[key & (ARRIVED - 1)] =
	    (struct arrived){ key, (int64_t)utc };
}

void
qmail_load(void *memory, struct slice text)
{
	while (text.len != 0) {
		const char *end = slice_chr(text, '\n');
		struct slice line = end != NULL ?
		    slice_between(text.ptr, end) : text;

		text = slice_skip(text, line.len + 1);
		if (slice_starts(line, slice_of("s ", 2)))
			load_started(memory, slice_skip(line, 2));
		else if (slice_starts(line, slice_of("a ", 2)))
			load_arrived(memory, slice_skip(line, 2));
	}
}
