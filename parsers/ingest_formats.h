/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of log formats, and the reader that runs one input through the
 * one that fits. A format is one file that exports a struct log_format, and
 * one row in ingest_formats.c. */
#ifndef MX_PARSERS_INGEST_FORMATS_H
#define MX_PARSERS_INGEST_FORMATS_H

#include "base/strbuf.h"
#include "parsers/facts.h"
#include "parsers/line_reader.h"
#include "parsers/syslog_head.h"

/* One line as a format sees it. */
struct log_line {
	struct slice raw;         /* the whole line */
	struct syslog_head head;  /* syslog formats only */
	/* What role() said of head.tag; 0 in formats of their own lines. */
	uint32_t role;
	bool is_cut;              /* longer than LIMIT_LINE_BYTES */
	bool has_newline;         /* false only for the last line */
	/* For formats that count bytes: all that the line takes in the input,
	 * and the NULs in front that raw goes without. */
	uint64_t bytes, nul_count;
	struct mx_where where;
};

struct log_format;
struct log_memory;

/* What a format's state is made with. */
struct log_context {
	const struct log_format *format;
	/* The first bytes of the input even where reading starts further on:
	 * column names may stand there. Valid during init. */
	struct slice head;
	/* For stamps of the format's own lines. Shared, outlives the state. */
	struct stamp_clock *clock;
	/* Of the reader alone: which log this is, and where it goes on. */
	struct log_memory *memory;
	const char *path;
	int64_t first_utc, resume_utc;
	bool is_resumed;
};

enum line_result {
	LINE_TAKEN,    /* understood, whether or not a fact came of it */
	LINE_NOT_MINE, /* offer it to the next format */
	LINE_SKIPPED   /* the format told the sink why */
};

struct log_format {
	const char *name;       /* "postfix": also the facts' "mta" */
	const char *title;      /* one line for people */
	const char *recognised; /* how, one line for people */
	/* Formats of their own lines: 0..100, how sure, from the first bytes
	 * (whole lines, except where one is longer). NULL: syslog only. */
	unsigned (*probe)(struct slice head);
	/* Syslog formats: not 0 where lines of this program may be theirs;
	 * asked once a program, the answer comes back in struct log_line.
	 * NULL: own lines only. A format may have both. */
	uint32_t (*role)(struct slice tag);
	size_t state_size;      /* allocated zeroed; may be 0 */
	/* May be NULL. */
	enum mx_code (*init)(void *state, const struct log_context *context,
	    struct mx_err *err);
	void (*release)(void *state);
	/* One line. For lines with a syslog head (role != 0) the reader has
	 * called sink->line_seen; for own lines the format must do so, once,
	 * before its facts (log_line_seen). */
	enum mx_code (*line)(void *state, const struct log_line *line,
	    const struct fact_sink *sink, enum line_result *result_r,
	    struct mx_err *err);
	/* Time of the first line of HEAD that has one, INT64_MIN if none.
	 * NULL: lines start with a stamp that stamp_read knows. */
	int64_t (*first_utc)(struct slice head, struct stamp_clock *clock);
	/* The input is over: tell what is still held. May be NULL. */
	enum mx_code (*finish)(void *state, const struct fact_sink *sink,
	    struct mx_err *err);
	/* What is under way after the last line, as text, and back: the next
	 * input of the log, or the next run over this one, goes on with it.
	 * load ignores what is no such text. Both or neither. */
	void (*save)(const void *state, struct strbuf *out);
	void (*load)(void *state, struct slice text);
	/* Syslog formats: an absolute time in a program's words (an id that
	 * carries it). *is_birth_r: the line was logged at that moment. False:
	 * TEXT has none. May be NULL. */
	bool (*moment)(struct slice text, int64_t *utc_r, bool *is_birth_r);
	/* Lines that only wrap another's record: take the wrapping off; the
	 * record then goes to the syslog formats, and line is not called.
	 * Slices live until the next call. LINE is NULL when the input is
	 * over, and asked for only after HEAD_MORE. A record without a syslog
	 * head (HEAD_NO_FRAME, HEAD_NO_STAMP) leaves its words in
	 * head_r->text, for the formats of own lines. May be NULL. */
	enum head_result (*unwrap)(void *state, const struct log_line *line,
	    struct head_reader *heads, struct syslog_head *head_r);
	/* Formats made at run time: the same as above with the format at
	 * hand, whose data tells what to look for. NULL in all others. */
	unsigned (*own_probe)(const struct log_format *self,
	    struct slice head);
	uint32_t (*own_role)(const struct log_format *self,
	    struct slice tag);
	int64_t (*own_first_utc)(const struct log_format *self,
	    struct slice head, struct stamp_clock *clock);
	const void *data;
};

/* probe, role and first_utc, in whichever of both forms there is one. */
bool log_format_has_lines(const struct log_format *format);
unsigned log_format_probe(const struct log_format *format,
    struct slice head);
bool log_format_has_programs(const struct log_format *format);
uint32_t log_format_role(const struct log_format *format, struct slice tag);

/* NULL-terminated, in the order of offering. */
extern const struct log_format *const log_formats[];
const struct log_format *log_format_find(struct slice name);

/* Help for formats of their own lines. */
enum mx_code log_line_seen(struct stamp_clock *clock, const struct stamp *at,
    struct slice host, const struct fact_sink *sink, struct mx_err *err);
enum mx_code log_line_skip(const struct log_line *line,
    enum skip_reason reason, const struct fact_sink *sink,
    enum line_result *result_r, struct mx_err *err);

/* Is LINE, which starts with a stamp, syslog's and not of a format that has
 * stamps of its own? True where the stamp has no year, or where TEXT, what
 * stands behind it, is "HOST PROGRAM: ...". */
bool log_line_is_syslog(struct slice line, struct slice text);

/* What must be kept between two runs over a growing file. Plain data. */
struct reader_state {
	uint64_t offset, line;   /* of the next line; uncompressed, from 1 */
	int64_t last_utc;        /* of the last line; INT64_MIN: none */
	char format[32];         /* "syslog", or of its own lines; "" : none
	                          * recognised yet */
};

struct log_input {
	const char *path;            /* for evidence; outlives the reader */
	struct line_reader *reader;  /* at its start; stays the caller's */
	const struct zone *zone;     /* of stamps that carry none */
	int64_t now_utc;
	int64_t mtime_utc;           /* INT64_MIN: not known */
	struct slice format;         /* forced ("syslog" too), or absent */
	/* Formats made at run time, NULL-terminated, before the table's; may
	 * be NULL. */
	const struct log_format *const *own_formats;
	/* A last line without newline counts (rotated file, stream); else it
	 * is left for the next run. */
	bool takes_tail;
	/* What earlier inputs left under way; NULL: nothing. Changed when the
	 * end is reached. */
	struct log_memory *memory;
};

/* What the logs of a run have under way, by log and format. */
struct log_memory *log_memory_new(void);
void log_memory_free(struct log_memory *memory);
/* From and to a store: log_memory_next gives what changed since it was given
 * or put last, one by one; *at is 0 for the first. */
void log_memory_put(struct log_memory *memory, struct slice key,
    struct slice value);
bool log_memory_next(struct log_memory *memory, size_t *at,
    struct slice *key_r, struct strbuf *value_r);

struct log_reader;

/* Recognise the input and make ready. RESUME: NULL, or where an earlier run
 * stopped. MX_E_DATA: not a log format that we know (never for an empty
 * input); MX_E_USAGE: FORMAT is no name. */
enum mx_code log_reader_open(const struct log_input *input,
    const struct reader_state *resume, struct log_reader **reader_r,
    struct mx_err *err) MX_MUST_USE;
void log_reader_close(struct log_reader *reader);

/* Read on to the end (*end_r), or until at least MAX_BYTES more bytes are
 * done; always whole lines. MX_E_DATA and MX_E_IO of the source come after
 * the facts of all that stands before; the state is then that of the last
 * whole line. Whatever the sink returns ends the run. */
enum mx_code log_reader_run(struct log_reader *reader, uint64_t max_bytes,
    const struct fact_sink *sink, bool *end_r, struct mx_err *err)
    MX_MUST_USE;
void log_reader_state(const struct log_reader *reader,
    struct reader_state *state_r);
/* "syslog", or the name of the format of own lines; "" when empty. */
const char *log_reader_format(const struct log_reader *reader);
/* Time of the first line that has one, from the head of the input, before
 * any line is read; INT64_MIN: none. For reading files in order. */
int64_t log_reader_first_utc(const struct log_reader *reader);

/* The reader on a thread of its own, ahead of whoever takes the facts. */
struct log_ahead;

/* How far one step came, and what it ended with. */
struct log_step {
	struct reader_state state;
	uint64_t progress;   /* of line_reader_progress */
	bool at_end;
	enum mx_code code;   /* the reader's own */
	struct mx_err err;
};

/* READER and its LINES stay the caller's, who leaves them alone until the
 * close; steps are of STEP_BYTES as in log_reader_run. With fewer than two
 * THREADS there is none, and a step is a call of log_reader_run: the sink
 * cannot tell. IS_FOR_SUMS: the sink shows no fact, and texts that count for
 * nothing may be absent (fact_tape.h). */
struct log_ahead *log_ahead_open(struct log_reader *reader,
    struct line_reader *lines, uint64_t step_bytes, bool is_for_sums,
    unsigned threads);
void log_ahead_close(struct log_ahead *self);
/* The facts of the next step; none follows one that is at the end or failed.
 * *step_r is left alone where it was the sink that failed. */
enum mx_code log_ahead_step(struct log_ahead *self,
    const struct fact_sink *sink, struct log_step *step_r, struct mx_err *err)
    MX_MUST_USE;

#endif
