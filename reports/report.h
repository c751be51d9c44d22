/* SPDX-License-Identifier: BSD-2-Clause */
/* The report document: every number that a report shows, in one struct, named
 * as in `report -f json`. report_build.c fills it from the query layer; each
 * renderer turns the same struct into one format. What it does not hold,
 * no format shows. Texts live in the report's arena; absent text is
 * SLICE_NONE, absent times are TIME_NONE. */
#ifndef MX_REPORTS_REPORT_H
#define MX_REPORTS_REPORT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#define TIME_NONE INT64_MIN
/* A count that is not known. */
#define COUNT_NONE INT64_MIN
/* A delay that is not known (no accepted delivery in the row). */
#define DELAY_NONE (-1.0)

struct report_attempts {
	int64_t accepted, deferred, bounced;
};

/* Counts of one row: a provider, a source, a pair, a domain, or all.
 * Identity: deliveries = accepted + bounced + expired + open. */
struct report_counts {
	int64_t deliveries, messages;
	int64_t accepted, deferred, bounced, expired, blocked, open;
	struct report_attempts attempts;
	double p50_s, p95_s; /* of accepted deliveries; DELAY_NONE */
};

/* Day glyphs and states, worst last. One byte: every pair has one a day. */
enum __attribute__((packed)) report_state {
	STATE_NO_LOG,     /* "no-log"    '?' the log does not cover the day */
	STATE_NO_MAIL,    /* "no-mail"   '-' */
	STATE_FINE,       /* "fine"      '.' */
	STATE_DEFERRING,  /* "deferring" 'd' */
	STATE_BLOCKED,    /* "blocked"   'x' */
	REPORT_STATES
};
const char *report_state_name(enum report_state state);
char report_state_glyph(enum report_state state);

/* Against the compared window. */
enum report_change { CHANGE_NONE, CHANGE_WORSE, CHANGE_BETTER, CHANGE_SAME,
	CHANGE_TOO_FEW, REPORT_CHANGES };
const char *report_change_name(enum report_change change); /* NULL for NONE */

struct report_row {
	struct slice provider, name;            /* key and what people read */
	struct slice source, source_ip, host, instance;
	struct slice domain;
	struct report_counts n;
	enum report_state state;                /* of the whole window */
	enum report_change change;
	/* One a day of the window, window.day_count of them; providers and
	 * pairs only, else NULL. */
	enum report_state *days;
};

struct report_series_row {
	int64_t day_utc;          /* start of the day in the report's zone */
	char day[11];             /* "2026-11-20" in that zone */
	struct slice provider, name, source, source_ip, host, instance;
	int64_t messages, blocked;
	struct report_attempts attempts;
	enum report_state state;
};

struct report_day {           /* one for each day of the window */
	int64_t day_utc;
	char day[11];
	int64_t messages, blocked;
	struct report_attempts attempts;
	bool is_covered;          /* a log covers at least part of it */
	bool is_provisional;      /* younger than the queue lifetime */
};

struct report_reason {
	struct slice provider, name, reason, token;
	int64_t attempts, deliveries, first_utc, last_utc;
};

struct report_reply {
	uint64_t fingerprint;     /* printed as 16 hex digits */
	struct slice provider, name, reason, token, rule;
	int64_t attempts, first_utc, last_utc;
	bool is_new;              /* never seen before this window */
	struct slice sample;      /* raw bytes of a remote: escape them */
};

enum episode_state { EPISODE_SUSPECTED, EPISODE_CONFIRMED, EPISODE_EASING,
	EPISODE_CLOSED, EPISODE_SILENT, EPISODE_DISMISSED, EPISODE_STATES };
const char *episode_state_name(enum episode_state state);
/* Suspected, confirmed, easing or silent: not known to be over. */
bool episode_is_open(enum episode_state state);

struct report_episode_reason {
	struct slice reason, token;
	int64_t attempts;
};

struct report_episode {
	struct slice id;
	struct slice provider, name, source, source_ip, host, instance;
	struct slice reason, token;
	struct report_episode_reason *reasons;
	size_t reason_count;
	struct slice extent;      /* "source", "range", "all", "domain" */
	enum episode_state state;
	int64_t confirmed_utc, last_accept_before_utc, first_refusal_utc,
	    last_refusal_utc, first_accept_after_utc;
	int64_t messages, recipients, attempts, flaps, repeat;
	bool began_before_log;    /* "at or before" first_refusal */
	/* Where it began and ended at 99 %: as the four above where all mail
	 * was refused, wider where some passed. */
	int64_t began_after_utc, began_by_utc, ended_after_utc, ended_by_utc;
	/* Of the refused deliveries: accepted later, of these after the last
	 * refusal; in the queue still; lost. COUNT_NONE: not known any more. */
	int64_t deliveries, delivered_later, delivered_after_end, still_open,
	    not_delivered, sender_domains;
	double median_wait_s;     /* from first refusal to acceptance */
	/* What says how far it reaches, while it lasted: messages of our other
	 * addresses in its network, of those elsewhere, and of other sender
	 * domains from its own (accepted: at least). COUNT_NONE: not known. */
	int64_t network_refused, network_accepted, elsewhere_refused,
	    elsewhere_accepted, other_senders_refused,
	    other_senders_accepted;
	struct slice sender_domain; /* of nearly all refused mail */
	struct slice sample;      /* one refusal in full, raw bytes */
};

/* A score over several of our addresses, or over one sender domain. */
struct report_score {
	struct slice id, provider, name;
	struct slice over;        /* "provider", "network", "sender-domain" */
	struct slice key;         /* which network or domain */
	struct slice reason, token;
	enum episode_state state;
	bool is_explained;        /* an address' own episode lies in it */
	bool began_before_log;
	int64_t confirmed_utc, last_accept_before_utc, first_refusal_utc,
	    last_refusal_utc, first_accept_after_utc;
	int64_t began_after_utc, began_by_utc, ended_after_utc, ended_by_utc;
	int64_t messages, recipients, attempts, flaps, repeat;
	struct slice sample;
};

/* A dated remark. provider, source_ip: absent where it is about all. */
struct report_annotation {
	int64_t time_utc;
	struct slice provider, source_ip, kind, text;
};

/* What others report of us. ours: "yes", "no", "unknown". Shares are absent
 * (negative) where there are too few messages for one. */
struct report_dmarc {
	struct slice provider, name, source_ip, ours, header_from;
	int64_t reports, messages, pass, dkim, spf, quarantine, reject;
	double pass_share, dkim_share, spf_share;
	int64_t begin_utc, end_utc;
	int64_t not_signed;       /* of the reports; -1: not known of any */
};

struct report_tls {
	struct slice provider, name, policy_domain, policy_type, result_type;
	int64_t reports;
	/* Sessions: sums of a policy, without a result; or those that failed
	 * with one. -1 for the other kind. */
	int64_t successes, failures, failed;
	int64_t begin_utc, end_utc;
	int64_t not_signed;       /* as of DMARC */
};

struct report_complaint {
	struct slice provider, name, source_ip, ours, feedback_type;
	int64_t reports, complaints;
	int64_t accepted;         /* our deliveries; -1: not known */
	double per_thousand;      /* of accepted; negative: too few */
	int64_t first_utc, last_utc;
};

struct report_snds {
	char day[11];
	struct slice source_ip, range, ours;
	int64_t begin_utc, end_utc;
	int64_t rcpt_commands, data_commands, recipients, trap_hits;
	struct slice filter_result, complaint_rate, status, blocked;
	struct slice state;       /* of our mail to them on that day */
};

struct report_witness {
	char day[11];
	struct slice provider, name, source_ip;
	int64_t messages, accepted, refused, reports, reported;
	struct slice state;
};

struct report_bounce {
	struct slice provider, name, reason, token;
	int64_t failed, delayed, in_log, not_in_log;
	int64_t first_utc, last_utc;
};

struct report_coverage {
	char day[11];
	struct slice host;
	int64_t first_utc, last_utc, lines, understood, skipped;
	struct slice state;       /* "full", "partial", "none" */
};

struct report_skip { struct slice reason; int64_t lines; };

/* Log that the window, which nobody asked for, leaves out. */
struct report_left_out {
	int64_t first_utc, last_utc, lines;
};

struct report_input {
	struct slice path, fingerprint, format;
	int64_t lines, bytes, first_utc, last_utc;
};

struct report_definition { struct slice name, formula, unit; };

struct report_window {
	int64_t since_utc, until_utc; /* half open */
	struct slice timezone;        /* "Europe/Berlin", "UTC" */
	size_t day_count;
	struct report_day *days;
};

struct report {
	struct arena arena;
	int64_t generated_utc;
	struct slice tool_version, rules_version;
	struct slice host;                 /* whose report, "3 hosts"; NONE
	                                    * where no log is */
	struct report_window window;
	bool has_compare;
	struct report_window compare;      /* days not filled */
	struct report_counts compare_totals;
	struct slice verdict;              /* one sentence */
	struct report_counts totals, local, internal;
	int64_t suspended;
	struct report_row *providers; size_t provider_count;
	struct report_row *sources;   size_t source_count;
	struct report_row *pairs;     size_t pair_count;
	struct report_row *domains;   size_t domain_count;
	struct report_series_row *series; size_t series_count;
	struct report_reason *reasons;    size_t reason_count;
	struct report_reply *replies;     size_t reply_count;
	struct report_episode *episodes;  size_t episode_count;
	struct report_score *scores;      size_t score_count;
	struct report_dmarc *dmarc;       size_t dmarc_count;
	struct report_tls *tls;           size_t tls_count;
	struct report_complaint *complaints; size_t complaint_count;
	struct report_snds *snds;         size_t snds_count;
	struct report_witness *witness;   size_t witness_count;
	struct report_bounce *bounces;    size_t bounce_count;
	/* DMARC reports that count; copies that do not; that overlap another
	 * and may count twice; of periods too long for a day. */
	int64_t dmarc_reports, dmarc_copies, dmarc_overlapping, dmarc_long;
	int64_t reports_not_signed; /* DMARC and TLS, of the window */
	int64_t reports_stored;   /* reports of others, of any time */
	struct report_annotation *annotations; size_t annotation_count;
	struct report_coverage *coverage; size_t coverage_count;
	struct report_skip *skips;        size_t skip_count;
	struct report_left_out *left_out; size_t left_out_count;
	struct report_input *inputs;      size_t input_count;
	struct report_definition *definitions; size_t definition_count;
	int64_t failed_attempts, unclassified_attempts;
	/* Offsets of the report's zone, for renderers that print times. */
	const struct zone *zone;
};

/* Is the remark about the episode's provider and address, and from a week
 * before it to a week after it? */
bool report_annotation_concerns(const struct report_annotation *annotation,
    const struct report_episode *episode);

void report_init(struct report *report);
void report_release(struct report *report);

#endif
