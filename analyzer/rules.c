/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/rules.h"

#include <stdlib.h>

#include "analyzer/providers.h"

enum mx_code
rules_read(const char *const *dirs, size_t dir_count,
    struct ruleset **rules_r, struct strbuf *problems, struct mx_err *err)
{
	struct ruleset *rules = mx_calloc(1, sizeof(*rules));
	enum mx_code code;

	arena_init(&rules->arena);
	code = providers_open(dirs, dir_count, &rules->providers, err);
	if (code == MX_E_NOINPUT) /* then there are no families */
		code = MX_OK;
	if (code == MX_OK)
		code = rules_load(rules, dirs, dir_count, problems, err);
	if (code != MX_OK) {
		rules_close(rules);
		return code;
	}
	*rules_r = rules;
	return MX_OK;
}

enum mx_code
rules_prepare(struct ruleset *rules, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	if (!rules->is_ready)
		code = rules_compile(rules, false, NULL, err);
	rules->is_ready = code == MX_OK;
	return code;
}

enum mx_code
rules_open(const char *const *dirs, size_t dir_count,
    struct ruleset **rules_r, struct strbuf *problems, struct mx_err *err)
{
	struct ruleset *rules;
	enum mx_code code = rules_read(dirs, dir_count, &rules, problems, err);

	if (code != MX_OK)
		return code;
	code = rules_compile(rules, true, problems, err);
	rules->is_ready = true;
	if (code == MX_OK)
		*rules_r = rules;
	else
		rules_close(rules);
	return code;
}

void
rules_close(struct ruleset *rules)
{
	if (rules == NULL)
		return;
	rules_compile_release(rules);
	providers_close(rules->providers);
	free(rules->rules);
	arena_release(&rules->arena);
	free(rules);
}
