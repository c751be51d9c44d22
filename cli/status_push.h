/* SPDX-License-Identifier: BSD-2-Clause */
/* What `status` tells of pushes to a fleet. */
#ifndef MX_CLI_STATUS_PUSH_H
#define MX_CLI_STATUS_PUSH_H

#include "analyzer/store_push.h"
#include "base/json_writer.h"

/* Nothing where the store was never pushed. */
void status_push_text(const struct push_waiting *waiting, struct strbuf *out);
void status_push_json(const struct push_waiting *waiting,
    struct json_writer *json);

#endif
