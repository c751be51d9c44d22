/* SPDX-License-Identifier: BSD-2-Clause */
/* The effective configuration as a configuration. */
#include "cli/config.h"

static void
show_line(struct strbuf *out, const char *name, struct slice value,
    const char *origin)
{
	size_t start = out->len;

	strbuf_addf(out, "%s = ", name);
	strbuf_add_slice(out, value);
	do {
		strbuf_add_char(out, ' ');
	} while (out->len - start < 40);
	strbuf_addf(out, "; %s\n", origin);
}

static void
show_list(struct strbuf *out, const char *section,
    const struct setting_list *list)
{
	if (list->count != 0)
		strbuf_addf(out, "\n[%s]\n", section);
	for (size_t i = 0; i < list->count; i++)
		show_line(out, list->rows[i].name,
		    slice_str(list->rows[i].value), list->rows[i].origin);
}

static void
show_patterns(struct strbuf *out, const struct setting_input *input)
{
	for (size_t i = 0; i < input->pattern_count; i++)
		strbuf_addf(out, "files = \"%s\"\n", input->patterns[i]);
}

static void
show_named_input(struct strbuf *out, const struct setting_input *input)
{
	strbuf_addf(out, "\n[inputs %s]\n", input->name);
	show_patterns(out, input);
	if (input->timezone != NULL)
		strbuf_addf(out, "timezone = %s\n", input->timezone);
	if (input->format != NULL)
		strbuf_addf(out, "format = %s\n", input->format);
}

static void
show_keys(const struct config *config, const struct settings *settings,
    struct strbuf *out)
{
	const char *section = "";
	struct strbuf value;

	strbuf_init(&value, 4096);
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (strcmp(section, key->section) != 0) {
			strbuf_addf(out, "%s[%s]\n", i != 0 ? "\n" : "",
			    key->section);
			section = key->section;
			for (size_t n = 0; n < settings->input_count; n++)
				if (strcmp(section, "inputs") == 0 &&
				    settings->inputs[n].name[0] == '\0')
					show_patterns(out,
					    &settings->inputs[n]);
		}
		strbuf_reset(&value);
		value_show(settings, &key->slot, &value);
		show_line(out, key->name, strbuf_slice(&value),
		    config->origins[i]);
	}
	strbuf_release(&value);
}

void
config_show(const struct config *config, const struct settings *settings,
    struct strbuf *out)
{
	show_keys(config, settings, out);
	for (size_t i = 0; i < settings->input_count; i++)
		if (settings->inputs[i].name[0] != '\0')
			show_named_input(out, &settings->inputs[i]);
	show_list(out, "source-ip", &settings->source_ips);
	show_list(out, "hops", &settings->hops);
	show_list(out, "outputs", &settings->outputs);
}
