/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend annotate: the operator's own dated remarks, and those of a file. */
#include "analyzer/annotation.h"
#include "base/atomic_file.h"
#include "base/ipaddr.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/say.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "parsers/line_reader.h"

enum { LISTING_MAX = 256 * 1024 * 1024, KIND_MAX = 20, FIELDS = 5 };

struct annotating {
	const struct settings *settings;
	struct engine engine;
	struct strbuf out;
	struct json_writer json;
	bool is_json;
	unsigned long long read, added, refused;
};

/* ------------------------------------------------------------------ */
/* What a remark may be */

static enum mx_code
check_kind(struct slice kind, struct mx_err *err)
{
	bool good = kind.len != 0 && kind.len <= KIND_MAX;

	for (size_t i = 0; i < kind.len; i++)
		good &= (kind.ptr[i] >= 'a' && kind.ptr[i] <= 'z') ||
		    (kind.ptr[i] >= '0' && kind.ptr[i] <= '9') ||
		    kind.ptr[i] == '-';
	return good ? MX_OK : mx_fail(err, MX_E_USAGE, "a kind of remark is a "
	    "word of small letters, such as note, dnsbl or talos");
}

/* A key of the provider table, or one that is made of a name. */
static enum mx_code
check_provider(const struct annotating *self, struct slice key,
    struct mx_err *err)
{
	if (key.len == 0 || slice_starts(key, SLICE("mx:")) ||
	    slice_starts(key, SLICE("domain:")) ||
	    providers_by_key(self->engine.providers, key) != NULL)
		return MX_OK;
	return mx_fail(err, MX_E_USAGE, "%.*s: no key of a provider; mxtrend "
	    "report --table providers -f csv has those of your mail",
	    SLICE_ARG(key));
}

static enum mx_code
check_source(struct slice ip, struct mx_err *err)
{
	struct ipaddr address;

	if (ip.len == 0 || ipaddr_parse(ip, &address) ||
	    slice_chr(ip, '/') != NULL)
		return MX_OK;
	return mx_fail(err, MX_E_USAGE, "%.*s: neither an address nor a source "
	    "(HOST/INSTANCE)", SLICE_ARG(ip));
}

static enum mx_code
check(const struct annotating *self, const struct annotation *it,
    struct mx_err *err)
{
	enum mx_code code = check_kind(it->kind, err);

	if (code == MX_OK)
		code = check_provider(self, it->provider, err);
	if (code == MX_OK)
		code = check_source(it->source_ip, err);
	if (code != MX_OK)
		return code;
	if (it->text.len == 0)
		return mx_fail(err, MX_E_USAGE, "the remark has no text");
	if (it->text.len > LIMIT_ANNOTATION_BYTES)
		return mx_fail(err, MX_E_USAGE, "the remark is longer than %u "
		    "bytes", LIMIT_ANNOTATION_BYTES);
	return MX_OK;
}

static enum mx_code
add(struct annotating *self, struct slice time, struct annotation *it,
    struct mx_err *err)
{
	bool is_new = false;
	enum mx_code code = when_moment(time, self->settings->zone,
	    clock_now(&self->settings->clock), &it->utc, err);

	if (code == MX_OK)
		code = check(self, it, err);
	if (code == MX_OK)
		code = store_annotate(self->engine.store, it, &is_new, err);
	self->added += is_new;
	return code;
}

/* ------------------------------------------------------------------ */
/* One from the command line, or many from a file */

static struct slice
given(const char *text)
{
	return text != NULL ? slice_trim(slice_str(text)) : SLICE("");
}

static enum mx_code
add_typed(struct annotating *self, struct mx_err *err)
{
	const struct settings *settings = self->settings;
	struct annotation it = { .provider = given(settings->provider),
		.source_ip = given(settings->ip),
		.kind = settings->kind != NULL ? given(settings->kind) :
		    SLICE("note"), .path = SLICE("") };

	if (settings->operand_count != 2)
		return mx_fail(err, MX_E_USAGE, "annotate: give a time and one "
		    "text, such as 2026-11-20 \"delisting request sent\"");
	it.text = given(settings->operands[1]);
	self->read = 1;
	return add(self, given(settings->operands[0]), &it, err);
}

/* "-" is for what is not given. */
static struct slice
take_field(struct slice *rest)
{
	const char *tab = slice_chr(*rest, '\t');
	struct slice field = tab == NULL ? *rest :
	    slice_between(rest->ptr, tab);

	*rest = tab == NULL ? SLICE("") : slice_skip(*rest, field.len + 1);
	field = slice_trim(field);
	return slice_eq(field, SLICE("-")) ? SLICE("") : field;
}

static enum mx_code
import_line(struct annotating *self, const char *path,
    const struct text_line *line, struct mx_err *err)
{
	struct slice rest = line->text;
	struct slice fields[FIELDS];
	struct annotation it;
	enum mx_code code;

	if (slice_trim(rest).len == 0 || rest.ptr[0] == '#')
		return MX_OK;
	for (int i = 0; i < FIELDS - 1; i++)
		fields[i] = take_field(&rest);
	fields[FIELDS - 1] = slice_trim(rest);
	self->read++;
	it = (struct annotation){ .provider = fields[1],
		.source_ip = fields[2], .kind = fields[3], .text = fields[4],
		.path = slice_str(path), .line = (int64_t)line->number };
	code = add(self, fields[0], &it, err);
	if (code == MX_OK || store_has_failed(self->engine.store))
		return code;
	self->refused++;
	say_error("%s:%llu: %s", path, (unsigned long long)line->number,
	    err->text);
	return MX_OK;
}

static enum mx_code
import_file(struct annotating *self, const char *path, struct mx_err *err)
{
	struct source_options options = { .threads = 1 };
	struct byte_source *source;
	struct line_reader *lines;
	bool at_end = false;
	enum mx_code code = source_open(path, &options, &source, NULL, err);

	if (code != MX_OK)
		return code;
	lines = line_reader_new(source);
	while (code == MX_OK) {
		struct text_line line;

		code = line_reader_next(lines, &line, &at_end, err);
		if (code != MX_OK || at_end)
			break;
		if (self->read >= LIMIT_ANNOTATIONS)
			code = mx_fail(err, MX_E_DATA, "%s: more than %u "
			    "remarks", path, LIMIT_ANNOTATIONS);
		else
			code = import_line(self, path, &line, err);
	}
	line_reader_free(lines);
	return code;
}

static enum mx_code
import(struct annotating *self, struct mx_err *err)
{
	const struct settings *settings = self->settings;
	enum mx_code code = MX_OK;

	if (settings->operand_count == 0)
		return mx_fail(err, MX_E_USAGE,
		    "annotate --import: name a file, or - for standard input");
	for (size_t i = 0; i < settings->operand_count && code == MX_OK; i++)
		code = import_file(self, settings->operands[i], err);
	return code;
}

static enum mx_code
change(struct annotating *self, struct mx_err *err)
{
	const struct settings *settings = self->settings;

	if (settings->annotate_delete != 0)
		return store_drop_annotation(self->engine.store,
		    settings->annotate_delete, err);
	return settings->annotate_import ? import(self, err) :
	    add_typed(self, err);
}

/* All or nothing. */
static enum mx_code
change_store(struct annotating *self, struct mx_err *err)
{
	const struct settings *settings = self->settings;
	enum mx_code code = store_begin(self->engine.store, err);

	if (code != MX_OK)
		return code;
	code = change(self, err);
	if (code == MX_OK)
		code = store_commit(self->engine.store, err);
	else
		store_rollback(self->engine.store);
	if (code != MX_OK)
		return code;
	if (settings->annotate_import && !settings->is_quiet)
		(void)printf("%llu remarks read, %llu new, %llu refused\n",
		    self->read, self->added, self->refused);
	code = stream_check(stdout, "standard output", err);
	return code == MX_OK && self->refused != 0 ?
	    mx_fail(err, MX_E_DATA, "%s", "") : code;
}

/* ------------------------------------------------------------------ */
/* List */

static void
list_json(struct annotating *self, const struct annotation *it)
{
	struct json_writer *json = &self->json;

	json_open_object(json);
	json_member_int(json, "number", it->id);
	json_member_time(json, "time", it->utc);
	if (it->provider.len != 0)
		json_member_text(json, "provider", it->provider);
	if (it->source_ip.len != 0)
		json_member_text(json, "source_ip", it->source_ip);
	json_member_text(json, "kind", it->kind);
	json_member_text(json, "text", it->text);
	if (it->path.len != 0) {
		json_member_text(json, "file", it->path);
		json_member_int(json, "line", it->line);
	}
	json_key(json, "own");
	json_bool(json, it->is_own);
	json_close_object(json);
}

static void
list_text(struct annotating *self, const struct annotation *it)
{
	bool ascii = !self->settings->is_utf8;
	char time[21];

	rfc3339_utc(it->utc, time);
	if (it->is_own)
		strbuf_addf(&self->out, "%5lld", (long long)it->id);
	else
		strbuf_add_str(&self->out, "    -");
	strbuf_addf(&self->out, "  %s  ", time);
	scrub_text(&self->out, it->kind, ascii);
	if (it->provider.len != 0) {
		strbuf_add_str(&self->out, "  ");
		scrub_text(&self->out, it->provider, ascii);
	}
	if (it->source_ip.len != 0) {
		strbuf_add_str(&self->out, "  ");
		scrub_text(&self->out, it->source_ip, ascii);
	}
	strbuf_add_str(&self->out, "  ");
	scrub_text(&self->out, it->text, ascii);
	strbuf_add_char(&self->out, '\n');
}

static void
list_one(void *ctx, const struct annotation *it)
{
	struct annotating *self = ctx;

	if (self->is_json)
		list_json(self, it);
	else
		list_text(self, it);
}

static enum mx_code
list(struct annotating *self, struct mx_err *err)
{
	const char *format = self->settings->format;
	enum mx_code code;

	self->is_json = format != NULL && strcmp(format, "json") == 0;
	strbuf_init(&self->out, LISTING_MAX);
	json_init(&self->json, &self->out, true);
	if (self->is_json)
		json_open_array(&self->json);
	code = store_annotations(self->engine.store, list_one, self, err);
	if (self->is_json) {
		json_close_array(&self->json);
		strbuf_add_char(&self->out, '\n');
	}
	if (code == MX_OK) {
		(void)fwrite(self->out.ptr, 1, self->out.len, stdout);
		code = stream_check(stdout, "standard output", err);
	}
	strbuf_release(&self->out);
	return code;
}

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct annotating self = { .settings = settings };
	enum mx_code code;

	(void)result;
	if (settings->annotate_list + settings->annotate_import +
	    (settings->annotate_delete != 0) > 1)
		return mx_fail(err, MX_E_USAGE,
		    "annotate: --list, --import or --delete, one of them");
	code = engine_open(settings, &self.engine, err);
	if (code != MX_OK)
		return code;
	code = engine_open_store(&self.engine, settings,
	    settings->annotate_list ? STORE_READ : STORE_WRITE,
	    settings->wait_s, err);
	if (code == MX_OK)
		code = settings->annotate_list ? list(&self, err) :
		    change_store(&self, err);
	engine_close(&self.engine);
	return code;
}

const struct command command_annotate = {
	.name = "annotate",
	.summary = "dated remarks: on the time line, in episodes and evidence",
	.usage = "TIME TEXT | --import FILE...",
	.description = "Keeps a dated remark in the store, about a provider "
	    "(--provider), an own address (--ip), both, or all mail. --import "
	    "takes remarks from files: one a line, of time, provider, address, "
	    "kind and text with tabs between, - for none. The same remark is "
	    "kept once.",
	.options = OPTIONS_ANNOTATE | OPTIONS_FILTER | OPTIONS_FORMAT |
	    OPTIONS_WRITE,
	.formats = "text json",
	.run = run,
};
