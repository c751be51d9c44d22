/* SPDX-License-Identifier: BSD-2-Clause */
/* Postfix: postconf(5) for main.cf's grammar (name = value, a line that begins
 * with a blank goes on, # comments) and the parameters' meanings. */
#include "cli/config_init.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ipaddr.h"
#include "cli/when.h"

enum { PATH_BYTES = 4096, VALUE_BYTES = 256, LINE_BYTES = 4096,
	DAY_S = 86400 };

/* What a Postfix instance says of itself; "" = it does not. */
struct instance {
	char syslog_name[VALUE_BYTES];
	char name[VALUE_BYTES];
	char address[VALUE_BYTES], address6[VALUE_BYTES];
	char lifetime[VALUE_BYTES];
};

static void
set_value(struct instance *instance, struct slice name, struct slice value)
{
	const struct {
		const char *name;
		char *value;
	} wanted[] = {
		{ "syslog_name", instance->syslog_name },
		{ "multi_instance_name", instance->name },
		{ "smtp_bind_address", instance->address },
		{ "smtp_bind_address6", instance->address6 },
		{ "maximal_queue_lifetime", instance->lifetime },
	};

	/* What refers to another parameter is left to the operator. */
	if (value.len >= VALUE_BYTES || slice_chr(value, '$') != NULL)
		return;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!slice_eq(name, slice_str(wanted[i].name)))
			continue;
		memcpy(wanted[i].value, value.ptr, value.len);
		wanted[i].value[value.len] = '\0';
	}
}

static void
read_main_cf(const char *path, struct instance *instance)
{
	char line[LINE_BYTES];
	FILE *file = fopen(path, "re");

	*instance = (struct instance){ .name = "" };
	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		struct slice text = slice_str(line);
		const char *equals = slice_chr(text, '=');

		if (line[0] == '#' || ascii_is_space(line[0]) ||
		    equals == NULL)
			continue;
		set_value(instance,
		    slice_trim(slice_between(text.ptr, equals)),
		    slice_trim(slice_between(equals + 1,
		    text.ptr + text.len)));
	}
	(void)fclose(file);
}

static size_t
find(const char *root, const char *pattern, glob_t *found)
{
	struct strbuf path;
	int result;

	strbuf_init(&path, PATH_BYTES);
	strbuf_addf(&path, "%s%s", root, pattern);
	result = glob(path.ptr, 0, NULL, found);
	strbuf_release(&path);
	/* FOUND must not be freed any more, then */
	if (result == GLOB_NOSPACE)
		mx_oom();
	return result == 0 ? found->gl_pathc : 0;
}

static bool
is_there(const char *root, const char *pattern)
{
	glob_t found = { .gl_pathc = 0 };
	size_t count = find(root, pattern, &found);

	globfree(&found);
	return count != 0;
}

void
config_init_logs(const char *root,
    void (*tell)(void *ctx, const char *pattern), void *ctx)
{
	/* Debian, Red Hat, SUSE; Exim of Debian and of its own makefile;
	 * OpenSMTPD and sendmail use the first two. */
	static const char *const places[] = { "/var/log/mail.log",
		"/var/log/maillog", "/var/log/mail", "/var/log/exim4/mainlog",
		"/var/log/exim/main.log", "/var/log/exim/mainlog",
		"/var/log/exim_mainlog", "/var/spool/exim/log/mainlog" };
	struct stat st;
	struct strbuf path;

	strbuf_init(&path, PATH_BYTES);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s%s", root, places[i]);
		if (stat(path.ptr, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		strbuf_add_char(&path, '*');
		tell(ctx, path.ptr);
	}
	strbuf_release(&path);
}

struct log_lines {
	struct strbuf *out;
	size_t root_len;
};

static void
add_log(void *ctx, const char *pattern)
{
	const struct log_lines *lines = ctx;

	strbuf_addf(lines->out, "files = \"%s\"\n",
	    pattern + lines->root_len);
}

static void
add_logs(const char *root, struct strbuf *out)
{
	struct log_lines lines = { .out = out, .root_len = strlen(root) };
	size_t before;

	strbuf_add_str(out, "[inputs]\n");
	before = out->len;
	config_init_logs(root, add_log, &lines);
	if (out->len == before)
		strbuf_add_str(out, "# no log in the usual places\n"
		    "# files = \"/var/log/mail.log*\"\n");
}

/* Debian's /etc/timezone; the link of /etc/localtime elsewhere. */
static void
add_zone(const char *root, struct strbuf *out)
{
	char text[VALUE_BYTES];
	struct strbuf path;
	struct slice name = SLICE_NONE;
	const char *hit;
	ssize_t len;

	strbuf_init(&path, PATH_BYTES);
	strbuf_addf(&path, "%s/etc/localtime", root);
	len = readlink(path.ptr, text, sizeof(text));
	if (len > 0 && (size_t)len < sizeof(text)) {
		name = slice_of(text, (size_t)len);
		hit = slice_find(name, SLICE("zoneinfo/"));
		name = hit != NULL ? slice_between(hit + 9,
		    name.ptr + name.len) : SLICE_NONE;
	}
	strbuf_release(&path);
	if (name.len != 0)
		strbuf_addf(out, "\n[report]\ntimezone = %.*s\n",
		    SLICE_ARG(name));
}

/* The tag that the instance logs under, as far as the first slash. */
static const char *
log_name(const struct instance *instance)
{
	if (instance->syslog_name[0] != '\0')
		return instance->syslog_name;
	return instance->name[0] != '\0' ? instance->name : "postfix";
}

static const char *
sending_address(const struct instance *instance)
{
	if (instance->address[0] != '\0' &&
	    strcmp(instance->address, "0.0.0.0") != 0)
		return instance->address;
	if (instance->address6[0] != '\0' &&
	    strcmp(instance->address6, "::") != 0)
		return instance->address6;
	return NULL;
}

/* The literal address of an `interface = ` line; false where it is none. */
static bool
exim_address(const char *line, char address[VALUE_BYTES])
{
	struct slice text = slice_trim(slice_str(line));
	const char *equals = slice_chr(text, '=');
	struct ipaddr ip;

	if (equals == NULL || !slice_eq(slice_trim(slice_between(text.ptr,
	    equals)), SLICE("interface")))
		return false;
	text = slice_trim(slice_between(equals + 1, text.ptr + text.len));
	if (text.len >= VALUE_BYTES || !ipaddr_parse(text, &ip))
		return false;
	memcpy(address, text.ptr, text.len);
	address[text.len] = '\0';
	return true;
}

/* What Exim's transports say of their addresses. */
struct interfaces {
	char address[VALUE_BYTES]; /* "" = nothing yet */
	bool differ;
};

static void
read_interfaces(const char *path, struct interfaces *all)
{
	char next[VALUE_BYTES], line[LINE_BYTES];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (!exim_address(line, next))
			continue;
		all->differ |= all->address[0] != '\0' &&
		    strcmp(all->address, next) != 0;
		memcpy(all->address, next, sizeof(next));
	}
	(void)fclose(file);
}

/* The transports' option "interface" (Exim specification, "The
 * smtp transport"), where all that are written say one address. */
static void
add_exim(const char *root, struct strbuf *out)
{
	static const char *const places[] = { "/etc/exim4/exim4.conf",
		"/etc/exim4/conf.d/transport/*", "/etc/exim/exim.conf",
		"/etc/exim/configure", "/usr/local/etc/exim/configure" };
	struct interfaces all = { .address = "" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		glob_t found = { .gl_pathc = 0 };
		size_t count = find(root, places[i], &found);

		for (size_t n = 0; n < count; n++)
			read_interfaces(found.gl_pathv[n], &all);
		globfree(&found);
	}
	if (all.address[0] != '\0' && !all.differ)
		strbuf_addf(out, "\n[source-ip]\ndefault = %s ; Exim's "
		    "interface\n", all.address);
}

static bool
add_postfix(const char *root, struct strbuf *out)
{
	glob_t found = { .gl_pathc = 0 };
	size_t count = find(root, "/etc/postfix*/main.cf", &found);
	int64_t longest = 0;
	bool has_address = false;

	for (size_t i = 0; i < count; i++) {
		struct instance instance;
		int64_t lifetime;

		read_main_cf(found.gl_pathv[i], &instance);
		if (when_age(slice_str(instance.lifetime), &lifetime, NULL) ==
		    MX_OK && lifetime > longest)
			longest = lifetime;
		if (sending_address(&instance) == NULL)
			continue;
		if (!has_address)
			strbuf_add_str(out, "\n[source-ip]\n");
		has_address = true;
		strbuf_addf(out, "%s = %s ; %s\n", log_name(&instance),
		    sending_address(&instance),
		    found.gl_pathv[i] + strlen(root));
	}
	globfree(&found);
	if (longest != 0)
		strbuf_addf(out, "\n[store]\n# the longest "
		    "maximal_queue_lifetime, and a day\n"
		    "queue_lifetime = %" PRId64 "s\n", longest + DAY_S);
	return has_address;
}

void
config_init(const char *root, struct strbuf *out)
{
	strbuf_add_str(out, "# Found on this host by `mxtrend config --init`; "
	    "see mxtrend.conf(5).\n\n");
	add_logs(root, out);
	add_zone(root, out);
	if (!add_postfix(root, out))
		add_exim(root, out);
	if (is_there(root, "/etc/postfix*/main.cf") ||
	    is_there(root, "/etc/exim*"))
		strbuf_add_str(out, "\n# [hops]\n# relays of your own, such as "
		    "a content filter:\n# filter.example.com = internal\n");
}
