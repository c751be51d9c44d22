/* SPDX-License-Identifier: BSD-2-Clause */
/* libcurl, loaded when a command talks to a server: with what it needs itself
 * it is a third of the libraries and a sixth of the time of each start, and
 * what reads the mail of strangers need not have it in its memory. */
#ifndef MX_ANALYZER_CURL_LIBRARY_H
#define MX_ANALYZER_CURL_LIBRARY_H

#include <curl/curl.h>

#include "base/err.h"

/* Their names in libcurl, without "curl_". */
#define CURL_FUNCTIONS(X) \
	X(global_init) X(global_cleanup) X(free) \
	X(easy_init) X(easy_cleanup) X(easy_setopt) X(easy_perform) \
	X(easy_getinfo) X(easy_escape) X(easy_strerror) \
	X(slist_append) X(slist_free_all)

struct curl_library {
#define CURL_MEMBER(name) __typeof__(curl_##name) *name;
	CURL_FUNCTIONS(CURL_MEMBER)
#undef CURL_MEMBER
};

/* It stays until the program ends. MX_E_UNAVAILABLE: not installed, or not the
 * one that this program was built for. */
enum mx_code curl_library_load(struct curl_library *library_r,
    struct mx_err *err) MX_MUST_USE;

#endif
