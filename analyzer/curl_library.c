/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef MX_HAVE_CURL

#include "analyzer/curl_library.h"

#include <dlfcn.h>
#include <string.h>

/* Functions in the order of the members. */
static const char *const names[] = {
#define CURL_NAME(name) "curl_" #name,
	CURL_FUNCTIONS(CURL_NAME)
#undef CURL_NAME
};

enum { COUNT = sizeof(names) / sizeof(names[0]) };
_Static_assert(sizeof(struct curl_library) == COUNT * sizeof(void *),
    "a member is a pointer");

static enum mx_code
cannot_load(struct mx_err *err)
{
	const char *why = dlerror();

	return mx_fail(err, MX_E_UNAVAILABLE, "libcurl cannot be loaded: %s",
	    why != NULL ? why : MX_CURL_SONAME);
}

enum mx_code
curl_library_load(struct curl_library *library_r, struct mx_err *err)
{
	void *opened = dlopen(MX_CURL_SONAME, RTLD_NOW | RTLD_LOCAL);
	void *functions[COUNT];

	if (opened == NULL)
		return cannot_load(err);
	for (int i = 0; i < COUNT; i++) {
		functions[i] = dlsym(opened, names[i]);
		if (functions[i] == NULL)
			return cannot_load(err);
	}
	memcpy(library_r, functions, sizeof(functions));
	return MX_OK;
}

#else

/* Built without: analyzer/clickhouse.c says so. */
typedef int curl_library_is_left_out;

#endif
