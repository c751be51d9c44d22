/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON in (RFC 8259): one text into a tree that only can be read. The only
 * place that knows the JSON library. A wrong type is never an error of the
 * reader: what is asked for and is not there is absent. */
#ifndef MX_PARSERS_JSON_VALUE_H
#define MX_PARSERS_JSON_VALUE_H

#include "base/err.h"
#include "base/slice.h"

struct json_value; /* part of a document, lives as long as it */
struct json_doc;

enum json_kind { JSON_KIND_NULL, JSON_KIND_BOOL, JSON_KIND_NUMBER,
	JSON_KIND_TEXT, JSON_KIND_ARRAY, JSON_KIND_OBJECT };

/* Once, before anything is read: memory that ends while the library reads ends
 * the program as mx_oom does; the library alone would leave bytes out of
 * texts, and say that all is well. */
void json_set_up(void);

/* Parse TEXT, which the caller has bounded. MX_E_DATA with the byte where it
 * fails; MX_E_LIMIT when it nests deeper than LIMIT_JSON_DEPTH. Texts may
 * hold NUL bytes; of a key that stands twice the last one counts. */
enum mx_code json_doc_parse(struct slice text, struct json_doc **doc_r,
    struct mx_err *err) MX_MUST_USE;
void json_doc_free(struct json_doc *doc);
const struct json_value *json_doc_root(const struct json_doc *doc);

enum json_kind json_value_kind(const struct json_value *value);

/* The member KEY of an object; NULL when VALUE is NULL or no object, or has
 * no such member, or the member is null. */
const struct json_value *json_value_member(const struct json_value *value,
    const char *key);
/* Elements of an array, 0 for everything else; element INDEX or NULL. */
size_t json_value_count(const struct json_value *value);
const struct json_value *json_value_at(const struct json_value *value,
    size_t index);
/* Members of an object in the order of the text; false behind the last one. */
bool json_value_next(const struct json_value *object, void **iterator,
    struct slice *key_r, const struct json_value **value_r);

/* SLICE_NONE when VALUE is NULL or no text. UTF-8, in the document. */
struct slice json_value_text(const struct json_value *value);
/* False when VALUE is NULL or no whole number that fits; a text of digits is
 * none. A real without fraction counts. */
bool json_value_int(const struct json_value *value, int64_t *number_r);
bool json_value_real(const struct json_value *value, double *number_r);
/* False when VALUE is NULL or no boolean. */
bool json_value_bool(const struct json_value *value, bool *flag_r);

/* Short for the text and number of a member. */
struct slice json_member_text_of(const struct json_value *object,
    const char *key);
bool json_member_int_of(const struct json_value *object, const char *key,
    int64_t *number_r);

#endif
