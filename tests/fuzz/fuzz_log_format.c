/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a log of one format, which the program's own name says:
 * fuzz_log_exim is a link to this. The format is forced, so every line
 * reaches its parser. Facts must be the same however the log is cut into
 * reads, runs and files; where a format hands on what is under way, the input
 * may have such a text in front, parted by a line "%%". */
#include "parsers/ingest_formats.h"
#include "tests/fuzz/log_digest.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct log_format *chosen;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char front[] = "fuzz_log_";
	struct slice path = slice_str((*argv)[0]);
	const char *at;

	(void)argc;
	while ((at = slice_chr(path, '/')) != NULL)
		path = slice_skip(path, (size_t)(at + 1 - path.ptr));
	if (slice_starts(path, slice_str(front)))
		chosen = log_format_find(slice_skip(path, strlen(front)));
	if (chosen == NULL)
		mx_bug("call me fuzz_log_FORMAT");
	return 0;
}

/* What FROM has under way, as the next run finds it in the store. */
static struct log_memory *
stored(struct log_memory *from)
{
	struct log_memory *to = log_memory_new();
	struct slice key;
	struct strbuf value;
	size_t at = 0;

	strbuf_init(&value, 8 * 1024 * 1024);
	while (log_memory_next(from, &at, &key, &value))
		log_memory_put(to, key, strbuf_slice(&value));
	strbuf_release(&value);
	log_memory_free(from);
	return to;
}

/* TEXT as a file that was read when it had grown to CUT bytes, and again.
 * False where its begin is not known as a log of the format by itself. */
static bool
grown(struct slice text, size_t cut, const struct zone *zone,
    struct digest *all)
{
	struct reader_state place = { .line = 1, .last_utc = INT64_MIN };
	struct reading how = { .format = chosen->name, .chunk = 4096,
		.step = UINT64_MAX, .zone = zone, .is_growing = true,
		.place = &place, .memory = log_memory_new() };
	bool is_known;

	*all = digest_start(false);
	(void)read_log(slice_of(text.ptr, cut), &how, all);
	is_known = strcmp(place.format, chosen->name) == 0;
	how.memory = stored(how.memory);
	how.is_growing = false;
	(void)read_log(text, &how, all);
	log_memory_free(how.memory);
	return is_known;
}

/* TEXT as two files, the second from CUT on. False where they are not both
 * known as logs of the format by themselves, or nothing says when the first
 * ended or the second began. */
static bool
rotated(struct slice text, size_t cut, const struct zone *zone,
    struct digest *all)
{
	struct reader_state first = { .line = 1 }, second = { .line = 1 };
	struct reading how = { .format = chosen->name, .chunk = 4096,
		.step = UINT64_MAX, .zone = zone, .memory = log_memory_new(),
		.place = &first };

	*all = digest_start(false);
	(void)read_log(slice_of(text.ptr, cut), &how, all);
	how.memory = stored(how.memory);
	how.place = &second;
	(void)read_log(slice_skip(text, cut), &how, all);
	log_memory_free(how.memory);
	return strcmp(first.format, chosen->name) == 0 &&
	    strcmp(second.format, chosen->name) == 0 &&
	    first.last_utc != INT64_MIN && second.last_utc != INT64_MIN;
}

/* Does the format hand on all that it has under way in TEXT? The tails of
 * long splogger lines ("STAMP+...") stay with their file, and so does a row of
 * CSV whose quote is open. */
static bool
hands_on(struct slice text)
{
	bool is_csv = strcmp(chosen->name, "exchange-send") == 0;
	bool is_qmail = strcmp(chosen->name, "qmail") == 0;

	if (chosen->load == NULL)
		return false;
	return text.len == 0 || (!is_csv && !is_qmail) ||
	    slice_chr(text, is_csv ? '"' : '+') == NULL;
}

static void
check_growth(struct slice text, size_t cut, const struct digest *whole,
    const struct zone *zone)
{
	struct digest in_two;

	if (grown(text, cut, zone, &in_two) && hands_on(text) &&
	    !whole->is_odd && !whole->has_strangers &&
	    in_two.sum != whole->sum)
		mx_bug("facts depend on when a growing file is read");
}

static void
check_rotation(struct slice text, size_t cut, const struct digest *whole,
    const struct zone *zone)
{
	const char *newline = slice_chr(slice_skip(text, cut), '\n');
	struct digest in_two;

	if (newline == NULL)
		return;
	cut = (size_t)(newline + 1 - text.ptr);
	/* Files further apart do not go on, nor does time that goes back. */
	if (rotated(text, cut, zone, &in_two) && hands_on(text) &&
	    !whole->is_odd && !whole->has_strangers &&
	    whole->first_utc != INT64_MAX &&
	    whole->last_utc - whole->first_utc < 60 &&
	    in_two.sum != whole->sum)
		mx_bug("facts depend on where a file ends");
}

static void
check_cuts(struct slice text, const struct zone *zone)
{
	struct digest whole = digest_start(false);
	struct reader_state place = { .line = 1 };
	struct reading how = { .format = chosen->name, .chunk = 65536,
		.step = UINT64_MAX, .zone = zone, .place = &place };
	uint64_t hash = hash_stable(text, 1);
	size_t cut = (size_t)((hash >> 1) % (text.len + 1));

	(void)read_log(text, &how, &whole);
	/* What is taken for another log by its begin is not followed. */
	whole.is_odd |= strcmp(place.format, chosen->name) != 0;
	if (hash % 2 == 0)
		check_growth(text, cut, &whole, zone);
	else
		check_rotation(text, cut, &whole, zone);
}

/* STATE as what the store has of this log; whatever it is, it is borne, and
 * what is made of it is the same text when it is handed on once more. */
static void
check_state(struct slice state, struct slice text, const struct zone *zone)
{
	struct log_memory *memory = log_memory_new();
	struct digest all = digest_start(false);
	struct reader_state place = { .offset = 1, .line = 1,
		.last_utc = 1795161602 };
	struct reading how = { .format = chosen->name, .chunk = 4096,
		.step = UINT64_MAX, .zone = zone, .memory = memory,
		.place = &place };
	struct strbuf key, value;

	strbuf_init(&key, 64);
	strbuf_addf(&key, "%s:fuzz", chosen->name);
	strbuf_init(&value, 8 * 1024 * 1024);
	strbuf_add_str(&value, "1795161602\n");
	strbuf_add_slice(&value, state);
	log_memory_put(memory, strbuf_slice(&key), strbuf_slice(&value));
	(void)read_log(text, &how, &all);
	how.memory = stored(memory);
	(void)read_log(text, &how, &all);
	log_memory_free(how.memory);
	strbuf_release(&key);
	strbuf_release(&value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice mark = { "\n%%\n", 4 };
	struct slice text = slice_of((const char *)data, size);
	struct slice state = SLICE_NONE;
	struct zone *zone = digest_zone();
	const char *at = chosen->load != NULL && size != 0 ?
	    slice_find(text, mark) : NULL;

	if (at != NULL) {
		state = slice_between(text.ptr, at + 1);
		text = slice_skip(text, state.len + 3);
		check_state(state, text, zone);
	}
	/* One of them an input: twice as many inputs show more. */
	if (size % 2 == 0)
		log_digest_check(text, chosen->name);
	else
		check_cuts(text, zone);
	zone_close(zone);
	return 0;
}
