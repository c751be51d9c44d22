/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/xml_events.h"

#include <expat.h>

#include "base/limits.h"

/* Bytes a call: the library counts them in an int. */
enum { CHUNK = 1024 * 1024 };

struct xml_run {
	XML_Parser parser;
	const struct xml_handler *handler;
	unsigned depth, seen;
	bool is_done, takes_text;
	enum mx_code code; /* why it was stopped */
	struct mx_err *err;
};

/* One look at each byte: names are short, and there are many. */
static struct slice
local_name(const char *name)
{
	const char *local = name, *at = name;

	for (; *at != '\0'; at++)
		if (*at == ':')
			local = at + 1;
	return slice_between(local, at);
}

static void
stop(struct xml_run *run, enum mx_code code)
{
	run->code = code;
	(void)XML_StopParser(run->parser, XML_FALSE);
}

static size_t
attribute_count(const char **attributes)
{
	size_t count = 0;

	while (attributes[2 * count] != NULL)
		count++;
	return count;
}

static void XMLCALL
on_text(void *ctx, const char *text, int len)
{
	struct xml_run *run = ctx;

	if (!run->is_done && run->code == MX_OK)
		run->handler->text(run->handler->ctx,
		    slice_of(text, (size_t)len));
}

/* The library does not even cut out text that nobody takes. */
static void
take_text(struct xml_run *run, bool takes_text)
{
	if (run->takes_text == takes_text)
		return;
	run->takes_text = takes_text;
	XML_SetCharacterDataHandler(run->parser, takes_text ? on_text : NULL);
}

static void XMLCALL
on_open(void *ctx, const char *name, const char **attributes)
{
	struct xml_run *run = ctx;
	bool takes_text = false;
	enum mx_code code;

	if (run->is_done || run->code != MX_OK)
		return;
	if (++run->depth > LIMIT_XML_DEPTH) {
		stop(run, mx_fail(run->err, MX_E_LIMIT,
		    "XML nests deeper than %u elements", LIMIT_XML_DEPTH));
		return;
	}
	if (attribute_count(attributes) > LIMIT_XML_ATTRIBUTES) {
		stop(run, mx_fail(run->err, MX_E_LIMIT,
		    "an XML element has more than %u attributes",
		    LIMIT_XML_ATTRIBUTES));
		return;
	}
	code = run->handler->open(run->handler->ctx, local_name(name),
	    run->depth, &takes_text, run->err);
	take_text(run, takes_text);
	if (code != MX_OK)
		stop(run, code);
}

static void XMLCALL
on_close(void *ctx, const char *name)
{
	struct xml_run *run = ctx;
	enum mx_code code;

	if (run->is_done || run->code != MX_OK)
		return;
	(void)name;
	code = run->handler->close(run->handler->ctx, run->depth,
	    &run->is_done, run->err);
	run->depth--;
	take_text(run, false);
	if (code != MX_OK || run->is_done)
		stop(run, code);
}

/* A name of a DTD is never followed; a DTD inside the document could hold
 * entities, which no report needs. */
static void XMLCALL
on_doctype(void *ctx, const char *name, const char *system_id,
    const char *public_id, int has_internal_subset)
{
	struct xml_run *run = ctx;

	(void)name;
	(void)system_id;
	(void)public_id;
	run->seen |= XML_SEEN_DOCTYPE;
	if (has_internal_subset)
		stop(run, mx_fail(run->err, MX_E_LIMIT,
		    "XML with a DTD inside is not read"));
}

/* Windows-1252 where it differs from ISO 8859-1: 0x80 to 0x9f. */
static const int windows_1252[32] = {
	0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
	0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178
};

/* Every other encoding of one byte is read as Windows-1252 too: reports hold
 * ASCII but for free text. */
static int XMLCALL
on_encoding(void *ctx, const char *name, XML_Encoding *info)
{
	(void)ctx;
	(void)name;
	for (int i = 0; i < 256; i++)
		info->map[i] = i;
	for (int i = 0; i < 32; i++)
		info->map[0x80 + i] = windows_1252[i];
	info->data = NULL;
	info->convert = NULL;
	info->release = NULL;
	return XML_STATUS_OK;
}

static enum mx_code
feed(struct xml_run *run, struct slice document)
{
	size_t done = 0;

	do {
		size_t len = document.len - done;
		bool is_last = len <= CHUNK;

		len = is_last ? len : CHUNK;
		if (XML_Parse(run->parser,
		    document.len != 0 ? document.ptr + done : "", (int)len,
		    is_last) == XML_STATUS_ERROR)
			break;
		done += len;
	} while (done < document.len);
	if (run->code != MX_OK || run->is_done)
		return run->code;
	if (XML_GetErrorCode(run->parser) == XML_ERROR_NONE)
		return MX_OK;
	return mx_fail(run->err, MX_E_DATA, "not well-formed XML: %s in line "
	    "%llu", XML_ErrorString(XML_GetErrorCode(run->parser)),
	    (unsigned long long)XML_GetCurrentLineNumber(run->parser));
}

enum mx_code
xml_events(struct slice document, const struct xml_handler *handler,
    unsigned *seen_r, struct mx_err *err)
{
	struct xml_run run = { .handler = handler, .err = err };
	enum mx_code code;

	run.parser = XML_ParserCreate(NULL);
	if (run.parser == NULL)
		mx_oom();
	XML_SetUserData(run.parser, &run);
	XML_SetElementHandler(run.parser, on_open, on_close);
	XML_SetStartDoctypeDeclHandler(run.parser, on_doctype);
	XML_SetUnknownEncodingHandler(run.parser, on_encoding, NULL);
	code = feed(&run, document);
	XML_ParserFree(run.parser);
	*seen_r = run.seen;
	return code;
}
