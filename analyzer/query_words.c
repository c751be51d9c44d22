/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose address a remote spoke of, for those who must not tell it. */
#include "analyzer/query_priv.h"

enum mx_code
query_words(struct store *store, void (*each)(void *ctx, struct slice words,
    struct slice address), void *ctx, struct mx_err *err)
{
	sqlite3_stmt *from = store_statement(store, SQL_WORDS, err);
	enum mx_code code;
	bool has_row;

	if (from == NULL)
		return err->code;
	while ((code = store_step(store, from, &has_row, err)) == MX_OK &&
	    has_row) {
		struct slice words = column_blob(from, 0);

		each(ctx, words, column_blob(from, 1));
		each(ctx, words, column_blob(from, 2));
	}
	(void)sqlite3_reset(from);
	return code;
}
