/* SPDX-License-Identifier: BSD-2-Clause */
/* Patterns that a user wrote for the lines of his own log. The only place of
 * this room that knows PCRE2. A match is bounded by LIMIT_FORMAT_*, whatever
 * pattern and line are. */
#ifndef MX_PARSERS_LINE_PATTERN_H
#define MX_PARSERS_LINE_PATTERN_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>

struct line_pattern;

enum line_match { LINE_MATCHES, LINE_DIFFERS, LINE_OVER_LIMIT };

/* TEXT is compiled as bytes, bound to the begin of the line. MX_E_CONFIG with
 * PCRE2's words and the byte. */
enum mx_code line_pattern_compile(struct slice text,
    struct line_pattern **pattern_r, struct mx_err *err) MX_MUST_USE;
void line_pattern_free(struct line_pattern *pattern);

/* Names of its groups, one by one: false behind the last. The name lives as
 * long as PATTERN; *number_r is the group's. */
bool line_pattern_name(const struct line_pattern *pattern, size_t index,
    const char **name_r, unsigned *number_r);

enum line_match line_pattern_match(struct line_pattern *pattern,
    struct slice line);
/* Of the line that matched last; absent where the group was not set. */
struct slice line_pattern_group(const struct line_pattern *pattern,
    struct slice line, unsigned number);

#endif
