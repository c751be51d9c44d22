/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/ledger.h"

#include <stdlib.h>

void
ledger_release(struct ledger_entry *entry)
{
	free(entry->path);
	entry->path = NULL;
}

bool
ledger_is_same(const struct ledger_entry *entry, struct slice head)
{
	size_t len = head.len < entry->head_len ? head.len : entry->head_len;

	return len != 0 && memcmp(entry->head, head.ptr, len) == 0;
}
