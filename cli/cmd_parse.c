/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend parse: every fact as one JSON object a line; no store. */
#include "analyzer/correlate.h"
#include "base/atomic_file.h"
#include "base/limits.h"
#include "base/say.h"
#include "cli/anonymize.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/fact_json.h"
#include "cli/parse_reports.h"
#include "cli/walk.h"
#include "parsers/files_ahead.h"
#include "parsers/ingest_formats.h"
#include "parsers/report_formats.h"

enum { OUTPUT_BLOCK = 64 * 1024 };

/* Facts go to a buffer, and from there to the stream a block at a time. */
struct printer {
	FILE *out;
	struct strbuf text;
	struct report_printer reports;
	/* The user's own formats of logs. */
	const struct log_format *const *own_formats;
	struct anonymizer *anonymizer; /* NULL: all is told */
	size_t told;                   /* bytes of text that may go out */
	bool with_skipped;
};

static enum mx_code
flush(struct printer *printer, struct mx_err *err)
{
	if (fwrite(printer->text.ptr, 1, printer->text.len, printer->out) !=
	    printer->text.len)
		return stream_check(printer->out, "output", err);
	strbuf_reset(&printer->text);
	printer->told = 0;
	return MX_OK;
}

/* A fact was appended. */
static enum mx_code
tell(struct printer *printer, struct mx_err *err)
{
	if (printer->anonymizer != NULL && printer->text.len > printer->told)
		anonymizer_json(printer->anonymizer, &printer->text,
		    printer->told);
	printer->told = printer->text.len;
	return printer->text.len < OUTPUT_BLOCK ? MX_OK : flush(printer, err);
}

static enum mx_code
on_delivery(void *ctx, const struct delivery *fact, struct mx_err *err)
{
	struct printer *printer = ctx;

	fact_json_delivery(&printer->text, fact);
	return tell(printer, err);
}

static enum mx_code
on_skipped(void *ctx, const struct skipped *what, struct mx_err *err)
{
	struct printer *printer = ctx;

	if (!printer->with_skipped)
		return MX_OK;
	fact_json_skipped(&printer->text, what);
	return tell(printer, err);
}

/* A fact of a report has been printed. */
static enum mx_code
on_reported(void *ctx, struct mx_err *err)
{
	struct printer *printer = ctx;

	return tell(printer, err);
}

/* One input of the run: a log, or reports (then lines and log are NULL). */
struct parse_input {
	const char *path;
	struct line_reader *lines;
	struct log_reader *log;
	int64_t first_utc;
	struct report_input reports;
};

/* What the readings of one run share. */
struct parse_run {
	const struct settings *settings;
	struct correlate *correlate;
	struct printer *printer;
	struct log_memory *memory; /* of the logs of this run */
	enum mx_code *worst;
};

static enum mx_code
open_log(const struct parse_run *run, const struct source_info *info,
    struct parse_input *input, struct mx_err *err)
{
	const struct settings *settings = run->settings;
	struct log_input what = { .path = input->path,
		.zone = settings->log_zone, .reader = input->lines,
		.now_utc = clock_now(&settings->clock),
		.mtime_utc = info->mtime_utc,
		.format = slice_str(settings->input_format),
		.own_formats = run->printer->own_formats,
		.takes_tail = true, .memory = run->memory };
	enum mx_code code = log_reader_open(&what, NULL, &input->log, err);

	if (code != MX_OK) {
		line_reader_free(input->lines);
		return code;
	}
	input->first_utc = log_reader_first_utc(input->log);
	return MX_OK;
}

/* FILE is taken over. *is_archive_r: it may be an archive, which was closed
 * again. */
static enum mx_code
take_file(const struct parse_run *run, const char *path,
    struct opened_file *file, struct parse_input *input, bool *is_archive_r,
    struct mx_err *err)
{
	const struct settings *settings = run->settings;

	if (file->code != MX_OK) {
		*err = file->err;
		return file->code;
	}
	if (is_archive_r != NULL) {
		*is_archive_r = source_may_be_archive(file->head);
		if (*is_archive_r) { /* or a report in UTF-16, read so far */
			file->source->close(file->source);
			report_early_free(file->early);
			return MX_OK;
		}
	}
	memset(input, 0, sizeof(*input));
	input->path = path;
	input->first_utc = INT64_MIN;
	if (settings->input_format == NULL && report_probe(file->head)) {
		input->reports = (struct report_input){ .path = path,
			.source = file->source, .head = file->head,
			.is_all = file->is_all, .early = file->early,
			.zone = settings->snds_zone,
			.authserv_ids = slice_str(settings->authserv_id),
			.now_utc = clock_now(&settings->clock),
			.mtime_utc = file->info.mtime_utc };
		return MX_OK;
	}
	input->lines = line_reader_new(file->source);
	return open_log(run, &file->info, input, err);
}

static void
close_input(struct parse_input *input)
{
	if (input->lines == NULL) {
		input->reports.source->close(input->reports.source);
		return;
	}
	log_reader_close(input->log);
	line_reader_free(input->lines);
}

static enum mx_code
read_input(struct parse_input *input, struct correlate *correlate,
    struct printer *printer, struct mx_err *err)
{
	struct report_sink reports = report_printer_sink(&printer->reports);
	bool at_end = false;
	enum mx_code code = MX_OK;

	if (input->lines == NULL)
		return report_read(&input->reports, &reports, err);
	correlate_begin_input(correlate, input->first_utc);
	while (code == MX_OK && !at_end)
		code = log_reader_run(input->log, LIMIT_BLOCK_BYTES,
		    correlate_sink(correlate), &at_end, err);
	return code;
}

/* Does trouble with this input leave the others readable? */
static bool
is_inputs_fault(enum mx_code code, const struct printer *printer)
{
	return ferror(printer->out) == 0 && (code == MX_E_DATA ||
	    code == MX_E_NOINPUT || code == MX_E_IO || code == MX_E_LIMIT);
}

/* When each log begins, to read them in that order; streams cannot be looked
 * at twice and come as they are named. Reports stand outside that order: they
 * are read at the first look: they may be thousands of small files. */
struct ordered_path {
	const char *path;
	int64_t first_utc;
	size_t order;
};

static int
compare_paths(const void *left, const void *right)
{
	const struct ordered_path *a = left;
	const struct ordered_path *b = right;

	if (a->first_utc != b->first_utc)
		return a->first_utc < b->first_utc ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* Read and close INPUT. Trouble with it alone is told and does not end the
 * run. */
static enum mx_code
finish_input(const struct parse_run *run, struct parse_input *input,
    struct mx_err *err)
{
	const char *path = input->path;
	enum mx_code code = read_input(input, run->correlate, run->printer,
	    err);

	close_input(input);
	if (code == MX_OK || !is_inputs_fault(code, run->printer))
		return code;
	if (*run->worst == MX_OK)
		*run->worst = code;
	say_err(path, err);
	return MX_OK;
}

static enum mx_code
read_path(const struct parse_run *run, const char *path, struct mx_err *err)
{
	struct parse_input input;
	struct opened_file file;
	enum mx_code code;

	file_open_peeked(path, &file);
	code = take_file(run, path, &file, &input, NULL, err);
	if (code == MX_OK)
		return finish_input(run, &input, err);
	if (!is_inputs_fault(code, run->printer))
		return code;
	if (*run->worst == MX_OK)
		*run->worst = code;
	say_err(path, err);
	return MX_OK;
}

/* The logs of the run in their order, and what is read already. */
struct ordered_paths {
	struct ordered_path *paths;
	size_t count, room;
};

static void
add_ordered(struct ordered_paths *list, const char *path, int64_t first_utc)
{
	if (list->count == list->room) {
		list->room = list->room != 0 ? 2 * list->room : 16;
		list->paths = mx_realloc(list->paths,
		    list->room * sizeof(*list->paths));
	}
	list->paths[list->count] = (struct ordered_path){ .path = path,
		.first_utc = first_utc, .order = list->count };
	list->count++;
}

/* Streams cannot be looked at twice. */
static bool
can_be_looked_at(const char *path)
{
	return strcmp(path, "-") != 0 && walk_is_regular(path);
}

static void
open_to_look(const char *path, struct opened_file *file_r)
{
	*file_r = (struct opened_file){ .code = MX_OK };
	if (can_be_looked_at(path))
		file_open_peeked(path, file_r);
}

/* Reports are read, logs get their place; *is_archive_r (NULL: known to be
 * none) where it is neither yet. What cannot be opened is told when its turn
 * comes. FILE, as open_to_look() gives it, is taken over. */
static enum mx_code
look(const struct parse_run *run, const char *path, struct opened_file *file,
    struct ordered_paths *list, bool *is_archive_r, struct mx_err *err)
{
	struct parse_input input;
	struct mx_err ignored;

	if (is_archive_r != NULL)
		*is_archive_r = false;
	if (file->source == NULL || take_file(run, path, file, &input,
	    is_archive_r, &ignored) != MX_OK) {
		add_ordered(list, path, INT64_MIN);
		return MX_OK;
	}
	if (is_archive_r != NULL && *is_archive_r)
		return MX_OK;
	if (input.lines == NULL)
		return finish_input(run, &input, err);
	add_ordered(list, path, input.first_utc);
	close_input(&input);
	return MX_OK;
}

/* MEMBERS keeps the paths of an archive's members alive; PATH itself is among
 * them where it is none after all. */
static enum mx_code
look_into(const struct parse_run *run, const char *path,
    struct ordered_paths *list, struct path_list *members,
    struct mx_err *err)
{
	size_t first = members->count;
	enum mx_code code = walk_members(members, path, err);

	if (walk_is_partial(code)) {
		if (*run->worst == MX_OK)
			*run->worst = code;
		code = MX_OK;
	}
	for (size_t i = first; i < members->count && code == MX_OK; i++) {
		struct opened_file file;

		open_to_look(members->paths[i], &file);
		code = look(run, members->paths[i], &file, list, NULL, err);
	}
	return code;
}

static enum mx_code
look_at_all(const struct parse_run *run, const struct path_list *inputs,
    struct ordered_paths *list, struct path_list *members,
    struct mx_err *err)
{
	struct files_ahead *ahead = inputs->count > 1 &&
	    settings_threads(run->settings) > 1 ?
	    files_ahead_start(inputs->paths, inputs->count,
	    can_be_looked_at, run->settings->input_format == NULL) : NULL;
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < inputs->count && code == MX_OK; i++) {
		const char *path = inputs->paths[i];
		struct opened_file file;
		bool is_archive = false;

		if (ahead != NULL)
			file = files_ahead_take(ahead);
		else
			open_to_look(path, &file);
		code = look(run, path, &file, list,
		    source_is_member(path) ? NULL : &is_archive, err);
		if (code == MX_OK && is_archive)
			code = look_into(run, path, list, members, err);
	}
	if (ahead != NULL)
		files_ahead_stop(ahead);
	return code;
}

static enum mx_code
parse_all(const struct parse_run *run, const struct path_list *inputs,
    struct mx_err *err)
{
	struct ordered_paths list = { 0 };
	struct path_list members = { 0 };
	enum mx_code code = look_at_all(run, inputs, &list, &members, err);

	if (list.count > 1)
		qsort(list.paths, list.count, sizeof(*list.paths),
		    compare_paths);
	for (size_t i = 0; i < list.count && code == MX_OK; i++)
		code = read_path(run, list.paths[i].path, err);
	free(list.paths);
	path_list_release(&members);
	if (*run->worst == MX_OK)
		*run->worst = run->printer->reports.worst;
	return code == MX_OK ? flush(run->printer, err) : code;
}

static enum mx_code
walk_all(const struct settings *settings, struct path_list *list,
    enum mx_code *worst, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (settings->operand_count == 0)
		return walk_path(list, "-", false, err);
	for (size_t i = 0; i < settings->operand_count && code == MX_OK; i++) {
		code = walk_path(list, settings->operands[i],
		    settings->is_recursive, err);
		if (walk_is_partial(code)) {
			*worst = code;
			code = MX_OK;
		}
	}
	return code;
}

static enum mx_code
parse_with(const struct engine *engine, const struct settings *settings,
    struct printer *printer, enum mx_code *worst, struct mx_err *err)
{
	struct fact_sink facts = { .ctx = printer, .delivery = on_delivery,
		.message = fact_ignore_message, .skipped = on_skipped,
		.line_seen = fact_ignore_line, .notice = fact_ignore_notice };
	struct names names;
	struct queue queue;
	struct correlate_options options = { .names = &names, .queue = &queue,
		.providers = engine->providers,
		.classifier = engine->classifier, .own = engine->own,
		.facts = &facts };
	struct parse_run run = { .settings = settings, .printer = printer,
		.memory = log_memory_new(), .worst = worst };
	struct path_list list = { .keeps_archives = true };
	enum mx_code code;

	names_init(&names);
	queue_init(&queue, names.seed);
	run.correlate = correlate_new(&options);
	code = walk_all(settings, &list, worst, err);
	if (code == MX_OK)
		code = parse_all(&run, &list, err);
	path_list_release(&list);
	correlate_free(run.correlate);
	queue_release(&queue);
	log_memory_free(run.memory);
	names_release(&names);
	return code;
}

static enum mx_code
parse_to_output(const struct engine *engine, const struct settings *settings,
    struct mx_err *err)
{
	struct printer printer = { .own_formats = engine->formats.list,
		.with_skipped = settings->with_skipped };
	enum mx_code worst = MX_OK;
	struct atomic_file *file;
	enum mx_code code = atomic_file_open(settings->output, &file, err);

	if (code != MX_OK)
		return code;
	printer.out = atomic_file_stream(file);
	strbuf_init(&printer.text, (size_t)4 * 1024 * 1024);
	printer.reports = (struct report_printer){ .out = &printer.text,
		.providers = engine->providers,
		.classifier = engine->classifier,
		.with_skipped = settings->with_skipped,
		.is_verbose = settings->verbose != 0, .told = on_reported,
		.ctx = &printer };
	report_printer_init(&printer.reports);
	printer.anonymizer = anonymizer_new(settings, engine->providers);
	code = parse_with(engine, settings, &printer, &worst, err);
	anonymizer_free(printer.anonymizer);
	report_printer_release(&printer.reports);
	strbuf_release(&printer.text);
	if (code != MX_OK) {
		atomic_file_discard(file);
		return code;
	}
	code = atomic_file_commit(file, err);
	if (code == MX_OK && worst != MX_OK)
		return mx_fail(err, worst, "%s", "");
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct engine engine;
	enum mx_code code;

	(void)result;
	if (settings->operand_count == 0 && settings->is_input_terminal)
		return mx_fail(err, MX_E_USAGE,
		    "parse: name at least one input (- is standard input)");
	code = engine_open_ready(settings, &engine, err);
	if (code != MX_OK)
		return code;
	code = parse_to_output(&engine, settings, err);
	engine_close(&engine);
	return code;
}

const struct command command_parse = {
	.name = "parse",
	.summary = "every fact as one JSON object a line",
	.usage = "[FILE|-]...",
	.description = "Prints what each line says, as JSON objects, without a "
	    "store: one object a recipient and attempt, or a row of a DMARC "
	    "or TLS report, a complaint, an SNDS row, a bounce. What stands "
	    "in the input twice is printed twice.",
	.options = OPTIONS_OUTPUT | OPTIONS_PARSE | OPTIONS_ANONYMIZE,
	.run = run,
};
