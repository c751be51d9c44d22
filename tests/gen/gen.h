/* SPDX-License-Identifier: BSD-2-Clause */
/* The log generator: a small model of hosts, Postfix instances, providers and
 * messages that writes a log and counts the truth while it does so. It shares
 * no code with mxtrend on purpose: what it counts must not depend on what is
 * tested with it. */
#ifndef MX_TESTS_GEN_GEN_H
#define MX_TESTS_GEN_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEN_SECOND INT64_C(1000000) /* all times are microseconds, UTC */
#define GEN_HOUR   (3600 * GEN_SECOND)
#define GEN_DAY    (24 * GEN_HOUR)
#define GEN_NONE   UINT32_MAX
#define USER_NEWS  (UINT32_MAX - 1) /* the sender of newsletters */

/* ---- chance -------------------------------------------------------------
 * splitmix64: one word of state, the same numbers on every machine. */
struct rng {
	uint64_t state;
};

static inline uint64_t
rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* 0 .. N-1; the bias of the multiplication is below 2^-32. */
static inline uint32_t
rng_below(struct rng *rng, uint32_t n)
{
	return (uint32_t)(((rng_next(rng) >> 32) * n) >> 32);
}

/* True in PPM of a million cases. */
static inline bool
rng_ppm(struct rng *rng, uint32_t ppm)
{
	return rng_below(rng, 1000000) < ppm;
}

/* ---- what was asked for -------------------------------------------------*/
enum gen_style { STYLE_RFC3164, STYLE_ISO };
enum gen_rotate { ROTATE_NONE, ROTATE_DAILY, ROTATE_WEEKLY };
enum episode_kind { EPISODE_BLOCK, EPISODE_THROTTLE, EPISODE_DEFER };

struct episode_option {
	const char *provider;
	const char *instance; /* NULL: every source */
	const char *host;     /* NULL: every host */
	int64_t start, end;   /* INT64_MAX: still going on at the end */
	enum episode_kind kind;
	uint32_t percent;     /* of attempts refused */
};

#define GEN_EPISODES_MAX 32u
#define GEN_SOURCES_MAX  64u

struct gen_options {
	uint64_t seed;
	int start_year, start_month, start_day;
	unsigned days, hosts, instances, domains;
	uint32_t per_day;
	uint64_t size_mb;          /* 0: per_day rules */
	const char *zone;          /* name of the zone database */
	const char *host_name;     /* NULL: mail.example.org */
	enum gen_style style;
	int64_t iso_from;          /* ISO stamps from here on */
	uint32_t noise_percent;    /* 100 = as described in the README */
	uint32_t dirty_ppm;        /* broken and forged lines per message */
	uint32_t filter_percent;   /* messages that pass a content filter */
	uint32_t local_percent;    /* messages that come in */
	uint32_t random_episodes;
	uint32_t dnsbl_sites;      /* small MX that always refuse a source */
	uint32_t tls_field;        /* hosts from this one on log tls= */
	bool repeats;              /* "message repeated" lines */
	bool no_suspended;         /* no echoes of dead destinations */
	bool no_hostile;           /* nobody forges our fields in replies */
	enum gen_rotate rotate;
	unsigned keep_plain;       /* rotated files that stay uncompressed */
	const char *dir, *out, *out2, *truth;
	uint64_t cut_line;         /* lines in OUT before OUT2; 0: no cut */
	unsigned episode_count;
	struct episode_option episodes[GEN_EPISODES_MAX];
};

/* ---- the world ----------------------------------------------------------*/
enum flavour {
	FLAVOUR_GMAIL,
	FLAVOUR_OUTLOOK,
	FLAVOUR_M365,
	FLAVOUR_YAHOO,
	FLAVOUR_GMX,
	FLAVOUR_APPLE,
	FLAVOUR_TONLINE,
	FLAVOUR_POSTFIX,
	FLAVOUR_EXIM,
	FLAVOUR_EXCHANGE,
	FLAVOUR_PROOFPOINT,
	FLAVOURS
};

/* What becomes of one attempt of one recipient. */
enum cause {
	CAUSE_ACCEPTED,
	CAUSE_UNKNOWN,      /* no such mailbox */
	CAUSE_FULL,
	CAUSE_CONTENT,
	CAUSE_GREYLIST,
	CAUSE_BUSY,
	CAUSE_BLOCK,        /* this and the next three are refusals that vote */
	CAUSE_THROTTLE,
	CAUSE_DEFERBLOCK,
	CAUSE_DNSBL,
	CAUSE_HOSTILE,      /* the reply forges our own fields */
	CAUSE_LONGREPLY,    /* a reply that Postfix cuts at 2000 bytes */
	CAUSE_REPLIES,      /* below: Postfix's own words */
	CAUSE_LOST = CAUSE_REPLIES,
	CAUSE_TIMEOUT,      /* in the dialogue */
	CAUSE_CONNECT_TIMEOUT,
	CAUSE_CONNECT_REFUSED,
	CAUSE_NXDOMAIN,
	CAUSE_NULLMX,
	CAUSE_DNS_TEMPORARY,
	CAUSES
};

static inline bool
cause_votes(enum cause cause)
{
	return cause >= CAUSE_BLOCK && cause <= CAUSE_DNSBL;
}

enum gen_outcome { GEN_ACCEPTED, GEN_DEFERRED, GEN_BOUNCED, GEN_OUTCOMES };
enum gen_hop { GEN_REMOTE, GEN_LOCAL, GEN_INTERNAL, GEN_HOPS };

enum reach {
	REACH_OK, REACH_NXDOMAIN, REACH_NULLMX, REACH_DNS_TEMPORARY,
	REACH_TIMEOUT, REACH_REFUSED
};

struct provider {
	char key[72];
	enum flavour flavour;
};

struct mx {
	char name[72], ip[40];
};

/* One set of MX hosts; many domains may share it. */
struct site {
	uint32_t provider;
	uint32_t mx_first, mx_count;
	uint32_t dnsbl_source; /* GEN_NONE, or the source it always refuses */
	uint32_t outage_ppm;   /* chance of an outage on a day */
	enum reach reach;
	bool greylists, hostile;
};

struct domain {
	char name[72];
	uint32_t site;
	enum gen_hop hop;
};

struct source {
	char host[64];         /* as in the log */
	char smtp_tag[40];     /* "postfix/out3" */
	char queue_tag[40];    /* "postfix" */
	char ip[40];           /* our own address; never in the log itself */
	uint32_t queue;        /* index of the queue that it shares */
	bool long_ids, tls_field;
};

struct world {
	struct provider *providers;
	struct site *sites;
	struct mx *mxs;
	struct domain *domains;
	uint32_t *cumulative;  /* of the domains' weights */
	uint32_t provider_count, site_count, mx_count, domain_count;
	uint32_t weight_sum;
	struct source sources[GEN_SOURCES_MAX];
	uint32_t source_count, queue_count, host_count;
};

void world_build(struct world *world, const struct gen_options *options,
    struct rng *rng);
void world_release(struct world *world);
uint32_t world_pick_domain(const struct world *world, struct rng *rng);
uint32_t world_provider(const struct world *world, const char *key);

/* ---- replies ------------------------------------------------------------*/
struct reply {
	const char *dsn;     /* first digit decides the outcome */
	const char *text;    /* template, see gen_reply.c */
	const char *command; /* NULL: in the greeting */
};
const struct reply *reply_for(enum flavour flavour, enum cause cause,
    uint32_t variant);

/* ---- output -------------------------------------------------------------*/
struct out {
	int fd;
	char *buf;
	size_t len;
	uint64_t lines, bytes, cut_line;
	bool is_null;           /* count only */
	enum gen_rotate rotate;
	const char *dir, *path2;
	unsigned file_count, keep_plain;
	int64_t rotate_at, last_time;
	int64_t *mtimes;        /* of each rotated file, in write order */
};

#define OUT_BUFFER_BYTES (8u << 20)
#define OUT_LINE_MAX     (512u << 10)

void out_open(struct out *out, const struct gen_options *options,
    bool is_null, int64_t begin);
/* Flush, rename and compress as logrotate would have left it. */
void out_close(struct out *out);
void out_flush(struct out *out);
void out_next_file(struct out *out);

/* ---- zone ---------------------------------------------------------------*/
struct zone_cache {
	int64_t quarter;   /* seconds / 900 of the cached answer */
	int32_t offset;
};
void zone_set(const char *name);
int32_t zone_offset_at(struct zone_cache *cache, int64_t seconds);
/* Seconds since 1970, UTC, of local midnight of a date. */
int64_t zone_midnight(int year, int month, int day);
int64_t days_from_civil(int year, int month, int day);
void civil_from_days(int64_t days, int *year, int *month, int *day);
/* "2026-11-20T08:00:00Z" or ...T08:00:00.123456Z; false on anything else. */
bool time_from_rfc3339(const char *text, int64_t *time_r);

/* ---- truth --------------------------------------------------------------*/
struct pair_truth {
	uint32_t *by_day[2];   /* [utc, local]: days x 4: outcomes, messages */
	uint64_t messages;
	uint64_t deliveries, accepted, bounced, expired, deferred, blocked;
	uint64_t refusals;
	int64_t first_refusal, last_refusal;
};

struct episode {
	uint32_t provider, source;
	const struct episode_option *option;
	int64_t first_refusal, last_refusal, accept_before, accept_after;
	uint64_t attempts, accepted;
	bool is_random;
};

enum dirt {
	DIRT_CUT, DIRT_GARBAGE, DIRT_NUL, DIRT_LONG, DIRT_FORGED, DIRT_LOSS,
	DIRTS
};

struct truth {
	struct pair_truth **pairs; /* [provider * sources + source] */
	uint32_t source_count, days;
	int64_t day0[2];
	uint64_t facts[GEN_HOPS][GEN_OUTCOMES];
	uint64_t expired[GEN_HOPS], suspended, probes, discarded;
	uint64_t expired_unknown;
	uint64_t delivery_lines, messages, suspended_only;
	uint64_t attempts_cut, dirt[DIRTS], expiry_lines, reused_ids;
	struct episode *episodes;
	uint32_t episode_count;
	uint64_t *provider_messages;
};

struct gen;
void truth_init(struct truth *truth, const struct gen *gen);
void truth_release(struct truth *truth, const struct world *world);
struct pair_truth *truth_pair(struct gen *gen, uint32_t provider,
    uint32_t source);
void truth_write(const struct gen *gen, const char *path);

/* ---- messages -----------------------------------------------------------*/
enum message_kind {
	MESSAGE_OUT,      /* to remote recipients, perhaps local ones too */
	MESSAGE_FILTER,   /* on its way into the content filter */
	MESSAGE_LOCAL,    /* came in, for our own mailboxes */
	MESSAGE_BOUNCE,   /* a notification, from=<> */
	MESSAGE_PROBE,    /* address verification */
	MESSAGE_DISCARD   /* to the discard transport */
};

enum {
	RCPT_DONE = 1,       /* finished: accepted or bounced */
	RCPT_ATTEMPTED = 2,  /* a line of an attempt stands in the log */
	RCPT_DEFERRED = 4,
	RCPT_BLOCKED = 8,
	RCPT_KNOWN = 16      /* a line with its address stands in the log */
};

struct rcpt {
	uint32_t user, domain;
	uint8_t flags;
};

struct seen {
	uint32_t provider;
	int32_t day[2]; /* last day on which the message was counted */
};

struct message {
	int64_t arrival, pass_start;
	struct rcpt *rcpts;
	struct seen *seen;
	uint64_t size, serial;
	uint32_t source, sender, inode;
	uint32_t groups_left;
	uint16_t rcpt_count, seen_count;
	uint16_t bounces;      /* recipients refused in this pass */
	uint16_t passes;
	uint8_t kind;
	bool is_counted, is_forwarded;
	char id[24];
};

enum event_kind { EVENT_ARRIVE, EVENT_ATTEMPT, EVENT_RESULT };

struct event {
	int64_t time;
	uint64_t order;    /* equal times keep their order */
	uint32_t message, arg;
	uint32_t kind;
};

struct inode_state {
	int64_t closed;    /* when its last message left */
	uint32_t usec;
};

struct queue {
	struct inode_state *inodes;
	uint32_t *free;
	uint32_t inode_count, inode_size, free_count;
};

/* A destination that qmgr holds for dead. */
struct dead_site {
	int64_t until;
	uint32_t mx;
	enum cause cause;
};

struct gen {
	const struct gen_options *options;
	struct world world;
	struct truth truth;
	struct out out;
	struct rng rng;
	struct zone_cache zone;
	struct queue queues[GEN_SOURCES_MAX];
	struct event *heap;
	size_t heap_len, heap_size;
	uint64_t event_order;
	struct message *messages;
	uint32_t *message_free;
	uint32_t message_count, message_size, message_free_count;
	struct dead_site *dead; /* [source * sites + site] */
	int64_t begin, end, now;
	int64_t iso_from;
	/* arrivals of the current hour */
	int64_t hour_start;
	uint32_t hour_count, hour_done;
	uint64_t serial, carry;
	/* the line being written */
	size_t line_start;
	int64_t stamp_second;
	bool stamp_is_iso;
	char stamp_text[96], stamp_zone[32];
	size_t stamp_len;
};

void gen_init(struct gen *gen, const struct gen_options *options,
    bool is_null);
void gen_run(struct gen *gen);
void gen_release(struct gen *gen);
void schedule(struct gen *gen, int64_t at, enum event_kind kind,
    uint32_t message, uint32_t arg);

/* queue ids and recipients (gen_message.c) */
uint32_t message_new(struct gen *gen, uint32_t source, enum message_kind kind,
    int64_t at, uint16_t rcpt_count);
void message_close(struct gen *gen, uint32_t index, int64_t at);
void message_add_rcpt(struct gen *gen, struct message *message,
    uint32_t domain);
void message_sort_rcpts(struct message *message);

/* the life of messages (gen_arrive.c, gen_attempt.c) */
void arrive_first(struct gen *gen);
void arrive(struct gen *gen);
void arrive_child(struct gen *gen, uint32_t parent, int64_t at);
uint32_t arrive_filtered(struct gen *gen, uint32_t parent, int64_t at);
void attempt(struct gen *gen, uint32_t index);
void result(struct gen *gen, uint32_t index, uint32_t first);
/* what one attempt will meet (gen_verdict.c) */
struct verdict {
	enum cause cause;
	uint32_t mx;
	bool suspended;
};
struct verdict verdict_group(struct gen *gen, const struct message *message,
    const struct rcpt *rcpt);
enum cause verdict_rcpt(struct gen *gen, enum cause group,
    const struct rcpt *rcpt);

/* One SMTP session (or its failure) with its group of recipients. */
struct session {
	struct message *message;
	struct verdict verdict;
	struct rng accepted;   /* chance before the shared reply */
	int64_t spent;
	uint32_t child;        /* the message that the content filter made */
	uint32_t pid, variant, conn_use;
	bool has_accepted;
};
void session_open(struct gen *gen, struct session *session, uint32_t index,
    const struct rcpt *rcpt, int64_t at);
enum gen_outcome delivery_line(struct gen *gen, struct session *session,
    struct rcpt *rcpt, int64_t at);

/* counting (gen_count.c) */
void count_attempt(struct gen *gen, struct message *message,
    struct rcpt *rcpt, enum cause cause, enum gen_outcome outcome,
    int64_t at);
void count_expiry(struct gen *gen, struct message *message);
void count_open(struct gen *gen);

/* noise and dirt (gen_noise.c, gen_dirt.c) */
void noise(struct gen *gen, uint32_t source, int64_t at);
/* Perhaps damage the delivery line being written; true when its outcome can
 * no longer be read. */
bool dirt_delivery(struct gen *gen, const struct session *session,
    const struct rcpt *rcpt, enum gen_outcome outcome);
void dirt_line(struct gen *gen, uint32_t source, int64_t at);

/* ---- writing lines (gen_line.c) -----------------------------------------*/
void line_stamp(struct gen *gen, int64_t at);
/* "STAMP HOST TAG/PROGRAM[PID]: " */
void line_begin(struct gen *gen, int64_t at, const char *host,
    const char *tag, const char *program, uint32_t pid);
/* For Postfix programs of a source: SMTP client, or one of its queue. */
void line_smtp(struct gen *gen, int64_t at, uint32_t source, uint32_t pid);
void line_queue(struct gen *gen, int64_t at, uint32_t source,
    const char *program);
void line_end(struct gen *gen);
uint32_t pid_of(const struct gen *gen, uint32_t source, const char *program,
    uint32_t slot);

void put(struct gen *gen, const char *text, size_t len);
void put_text(struct gen *gen, const char *text);
void put_char(struct gen *gen, char c);
void put_number(struct gen *gen, uint64_t number);
void put_padded(struct gen *gen, uint64_t number, unsigned width);
void put_hex(struct gen *gen, uint64_t number, unsigned width);
/* Seconds as Postfix prints delays: two significant digits. */
void put_delay(struct gen *gen, int64_t us);
void put_word(struct gen *gen, unsigned len); /* random letters and digits */
void put_address(struct gen *gen, uint32_t user, uint32_t domain);
struct rcpt sender_of(const struct message *message);
void put_sender(struct gen *gen, const struct message *message);
void put_message_id(struct gen *gen, const struct message *message);
/* Expand a reply template. */
void put_template(struct gen *gen, const char *template,
    const struct message *message, const struct rcpt *rcpt, uint32_t mx);
#define lit(gen, text) put(gen, text, sizeof(text) - 1)

/* The program ends with a word on standard error (generator, not library). */
_Noreturn void die(const char *what, const char *which);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);

#endif
