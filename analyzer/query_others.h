/* SPDX-License-Identifier: BSD-2-Clause */
/* What others report of us, over a window: DMARC rows, TLS sessions,
 * complaints, SNDS, bounces. Each report counts once, whatever copies and
 * stores it came from. Texts and arrays live as long as what they were asked
 * of. Times are UTC seconds; INT64_MIN is no time, -1 no number. */
#ifndef MX_ANALYZER_QUERY_OTHERS_H
#define MX_ANALYZER_QUERY_OTHERS_H

#include "analyzer/own.h"
#include "analyzer/store.h"
#include "base/zone.h"

/* What lies around a window and counts too: it says who reports at all (reports
 * come late, and who has reported in the weeks before reports), and which
 * report is a copy. */
enum { OTHERS_BEFORE_S = 35 * 86400, OTHERS_BEHIND_S = 3 * 86400 };

/* Is an address one of ours? Known where the logs or the configuration name
 * our addresses. */
enum others_ours { OURS_UNKNOWN, OURS_YES, OURS_NO };

/* DMARC aggregate rows of one provider, source address and From domain. A
 * report belongs to the day that holds the middle of its period. */
struct others_dmarc {
	struct slice provider;
	struct slice source_ip;      /* absent: the reporter named none */
	struct slice header_from;
	enum others_ours ours;
	int64_t reports, messages;
	int64_t pass;                /* dkim or spf aligned */
	int64_t dkim, spf;           /* each one aligned */
	int64_t quarantine, reject;  /* by disposition */
	int64_t not_signed;          /* reports; -1: of none it is known */
	int64_t begin_utc, end_utc;  /* of the reports' periods */
};

/* Reports of one reporter, for status and reading with care. */
struct others_reporter {
	struct slice provider;
	int64_t reports;
	int64_t copies;       /* the same report again, not counted */
	int64_t overlapping;  /* periods that overlap and say different things */
	int64_t long_periods; /* above 26 hours: of no single day */
};

/* TLS sessions of others to us (RFC 8460). Without result_type: the sums of
 * one policy; a session can stand under several, so that policies of one
 * reporter must not be added up. */
struct others_tls {
	struct slice provider, policy_domain, policy_type;
	struct slice result_type;
	int64_t reports;
	int64_t successful, failed; /* sessions; successful: -1 with a result */
	int64_t not_signed;         /* reports; as of DMARC */
	int64_t begin_utc, end_utc;
};

struct others_complaint {
	struct slice provider, source_ip, feedback_type;
	enum others_ours ours;
	int64_t reports, complaints; /* complaints: with "Incidents" */
	int64_t first_utc, last_utc; /* when users complained */
};

/* A row of SNDS: of an address (data), or of a range (ipStatus). */
struct others_snds {
	char day[11];          /* of the activity; of the fetch for a range */
	int64_t day_utc;       /* its noon, UTC */
	struct slice source_ip, range;
	enum others_ours ours; /* of the address; of any in the range */
	int64_t begin_utc, end_utc;
	int64_t rcpt_commands, data_commands, recipients, trap_hits;
	struct slice filter_result, complaint_rate, status;
	bool is_blocked;
};

struct others_bounce {
	struct slice provider, reason, token;
	int64_t failed, delayed; /* recipients */
	int64_t in_log;          /* of both: a log tells of it as well */
	int64_t first_utc, last_utc;
};

struct others_scope {
	struct store *store;
	const struct own *own;            /* NULL: what the logs tell */
	const struct zone *zone;          /* days are its days */
	int64_t since_utc, until_utc;     /* half open */
	struct slice provider, source_ip; /* only these; absent: all */
	const int64_t *day_utc;           /* starts of the days of the window */
	size_t day_count;                 /* 0: nothing is kept by day */
};

struct others;

/* In a transaction of the caller's, or in none. A store of before schema 2
 * gives nothing. MX_E_DATA: damaged store. */
enum mx_code others_load(const struct others_scope *scope,
    struct others **others_r, struct mx_err *err) MX_MUST_USE;
void others_free(struct others *others);

/* Most messages first; then by name. */
const struct others_dmarc *others_dmarc(const struct others *others,
    size_t *count_r);
const struct others_reporter *others_reporters(const struct others *others,
    size_t *count_r);
const struct others_tls *others_tls(const struct others *others,
    size_t *count_r);
const struct others_complaint *others_complaints(const struct others *others,
    size_t *count_r);
/* By day, then address. */
const struct others_snds *others_snds(const struct others *others,
    size_t *count_r);
const struct others_bounce *others_bounces(const struct others *others,
    size_t *count_r);
/* DMARC and TLS reports of the window in mails that their reporter did not
 * sign (reporters.h). */
int64_t others_not_signed(const struct others *others);
/* Reports of any time, copies in merged stores included. */
int64_t others_stored(const struct others *others);
/* Of the three below, reports known not to be signed by their reporter are
 * left out. Messages that a provider's reports count for an address on a day, also 0
 * where it reported for the day and not for the address. */
int64_t others_reported(const struct others *others, struct slice provider,
    struct slice source_ip, size_t day);
/* Reports of this provider for a day of the window; on any day up to 35 days
 * before its end. */
int64_t others_day_reports(const struct others *others, struct slice provider,
    size_t day);
bool others_is_reporter(const struct others *others, struct slice provider);

/* ------------------------------------------------------------------ */
/* In one go, for a dossier: what PROVIDER's own reports say of SOURCE_IP
 * (each absent: of all) from SINCE up to, not including, UNTIL. Opens a
 * transaction of its own. */
struct others_evidence {
	struct {
		int64_t reports, messages, pass, dkim, spf, quarantine,
		    reject, begin_utc, end_utc;
	} dmarc;
	struct {
		int64_t reports, complaints, first_utc, last_utc;
	} complaints;
	/* SNDS speaks of microsoft-consumer only: empty for others. */
	struct {
		int64_t days, green, yellow, red, trap_hits;
		int64_t rcpt_commands, recipients;
		int64_t blocked_days;  /* ipStatus named its range as blocked */
		int64_t first_utc, last_utc;
	} snds;
	/* Mail of this provider to us; says nothing of SOURCE_IP. Sessions:
	 * of the policy with the most, as policies share them. */
	struct {
		int64_t reports, successful, failed, begin_utc, end_utc;
	} tls;
	struct {
		int64_t failed, delayed, in_log, first_utc, last_utc;
	} bounces;
};
enum mx_code others_evidence(const struct others_scope *scope,
    struct others_evidence *to, struct mx_err *err) MX_MUST_USE;

#endif
