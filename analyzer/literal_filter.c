/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/literal_filter.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"

/* Bytes are folded to classes, so that a state's row is short: 0 is every
 * byte that no literal has. Rows are complete after _finish: no failure
 * links are followed while scanning. */
struct literal {
	uint8_t bytes[LITERAL_MAX];
	uint8_t len;
	uint32_t number;
};

/* Numbers of literals that end in one state, as bits of a word of those that
 * were found. */
struct output {
	size_t word;
	uint64_t bits;
};

/* Where a state's outputs lie, one behind the other: a common word belongs to
 * a hundred rules. (A chain of them took a tenth of a refusal's way from the
 * log to the report where no two texts are alike.) */
struct outputs {
	uint32_t begin, end;
};

/* How a state is reached, and from it others: until the rows are complete. */
struct branch {
	uint16_t child, sibling; /* 0 = none */
	uint8_t class;
};

struct literal_filter {
	struct literal *literals;
	size_t count, room;
	size_t bytes;          /* of all literals: no more states than that */
	uint8_t class_of[256];
	unsigned classes;
	uint16_t *rows;        /* state * classes + class -> state */
	struct outputs *outputs_of; /* state -> range of outputs */
	uint16_t *fallback;    /* state -> longest proper suffix's state */
	uint16_t *emits;       /* state -> itself or the nearest fallback that
	                        * has outputs, 0 = none */
	struct output *outputs;
	size_t states;
};

/* Letters lose their case. Bytes of other scripts keep three bits: that finds
 * a word too many now and then, but with each of them in a class of its own,
 * rows are twice as long. */
static uint8_t
fold(uint8_t byte)
{
	return byte < 0x80 ? (uint8_t)ascii_lower((char)byte) :
	    byte & (0x80 | 7);
}

struct literal_filter *
literal_filter_new(void)
{
	return mx_calloc(1, sizeof(struct literal_filter));
}

void
literal_filter_free(struct literal_filter *filter)
{
	if (filter == NULL)
		return;
	free(filter->literals);
	free(filter->rows);
	free(filter->outputs_of);
	free(filter->fallback);
	free(filter->emits);
	free(filter->outputs);
	free(filter);
}

bool
literal_filter_add(struct literal_filter *filter, struct slice text,
    uint32_t number)
{
	struct literal *literal;

	if (text.len > LITERAL_MAX)
		text.len = LITERAL_MAX;
	if (text.len == 0 ||
	    filter->bytes + text.len >= LIMIT_FILTER_STATES)
		return false;
	if (filter->count == filter->room) {
		filter->room = filter->room != 0 ? filter->room * 2 : 256;
		filter->literals = mx_realloc(filter->literals,
		    filter->room * sizeof(*filter->literals));
	}
	literal = &filter->literals[filter->count++];
	literal->len = (uint8_t)text.len;
	literal->number = number;
	for (size_t i = 0; i < text.len; i++)
		literal->bytes[i] = fold((uint8_t)text.ptr[i]);
	filter->bytes += text.len;
	return true;
}

static void
number_classes(struct literal_filter *filter)
{
	unsigned next = 1;

	for (size_t i = 0; i < filter->count; i++)
		for (size_t j = 0; j < filter->literals[i].len; j++) {
			uint8_t *class =
			    &filter->class_of[filter->literals[i].bytes[j]];

			if (*class == 0)
				*class = (uint8_t)next++;
		}
	for (unsigned c = 0; c < 256; c++)
		filter->class_of[c] = filter->class_of[fold((uint8_t)c)];
	filter->classes = next;
}

static uint16_t
add_state(struct literal_filter *filter, struct branch *branches,
    size_t parent, uint8_t class)
{
	uint16_t state = (uint16_t)filter->states++;

	branches[state].class = class;
	branches[state].sibling = branches[parent].child;
	branches[parent].child = state;
	return state;
}

/* The state that LITERAL ends in. */
static uint16_t
insert(struct literal_filter *filter, struct branch *branches,
    const struct literal *literal)
{
	uint16_t state = 0;

	for (size_t i = 0; i < literal->len; i++) {
		uint8_t class = filter->class_of[literal->bytes[i]];
		uint16_t *next = &filter->rows[state * filter->classes + class];

		if (*next == 0)
			*next = add_state(filter, branches, state, class);
		state = *next;
	}
	return state;
}

static void
add_output(struct literal_filter *filter, struct outputs *of, uint32_t number)
{
	const struct output output = { number / 64,
		(uint64_t)1 << (number % 64) };

	if (of->end != of->begin &&
	    filter->outputs[of->end - 1].word == output.word)
		filter->outputs[of->end - 1].bits |= output.bits;
	else
		filter->outputs[of->end++] = output;
}

/* ENDS: the state of each literal. */
static void
place_outputs(struct literal_filter *filter, const uint16_t *ends)
{
	uint32_t begin = 0;

	for (size_t i = 0; i < filter->count; i++)
		filter->outputs_of[ends[i]].end++; /* as many at most */
	for (size_t state = 0; state < filter->states; state++) {
		struct outputs *of = &filter->outputs_of[state];
		uint32_t count = of->end;

		of->begin = of->end = begin;
		begin += count;
	}
	for (size_t i = 0; i < filter->count; i++)
		add_output(filter, &filter->outputs_of[ends[i]],
		    filter->literals[i].number);
}

static void
insert_all(struct literal_filter *filter, struct branch *branches)
{
	uint16_t *ends = mx_calloc(filter->count + 1, sizeof(*ends));

	for (size_t i = 0; i < filter->count; i++)
		ends[i] = insert(filter, branches, &filter->literals[i]);
	place_outputs(filter, ends);
	free(ends);
}

/* Breadth first: a state's fallback is shallower, so its row and its outputs
 * are complete when the state's turn comes. A row is that of its fallback but
 * for the state's own branches. (Looking at each class for them took a tenth
 * of the time of each start.) */
static void
complete_rows(struct literal_filter *filter, const struct branch *branches)
{
	size_t classes = filter->classes, head = 0, tail = 0;
	uint16_t *queue = mx_calloc(filter->states, sizeof(*queue));
	uint16_t next;

	for (next = branches[0].child; next != 0; next = branches[next].sibling)
		queue[tail++] = next;
	while (head < tail) {
		uint16_t state = queue[head++];
		const uint16_t *back =
		    &filter->rows[filter->fallback[state] * classes];
		uint16_t *row = &filter->rows[state * classes];

		filter->emits[state] = filter->outputs_of[state].end !=
		    filter->outputs_of[state].begin ? state :
		    filter->emits[filter->fallback[state]];
		memcpy(row, back, classes * sizeof(*row));
		for (next = branches[state].child; next != 0;
		    next = branches[next].sibling) {
			filter->fallback[next] = back[branches[next].class];
			row[branches[next].class] = next;
			queue[tail++] = next;
		}
	}
	free(queue);
}

void
literal_filter_finish(struct literal_filter *filter)
{
	size_t room = filter->bytes + 1;
	struct branch *branches = mx_calloc(room, sizeof(*branches));

	number_classes(filter);
	filter->rows = mx_calloc(room * filter->classes,
	    sizeof(*filter->rows));
	filter->outputs_of = mx_calloc(room, sizeof(*filter->outputs_of));
	filter->fallback = mx_calloc(room, sizeof(*filter->fallback));
	filter->emits = mx_calloc(room, sizeof(*filter->emits));
	filter->outputs = mx_calloc(filter->count + 1,
	    sizeof(*filter->outputs));
	filter->states = 1;
	insert_all(filter, branches);
	complete_rows(filter, branches);
	free(branches);
}

static void
report(const struct literal_filter *filter, size_t state, uint64_t *found)
{
	const struct outputs *of = &filter->outputs_of[state];

	for (uint32_t i = of->begin; i < of->end; i++)
		found[filter->outputs[i].word] |= filter->outputs[i].bits;
}

void
literal_filter_scan(const struct literal_filter *filter, struct slice text,
    uint64_t *found)
{
	size_t state = 0;

	for (size_t i = 0; i < text.len; i++) {
		state = filter->rows[state * filter->classes +
		    filter->class_of[(unsigned char)text.ptr[i]]];
		for (size_t at = filter->emits[state]; at != 0;
		    at = filter->emits[filter->fallback[at]])
			report(filter, at, found);
	}
}
