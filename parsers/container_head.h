/* SPDX-License-Identifier: BSD-2-Clause */
/* What container run times put in front of a line that a program wrote to its
 * standard output, whatever that line is. */
#ifndef MX_PARSERS_CONTAINER_HEAD_H
#define MX_PARSERS_CONTAINER_HEAD_H

#include "base/slice.h"

#include <stdbool.h>

/* docker-compose: "name  | ". Its length at the start of LINE; 0 where there
 * is none. */
size_t container_name_length(struct slice line);
/* CRI, as Kubernetes keeps it: " stdout F " behind the time; its length or
 * 0. */
size_t container_stream_length(struct slice text);
/* Takes all of it away: the name, and a time of nine decimals (docker logs
 * -t, CRI) with what stands behind it. False: there was nothing. */
bool container_strip(struct slice *line);

#endif
