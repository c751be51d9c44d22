/* SPDX-License-Identifier: BSD-2-Clause */
/* Every hard limit on what strangers can make us hold, with its reason. */
#ifndef MX_BASE_LIMITS_H
#define MX_BASE_LIMITS_H

/* syslog-ng's and Exim's longest lines are 64 KiB; the rest of a longer line
 * is skipped and the line marked as cut. */
#define LIMIT_LINE_BYTES (64u * 1024u)
/* "message repeated N times": more than this is no mail log. */
#define LIMIT_REPEATS 10000u
/* A journal record of several lines is read again from its begin when the
 * file has grown; one longer than this is not. */
#define LIMIT_RECORD_BYTES (4u * 1024u * 1024u)
/* One block of the read-ahead ring; must hold a whole line. */
#define LIMIT_BLOCK_BYTES (256u * 1024u)
/* Postfix cuts log text at 2000 bytes, Exim's C= at 1024, JSON logs not. */
#define LIMIT_REPLY_BYTES (8u * 1024u)
/* RFC 5321 4.5.3.1: 64 + 1 + 255, with room for quoting and SMTPUTF8. */
#define LIMIT_ADDRESS_BYTES 1024u
/* RFC 1035: 255 bytes; U-labels may take more. */
#define LIMIT_DOMAIN_BYTES 512u
/* Distinct domains, relay hosts, instances: one run of a very large sender
 * holds some 10^6; beyond it new names fold into "(other)". */
#define LIMIT_INTERNED_NAMES (4u * 1000u * 1000u)
/* Messages followed at the same time; the oldest are set aside in the store
 * when there are more. */
#define LIMIT_LIVE_MESSAGES (128u * 1024u)
/* Logs of which it is kept what was under way at their end, and how much of
 * each: some thousand deliveries. */
#define LIMIT_LOG_MEMORIES 256u
#define LIMIT_LOG_MEMORY_BYTES (4u * 1024u * 1024u)
/* Unfinished messages of one queue id among which the parts of one are looked
 * for: ids come back after days, not within an hour. */
#define LIMIT_SAME_ID 64u
/* Changes of unfinished messages that wait in memory for a flush. */
#define LIMIT_PARKED_BYTES (2u * 1024u * 1024u)
/* Rows of totals in memory before they are flushed. */
#define LIMIT_PENDING_ROWS (32u * 1024u)
/* Classified masked replies; dropped whole when full. The field shows 10^2
 * to 10^3, an attacker any number. */
#define LIMIT_REPLY_CACHE (16u * 1024u)
/* Distinct reply fingerprints kept a run; the rest counts as one. */
#define LIMIT_FINGERPRINTS (64u * 1024u)
/* PCRE2 limits for one match: a rule that needs more is broken. */
#define LIMIT_PCRE_MATCH 20000u
#define LIMIT_PCRE_DEPTH 200u
#define LIMIT_PCRE_HEAP_KIB 256u
/* The same for a pattern of a user's own format, which is bound to the begin
 * of a line: some milliseconds at worst. */
#define LIMIT_FORMAT_MATCH 100000u
#define LIMIT_FORMAT_DEPTH 1000u
#define LIMIT_FORMAT_HEAP_KIB 1024u
/* Such formats in all, and lines, samples or value words of one. */
#define LIMIT_USER_FORMATS 16u
#define LIMIT_FORMAT_ITEMS 200u
/* One rule or provider file. */
#define LIMIT_RULE_FILE_BYTES (4u * 1024u * 1024u)
#define LIMIT_RULES 20000u
/* Files in one rule directory. */
#define LIMIT_DATA_FILES 1000u
/* Masked texts and tokens that the reply cache may hold, together. */
#define LIMIT_REPLY_CACHE_BYTES (8u * 1024u * 1024u)
/* States of the literal filter: they are numbered in 16 bits. A rule whose
 * literal finds no room is tried on every text. */
#define LIMIT_FILTER_STATES 65535u
/* Nested groups of a pattern that the search for literals follows. */
#define LIMIT_PATTERN_DEPTH 16u
/* Provider rows of all files. */
#define LIMIT_PROVIDERS 20000u
/* RFC 8259 gives none; ours are flat objects of a few keys. */
#define LIMIT_JSON_DEPTH 32u
/* Values of one JSON text, which the library holds as objects of a hundred
 * bytes; a TLS report has some ten for each failure. */
#define LIMIT_JSON_VALUES 500000u
/* Bytes looked at to recognise a format, and lines of them. */
#define LIMIT_PROBE_BYTES (64u * 1024u)
/* Queue lifetime of Postfix (maximal_queue_lifetime, 5 days) and a day. */
#define LIMIT_QUEUE_LIFE_S (6 * 86400)
/* One row of a report on its way out: the longest reply, every byte of it
 * escaped (six bytes in JSON, five in HTML), with room for its neighbours. */
#define LIMIT_OUTPUT_PIECE_BYTES (4u * 1024u * 1024u)
/* Rows below the header of a sheet of the workbook: more than a person reads
 * or pivots, and a second to write. The others are added up there; CSV and
 * JSON have them all. */
#define LIMIT_SHEET_ROWS 50000u
/* Days of a window: every date that a log may bear, 1970 to 2100. */
#define LIMIT_WINDOW_DAYS 48000u
/* Log that lies so many seconds away from all other is that of a wrong clock
 * where it is less than a hundredth of the other, or less than a hundred lines
 * and a tenth: it does not stretch a window that nobody asked for. */
#define LIMIT_STRAY_GAP_S (366ll * 86400)
#define LIMIT_STRAY_SHARE 100
#define LIMIT_STRAY_LINES 100
#define LIMIT_STRAY_FEW 10
/* Input files in one run: a walk over a wrong directory must end. */
#define LIMIT_PATHS 1000000u
/* One report out of its containers: the largest seen was 3.6 MB. A ratio would
 * refuse real reports: one shrinks 166:1. */
#define LIMIT_REPORT_BYTES (32u * 1024u * 1024u)
/* One message, base64 included, since the library that reads mail wants it
 * whole: a bounce brings back what was sent, 50 MB with a large attachment. Of
 * a message within a message, and of a part, that is larger than these no more
 * than the first LIMIT_HEADER_BYTES are kept. */
#define LIMIT_MAIL_BYTES (64u * 1024u * 1024u)
#define LIMIT_NESTED_MAIL_BYTES (16u * 1024u * 1024u)
/* Lines that may part a multipart, lines that may be header fields: the library
 * makes an object of half a KiB of each. */
#define LIMIT_MIME_LINES 20000u
#define LIMIT_MAIL_FIELDS 100000u
/* Rows of one report, which are held until it is known to be whole; 3,555 were
 * seen. */
#define LIMIT_REPORT_ROWS (250u * 1000u)
/* One text of a report; what is longer is cut. */
#define LIMIT_REPORT_TEXT_BYTES (4u * 1024u)
/* DKIM or SPF results of a row (100 were seen), override reasons. */
#define LIMIT_ROW_RESULTS 128u
/* Real reports nest six deep. */
#define LIMIT_XML_DEPTH 32u
#define LIMIT_XML_ATTRIBUTES 64u
/* Unknown tags of broken XML for whose end the next LIMIT_REPORT_TEXT_BYTES
 * are searched: a real report has a few. */
#define LIMIT_REPAIR_LOOKS 10000u
/* Messages within messages; multiparts within multiparts; parts of a mail;
 * bytes of header fields. */
#define LIMIT_MAIL_NESTING 5u
#define LIMIT_MIME_DEPTH 20u
#define LIMIT_MIME_PARTS 1000u
#define LIMIT_HEADER_BYTES (1024u * 1024u)
/* Archives within one another (gzip in gzip, gzip in zip), members of one. */
#define LIMIT_REPORT_LAYERS 2u
#define LIMIT_ZIP_MEMBERS 100u
/* Recipients of one bounce. */
#define LIMIT_BOUNCE_RECIPIENTS 10000u
/* What a compressed log may unpack to. It may shrink as it will while it says
 * something: one line repeated shrinks to a thousandth. LIMIT_UNPACKED_FREE
 * bytes on end without a line of text, out of a hundredth of that, are a bomb:
 * blanks, zeros. LIMIT_UNPACKED_BYTES is more than a year of the busiest
 * host. */
#define LIMIT_UNPACKED_RATIO 100u
#define LIMIT_UNPACKED_FREE (256ull * 1024u * 1024u)
#define LIMIT_UNPACKED_BYTES (4096ull * 1024u * 1024u * 1024u)
/* Memory of the process: ten times what the largest measured run took. */
#define LIMIT_MEMORY_BYTES (4ull * 1024u * 1024u * 1024u)
/* Symbolic links below a directory whose targets the sandbox lets be read. */
#define LIMIT_SANDBOX_LINKS 10000u
/* Bytes of a dated remark, and remarks of one file. */
#define LIMIT_ANNOTATION_BYTES 2000u
#define LIMIT_ANNOTATIONS 100000u
/* Steps that `trace` shows, and messages that it follows in logs. */
#define LIMIT_TRACE_STEPS 100000u
#define LIMIT_TRACE_MESSAGES 10000u
/* Logs that are read where nothing is configured: some seconds' worth. */
#define LIMIT_FIRST_RUN_BYTES (512ull * 1024u * 1024u)
/* Members of one archive. */
#define LIMIT_ARCHIVE_MEMBERS 100000u
/* Bytes unpacked on the way to the members of one archive, of which each is
 * looked for from the begin, a member counted as 16 KiB more: some minutes for
 * many small ones, an hour or two for few large ones. In a zip and in a tar
 * that is not compressed only the members count. */
#define LIMIT_ARCHIVE_PASSED_BYTES (4096ull * 1024u * 1024u * 1024u)
/* Messages whose senders [privacy] knows again in the words of a reply: those
 * of minutes on a busy host, 40 bytes each and the address. */
#define LIMIT_PRIVACY_SENDERS 262144u
/* Seconds until a ClickHouse server is reached. */
#define LIMIT_CLICKHOUSE_CONNECT_S 10u
/* What is kept of a server's refusal; statements for it; an address with a
 * statement in it; one piece of what is sent. */
#define LIMIT_CLICKHOUSE_ERROR_BYTES 4096u
#define LIMIT_CLICKHOUSE_SQL_BYTES (16u * 1024u * 1024u)
#define LIMIT_CLICKHOUSE_URL_BYTES 16384u
#define LIMIT_CLICKHOUSE_PIECE_BYTES (256u * 1024u)
/* Days of stores that one push sends, more than a thousand years of one; what
 * goes before the fleet is told that it has them; bytes of rows in memory,
 * where the longest, an unfinished message, must find room. */
#define LIMIT_PUSH_SEGMENTS 400000u
#define LIMIT_PUSH_BATCH_DAYS 31u
#define LIMIT_PUSH_BATCH_SEGMENTS 10000u
#define LIMIT_PUSH_BUFFER_BYTES (64u * 1024u * 1024u)
/* What one report may fetch from a ClickHouse cluster: rows, bytes, stores
 * that push there, kinds of reply, and one row (a message with its
 * recipients). */
#define LIMIT_FLEET_ROWS (200ull * 1000u * 1000u)
#define LIMIT_FLEET_BYTES (64ull * 1024u * 1024u * 1024u)
#define LIMIT_FLEET_STORES 20000u
#define LIMIT_FLEET_REFUSERS (100u * 1000u)
#define LIMIT_FLEET_REPLIES (4u * 1000u * 1000u)
#define LIMIT_FLEET_ROW_BYTES (16u * 1024u * 1024u)
/* Seconds for which a replica that lacks what others have is asked again, and
 * after which another one is preferred. */
#define LIMIT_FLEET_LAG_S 20u
#define LIMIT_CLICKHOUSE_LAG_S 5u
/* What a server adds up or sorts in memory before it takes its disk. */
#define LIMIT_CLICKHOUSE_MEMORY_BYTES (512u * 1024u * 1024u)

#endif
