/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/json_value.h"

#include <jansson.h>
#include <math.h>

#include "base/limits.h"

/* struct json_value is the library's json_t under a name of ours; it is never
 * changed through it. */
struct json_doc {
	json_t *root;
};

static const json_t *
node(const struct json_value *value)
{
	return (const json_t *)(const void *)value;
}

static const struct json_value *
value_of(const json_t *json)
{
	return (const struct json_value *)(const void *)json;
}

struct json_size {
	unsigned depth;  /* deepest nesting: the library recurses */
	uint64_t values; /* at least: commas, colons and brackets */
};

/* By what stands outside of texts. */
static struct json_size
size_of(struct slice text)
{
	struct json_size size = { 0 };
	unsigned depth = 0;
	bool in_text = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (in_text) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_text = false;
		} else if (c == '"') {
			in_text = true;
		} else if (c == '{' || c == '[') {
			depth++;
			size.depth = depth > size.depth ? depth : size.depth;
			size.values++;
		} else if (c == ',' || c == ':') {
			size.values++;
		} else if ((c == '}' || c == ']') && depth != 0) {
			depth--;
		}
	}
	return size;
}

void
json_set_up(void)
{
	json_set_alloc_funcs(mx_alloc, free);
}

enum mx_code
json_doc_parse(struct slice text, struct json_doc **doc_r,
    struct mx_err *err)
{
	json_error_t error;
	struct json_size size = size_of(text);
	json_t *root;

	if (size.depth > LIMIT_JSON_DEPTH)
		return mx_fail(err, MX_E_LIMIT,
		    "JSON nests deeper than %u levels", LIMIT_JSON_DEPTH);
	if (size.values > LIMIT_JSON_VALUES)
		return mx_fail(err, MX_E_LIMIT,
		    "JSON of more than %u values", LIMIT_JSON_VALUES);
	root = json_loadb(text.ptr != NULL ? text.ptr : "", text.len,
	    JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
	if (root == NULL)
		return mx_fail(err, MX_E_DATA, "not JSON: %s at byte %d",
		    error.text, error.position + 1);
	*doc_r = mx_alloc(sizeof(**doc_r));
	(*doc_r)->root = root;
	return MX_OK;
}

void
json_doc_free(struct json_doc *doc)
{
	if (doc == NULL)
		return;
	json_decref(doc->root);
	free(doc);
}

const struct json_value *
json_doc_root(const struct json_doc *doc)
{
	return value_of(doc->root);
}

enum json_kind
json_value_kind(const struct json_value *value)
{
	switch (json_typeof(node(value))) {
	case JSON_OBJECT:
		return JSON_KIND_OBJECT;
	case JSON_ARRAY:
		return JSON_KIND_ARRAY;
	case JSON_STRING:
		return JSON_KIND_TEXT;
	case JSON_INTEGER:
	case JSON_REAL:
		return JSON_KIND_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_KIND_BOOL;
	case JSON_NULL:
		break;
	}
	return JSON_KIND_NULL;
}

const struct json_value *
json_value_member(const struct json_value *value, const char *key)
{
	const json_t *member;

	if (value == NULL || !json_is_object(node(value)))
		return NULL;
	member = json_object_get(node(value), key);
	return json_is_null(member) ? NULL : value_of(member);
}

size_t
json_value_count(const struct json_value *value)
{
	return value != NULL ? json_array_size(node(value)) : 0;
}

const struct json_value *
json_value_at(const struct json_value *value, size_t index)
{
	return value != NULL ? value_of(json_array_get(node(value), index)) :
	    NULL;
}

bool
json_value_next(const struct json_value *object, void **iterator,
    struct slice *key_r, const struct json_value **value_r)
{
	/* iteration does not change the object, though its type says so */
	union {
		const json_t *constant;
		json_t *plain;
	} root = { .constant = node(object) };

	if (object == NULL || !json_is_object(root.constant))
		return false;
	*iterator = *iterator == NULL ? json_object_iter(root.plain) :
	    json_object_iter_next(root.plain, *iterator);
	if (*iterator == NULL)
		return false;
	*key_r = slice_of(json_object_iter_key(*iterator),
	    json_object_iter_key_len(*iterator));
	*value_r = value_of(json_object_iter_value(*iterator));
	return true;
}

struct slice
json_value_text(const struct json_value *value)
{
	if (value == NULL || !json_is_string(node(value)))
		return SLICE_NONE;
	return slice_of(json_string_value(node(value)),
	    json_string_length(node(value)));
}

bool
json_value_int(const struct json_value *value, int64_t *number_r)
{
	double real;

	if (value == NULL)
		return false;
	if (json_is_integer(node(value))) {
		*number_r = json_integer_value(node(value));
		return true;
	}
	if (!json_is_real(node(value)))
		return false;
	real = json_real_value(node(value));
	if (floor(real) != real || real < -9e15 || real > 9e15)
		return false;
	*number_r = (int64_t)real;
	return true;
}

bool
json_value_real(const struct json_value *value, double *number_r)
{
	if (value == NULL || !json_is_number(node(value)))
		return false;
	*number_r = json_number_value(node(value));
	return true;
}

bool
json_value_bool(const struct json_value *value, bool *flag_r)
{
	if (value == NULL || !json_is_boolean(node(value)))
		return false;
	*flag_r = json_is_true(node(value));
	return true;
}

struct slice
json_member_text_of(const struct json_value *object, const char *key)
{
	return json_value_text(json_value_member(object, key));
}

bool
json_member_int_of(const struct json_value *object, const char *key,
    int64_t *number_r)
{
	return json_value_int(json_value_member(object, key), number_r);
}
