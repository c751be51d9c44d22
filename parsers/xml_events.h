/* SPDX-License-Identifier: BSD-2-Clause */
/* XML as events: elements by local name, and their text. The only place that
 * knows the XML library. Nothing is fetched and no entity is expanded but the
 * five of XML; names lose their prefix, whether declared or not. */
#ifndef MX_PARSERS_XML_EVENTS_H
#define MX_PARSERS_XML_EVENTS_H

#include "base/err.h"
#include "base/slice.h"

struct xml_handler {
	void *ctx;
	/* DEPTH is 1 for the root. *takes_text_r = true: text gets what stands
	 * up to the next tag; white space between elements costs nothing. What
	 * is not MX_OK ends the reading with that code. */
	enum mx_code (*open)(void *ctx, struct slice name, unsigned depth,
	    bool *takes_text_r, struct mx_err *err);
	/* Comes in pieces. */
	void (*text)(void *ctx, struct slice text);
	/* *done_r = true: what follows does not matter, end here. */
	enum mx_code (*close)(void *ctx, unsigned depth, bool *done_r,
	    struct mx_err *err);
};

enum xml_seen {
	XML_SEEN_DOCTYPE = 1 /* a document type that names a DTD */
};

/* DOCUMENT is bounded by the caller. MX_E_DATA with the line where it is not
 * XML; MX_E_LIMIT for nesting above LIMIT_XML_DEPTH, attributes above
 * LIMIT_XML_ATTRIBUTES, a DTD inside (entities). *seen_r: enum xml_seen. */
enum mx_code xml_events(struct slice document,
    const struct xml_handler *handler, unsigned *seen_r, struct mx_err *err)
    MX_MUST_USE;

#endif
