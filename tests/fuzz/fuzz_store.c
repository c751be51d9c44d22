/* SPDX-License-Identifier: BSD-2-Clause */
/* A store that somebody forged or damaged, under every command that works on
 * one. The input is what is done to a good store: byte by byte a kind of
 * change, where, and a value (forge() below). Half of the inputs find a store
 * whose tables take any value. Whatever it is, commands end well, or say that
 * the data is bad. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/commands.h"
#include "cli/config.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_BYTES = 96, STORE_BYTES = 4 * 1024 * 1024, TABLES_MAX = 64 };

/* Made once. */
static struct fixture {
	char dir[PATH_BYTES], other[PATH_BYTES], db[PATH_BYTES];
	struct config config;
	struct settings settings;
	struct strbuf strict, lax; /* stores, as bytes */
	char *tables[TABLES_MAX];
	size_t table_count;
	FILE *nowhere;
} fixture;

/* ------------------------------------------------------------------ */
/* Files */

static void
path_in(const char *dir, const char *name, char path[PATH_BYTES + 32])
{
	(void)snprintf(path, PATH_BYTES + 32, "%s/%s", dir, name);
}

static void
clear(const char *dir)
{
	static const char *const names[] = { "mxtrend.db", "mxtrend.db-wal",
		"mxtrend.db-shm", "mxtrend.db-journal", "mxtrend.lock" };
	char path[PATH_BYTES + 32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_in(dir, names[i], path);
		(void)unlink(path);
	}
}

static void
remove_all(void)
{
	clear(fixture.dir);
	clear(fixture.other);
	(void)rmdir(fixture.dir);
	(void)rmdir(fixture.other);
}

static void
read_store(struct strbuf *out)
{
	char chunk[4096];
	FILE *file = fopen(fixture.db, "rb");
	size_t got;

	if (file == NULL)
		mx_bug("the store cannot be read");
	strbuf_init(out, STORE_BYTES);
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		strbuf_add(out, chunk, got);
	(void)fclose(file);
}

static void
write_store(const char *dir, struct slice bytes)
{
	char path[PATH_BYTES + 32];
	FILE *file;

	clear(dir);
	path_in(dir, "mxtrend.db", path);
	file = fopen(path, "wb");
	if (file == NULL || fwrite(bytes.ptr, 1, bytes.len, file) !=
	    bytes.len || fclose(file) != 0)
		mx_bug("the store cannot be written");
}

/* ------------------------------------------------------------------ */
/* The good store */

static sqlite3 *
open_db(void)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(fixture.db, &db) != SQLITE_OK)
		mx_bug("the store cannot be opened");
	return db;
}

static void
sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		mx_bug(sqlite3_errmsg(db));
}

static int
note_table(void *ctx, int count, char **values, char **names)
{
	struct fixture *self = ctx;

	(void)count;
	(void)names;
	if (self->table_count < TABLES_MAX)
		self->tables[self->table_count++] = mx_strdup(values[0]);
	return 0;
}

static void
make_stores(struct fixture *self)
{
	static const char *const logs[] = { "samples/postfix/reasons.log",
		"samples/postfix/shapes.log", "samples/qmail/current.log",
		"samples/reports/arf.eml", "samples/reports/dmarc-many.xml",
		"samples/reports/bounce-postfix-text.eml", "samples/reports/snds-data.csv",
		"samples/reports/tlsrpt.json" };
	struct settings settings = self->settings;
	struct command_result result = { 0 };
	struct mx_err err;
	sqlite3 *db;

	settings.operands = logs;
	settings.operand_count = sizeof(logs) / sizeof(logs[0]);
	if (command_ingest.run(&settings, &result, &err) != MX_OK)
		mx_bug(err.text);
	/* small pages: changes of bytes meet more of them */
	db = open_db();
	sql(db, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024;"
	    "VACUUM");
	(void)sqlite3_exec(db, "SELECT name FROM sqlite_schema WHERE"
	    " type = 'table' ORDER BY name", note_table, self, NULL);
	(void)sqlite3_close(db);
	read_store(&self->strict);
	db = open_db();
	sql(db, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
	    " replace(replace(replace(sql, ' NOT NULL', ''), ') STRICT,',"
	    " ') '), ') STRICT', ')')");
	(void)sqlite3_close(db);
	read_store(&self->lax);
}

static void
name_place(char path[PATH_BYTES], const char *behind)
{
	(void)snprintf(path, PATH_BYTES, "/dev/shm/mxtrend-fuzz-store-%ld%s",
	    (long)getpid(), behind);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fixture *self = &fixture;
	struct mx_err err;

	(void)argc;
	(void)argv;
	self->nowhere = stderr = fopen("/dev/null", "w");
	name_place(self->dir, "");
	name_place(self->other, "-other");
	name_place(self->db, "/mxtrend.db");
	if (mkdir(self->dir, 0700) != 0 || mkdir(self->other, 0700) != 0)
		mx_bug("no place for stores");
	(void)atexit(remove_all);
	settings_init(&self->settings);
	config_defaults(&self->config, &self->settings);
	self->settings.now = "2026-11-26T12:00:00Z";
	self->settings.tz = self->settings.log_tz = "Europe/Berlin";
	self->settings.threads = 1;
	self->settings.is_quiet = true;
	self->settings.output = "/dev/null";
	self->settings.source_date_epoch = 1795435200;
	if (settings_resolve(&self->settings, &err) != MX_OK)
		mx_bug(err.text);
	self->settings.state_dir = self->dir;
	make_stores(self);
	return 0;
}

/* ------------------------------------------------------------------ */
/* What is done to it */

static unsigned
take_byte(struct slice *from)
{
	unsigned byte;

	if (from->len == 0)
		return 0;
	byte = (unsigned char)from->ptr[0];
	*from = slice_skip(*from, 1);
	return byte;
}

static uint64_t
take_number(struct slice *from, unsigned bytes)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < bytes; i++)
		number |= (uint64_t)take_byte(from) << 8 * i;
	return number;
}

static struct slice
take_bytes(struct slice *from)
{
	size_t len = (size_t)take_number(from, 2) % 4096;
	struct slice bytes = slice_of(from->ptr,
	    len < from->len ? len : from->len);

	*from = slice_skip(*from, bytes.len);
	return bytes;
}

static void
bind_value(struct slice *from, sqlite3_stmt *to)
{
	static const int64_t odd[] = { 0, 1, -1, INT64_MAX, INT64_MIN,
		INT64_MAX - 1, UINT32_MAX, -(int64_t)UINT32_MAX, INT32_MAX,
		INT32_MIN, 9467085600000, -62135596800, 253402300800,
		1795651200, 3600, 65536 };
	unsigned kind = take_byte(from);
	struct slice bytes;

	switch (kind % 6) {
	case 0:
		(void)sqlite3_bind_null(to, 1);
		break;
	case 1:
		(void)sqlite3_bind_int64(to, 1, (int64_t)take_number(from, 8));
		break;
	case 2:
		(void)sqlite3_bind_int64(to, 1, odd[take_byte(from) % 16]);
		break;
	case 3:
		bytes = take_bytes(from);
		(void)sqlite3_bind_text(to, 1, bytes.ptr, (int)bytes.len,
		    SQLITE_TRANSIENT);
		break;
	case 4:
		bytes = take_bytes(from);
		(void)sqlite3_bind_blob(to, 1, bytes.ptr, (int)bytes.len,
		    SQLITE_TRANSIENT);
		break;
	default:
		(void)sqlite3_bind_double(to, 1,
		    (double)(int64_t)take_number(from, 8));
		break;
	}
}

static int
count_columns(sqlite3 *db, const char *table)
{
	char text[128];
	sqlite3_stmt *all = NULL;
	int count = 0;

	(void)snprintf(text, sizeof(text), "SELECT * FROM %s LIMIT 1", table);
	if (sqlite3_prepare_v2(db, text, -1, &all, NULL) == SQLITE_OK)
		count = sqlite3_column_count(all);
	(void)sqlite3_finalize(all);
	return count;
}

static void
column_name(sqlite3 *db, const char *table, int number, char name[64])
{
	char text[128];
	sqlite3_stmt *all = NULL;

	name[0] = '\0';
	(void)snprintf(text, sizeof(text), "SELECT * FROM %s LIMIT 1", table);
	if (sqlite3_prepare_v2(db, text, -1, &all, NULL) == SQLITE_OK)
		(void)snprintf(name, 64, "%s",
		    sqlite3_column_name(all, number));
	(void)sqlite3_finalize(all);
}

/* A column of those rows that are alike in it, or of all. */
static void
forge_column(sqlite3 *db, struct slice *from)
{
	const char *table = fixture.tables[take_byte(from) %
	    fixture.table_count];
	unsigned number = take_byte(from), row = take_byte(from);
	int columns = count_columns(db, table);
	char column[64], text[512];
	sqlite3_stmt *update = NULL;

	if (columns == 0)
		return;
	column_name(db, table, (int)number % columns, column);
	if (row == 255)
		(void)snprintf(text, sizeof(text),
		    "UPDATE OR REPLACE %s SET %s = ?1", table, column);
	else
		(void)snprintf(text, sizeof(text), "UPDATE OR REPLACE %s SET"
		    " %s = ?1 WHERE %s IS (SELECT %s FROM %s LIMIT 1 OFFSET"
		    " %u)", table, column, column, column, table, row);
	if (sqlite3_prepare_v2(db, text, -1, &update, NULL) == SQLITE_OK) {
		bind_value(from, update);
		(void)sqlite3_step(update);
	}
	(void)sqlite3_finalize(update);
}

static void
forge_table(sqlite3 *db, struct slice *from)
{
	const char *table = fixture.tables[take_byte(from) %
	    fixture.table_count];
	const char *other = fixture.tables[take_byte(from) %
	    fixture.table_count];
	char text[512];

	switch (take_byte(from) % 4) {
	case 0:
		(void)snprintf(text, sizeof(text), "DROP TABLE %s", table);
		break;
	case 1:
		(void)snprintf(text, sizeof(text), "DELETE FROM %s", table);
		break;
	case 2:
		(void)snprintf(text, sizeof(text), "ALTER TABLE %s RENAME TO"
		    " kept; CREATE VIEW %s AS SELECT * FROM %s", table, table,
		    other);
		break;
	default:
		(void)snprintf(text, sizeof(text), "PRAGMA user_version = %u",
		    take_byte(from) % 4);
		break;
	}
	(void)sqlite3_exec(db, text, NULL, NULL, NULL);
}

/* Bytes of the file, once all else is done. */
static void
flip(struct slice *from)
{
	int fd = open(fixture.db, O_RDWR | O_CLOEXEC);
	char byte;

	while (from->len >= 4) {
		off_t at = (off_t)(take_number(from, 3) %
		    fixture.strict.len);

		if (pread(fd, &byte, 1, at) != 1)
			continue;
		byte = (char)(byte ^ (char)take_byte(from));
		if (pwrite(fd, &byte, 1, at) != 1)
			mx_bug("the store cannot be changed");
	}
	(void)close(fd);
}

static void
forge(struct slice *from)
{
	sqlite3 *db = open_db();

	(void)sqlite3_exec(db, "PRAGMA synchronous = OFF;"
	    "PRAGMA journal_mode = OFF", NULL, NULL, NULL);
	while (from->len != 0) {
		unsigned what = take_byte(from) % 8;

		if (what == 7)
			break;
		if (what == 6)
			forge_table(db, from);
		else
			forge_column(db, from);
	}
	(void)sqlite3_close(db);
	flip(from);
}

/* ------------------------------------------------------------------ */

static void
run(const struct command *command, const char *operand, const char *format)
{
	struct settings settings = fixture.settings;
	struct command_result result = { 0 };
	struct mx_err err = { 0 };
	FILE *out = stdout;
	enum mx_code code;

	settings.operands = &operand;
	settings.operand_count = operand != NULL;
	settings.format = format;
	if (command == &command_prune)
		settings.keep_s = 86400;
	settings.reply = command == &command_trace ? "e" : NULL;
	stdout = fixture.nowhere;
	code = command->run(&settings, &result, &err);
	stdout = out;
	if (code != MX_OK && code != MX_E_DATA &&
	    code != MX_E_NOINPUT && /* nothing was stored */
	    code != MX_E_IO &&      /* a page beyond the file */
	    code != MX_E_LIMIT)
		mx_bug(err.text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fixture *self = &fixture;
	struct slice text = slice_of((const char *)data, size);
	unsigned which = take_byte(&text);
	const char *log = "samples/postfix/reasons.log";

	write_store(self->dir, strbuf_slice(which & 1 ? &self->lax :
	    &self->strict));
	forge(&text);
	switch (which / 2 % 8) {
	case 0:
		run(&command_report, NULL, "json");
		break;
	case 1:
		run(&command_episodes, NULL, NULL);
		break;
	case 2:
		run(&command_status, NULL, NULL);
		break;
	case 3:
		run(&command_prune, NULL, NULL);
		break;
	case 4:
		run(&command_ingest, log, NULL);
		break;
	case 5:
		/* the forged one into a good one */
		write_store(self->other, strbuf_slice(&self->strict));
		fixture.settings.state_dir = self->other;
		run(&command_merge, self->db, NULL);
		fixture.settings.state_dir = self->dir;
		break;
	case 6:
		/* a good one into the forged one */
		write_store(self->other, strbuf_slice(&self->strict));
		run(&command_merge, self->other, NULL);
		break;
	default:
		run(&command_trace, NULL, NULL);
		break;
	}
	run(&command_report, NULL, "text");
	return 0;
}
