/* SPDX-License-Identifier: BSD-2-Clause */
/* Who sent the messages of the lines before, for logs that name the sender on
 * a line of its own (Postfix, sendmail): in memory alone, for one run. */
#ifndef MX_CLI_SENDER_MEMORY_H
#define MX_CLI_SENDER_MEMORY_H

#include "base/slice.h"

struct sender_memory;

struct sender_memory *sender_memory_new(void);
void sender_memory_free(struct sender_memory *memory); /* NULL is allowed */

/* The message ID of HOST is ADDRESS's; copied. Where LIMIT_PRIVACY_SENDERS are
 * known an old one goes. */
void sender_memory_note(struct sender_memory *memory, struct slice host,
    struct slice id, struct slice address);

/* None where it is not known; valid until the next note. */
struct slice sender_memory_find(const struct sender_memory *memory,
    struct slice host, struct slice id);

#endif
