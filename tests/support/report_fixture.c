/* SPDX-License-Identifier: BSD-2-Clause */
/* Small documents: the story of one server that is blocked, a quiet one, an
 * empty window, one without log. */
#include "tests/support/report_fixture.h"

#include <string.h>

#include "base/zone.h"
#include "tests/support/report_fixture_build.h"

static const char story_reply[] =
    "550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please "
    "contact your Internet service provider since part of their network is "
    "on our block list (S3140). You can also refer your provider to "
    "http://mail.live.com/mail/troubleshooting.aspx#errors. "
    "[AM6EUR05FT048.eop-eur05.prod.protection.outlook.com "
    "2026-11-18T07:12:41.771Z 08DE252F0C6B9E91]";

static void
story_pairs(struct report *report)
{
	/* clang-format off */
	static const struct {
		const char *provider, *name;
		double p50_s, p95_s;
		struct fixture_day days[7];
	} list[] = {
		{ "microsoft-consumer", "Outlook.com", 2.1, 4.4,
		    { { 3, 0, 0, 0 }, { 3, 0, 0, 0 }, { 0, 0, 6, 6 },
		      { 0, 0, 5, 5 }, { 0, 0, 7, 7 }, { 0, 0, 2, 2 },
		      { 0, 0, 3, 3 } } },
		{ "google", "Google", 2.0, 41,
		    { { 38, 2, 0, 0 }, { 41, 0, 0, 0 }, { 35, 3, 0, 0 },
		      { 40, 1, 0, 0 }, { 37, 3, 0, 0 }, { 11, 0, 0, 0 },
		      { 9, 0, 0, 0 } } },
		{ "microsoft-365", "Microsoft 365", 3.2, 11,
		    { { 8, 0, 0, 0 }, { 9, 0, 0, 0 }, { 7, 0, 0, 0 },
		      { 8, 0, 0, 0 }, { 9, 0, 0, 0 }, { 0, 0, 0, 0 },
		      { 0, 0, 0, 0 } } },
		{ "gmx", "GMX, WEB.DE", 1.4, 3.0,
		    { { 6, 0, 0, 0 }, { 5, 0, 1, 0 }, { 7, 0, 0, 0 },
		      { 4, 0, 0, 0 }, { 6, 0, 0, 0 }, { 2, 0, 0, 0 },
		      { 2, 0, 0, 0 } } },
		{ "yahoo", "Yahoo", 4.8, 9.5,
		    { { 2, 0, 0, 0 }, { 3, 0, 0, 0 }, { 1, 0, 0, 0 },
		      { 2, 0, 0, 0 }, { 2, 0, 0, 0 }, { 1, 0, 0, 0 },
		      { 1, 0, 0, 0 } } },
		{ "mx:example.net", "example.net", 0.6, 725,
		    { { 3, 1, 0, 0 }, { 4, 0, 0, 0 }, { 2, 2, 0, 0 },
		      { 3, 0, 0, 0 }, { 4, 0, 1, 0 }, { 0, 0, 0, 0 },
		      { 1, 0, 0, 0 } } },
	};
	/* clang-format on */
	size_t count = sizeof(list) / sizeof(list[0]);

	fixture_room(report, count);
	for (size_t i = 0; i < count; i++)
		fixture_add_pair(report, list[i].provider, list[i].name,
		    "192.0.2.9", "postfix", list[i].days, list[i].p50_s,
		    list[i].p95_s);
}

static void
story_domains(struct report *report)
{
	static const struct {
		const char *domain;
		size_t pair;
	} list[] = { { "outlook.com", 0 }, { "gmail.com", 1 },
		{ "example.com", 2 }, { "gmx.de", 3 }, { "yahoo.com", 4 },
		{ "example.net", 5 } };

	report->domain_count = sizeof(list) / sizeof(list[0]);
	report->domains = fixture_rows(report, report->domain_count,
	    sizeof(*report->domains));
	for (size_t i = 0; i < report->domain_count; i++) {
		const struct report_row *pair = &report->pairs[list[i].pair];
		struct report_row *row = &report->domains[i];

		row->domain = fixture_text(report, list[i].domain);
		row->provider = pair->provider;
		row->name = pair->name;
		row->n = pair->n;
		row->state = pair->state;
		row->change = i == 0 ? CHANGE_WORSE : CHANGE_NONE;
	}
}

static void
story_replies(struct report *report)
{
	report->replies = fixture_rows(report, 5, sizeof(*report->replies));
	report->reasons = fixture_rows(report, 5, sizeof(*report->reasons));
	fixture_add_reply(report, 0x5f1d2a0c91b3e874, "microsoft-consumer",
	    "Outlook.com", "ip-block", "S3140", 23, "2026-11-18T07:12Z",
	    "2026-11-22T18:03Z", true, slice_str(story_reply));
	fixture_add_reply(report, 0x0a83c6e2457d19bf, "google", "Google",
	    "rate-limit", "4.7.28", 9, "2026-11-16T09:40Z",
	    "2026-11-20T08:15Z", false, SLICE("421-4.7.28 Gmail has detected "
	    "an unusual rate of unsolicited mail originating from your IP "
	    "address. To protect our users from spam, mail sent from your IP "
	    "address has been temporarily rate limited."));
	fixture_add_reply(report, 0x77c2d4e8a1f30b65, "mx:example.net",
	    "example.net", "greylist", NULL, 3, "2026-11-16T06:02Z",
	    "2026-11-18T12:30Z", false,
	    SLICE("450 4.2.0 <kim@example.net>: Recipient address "
		  "rejected: Greylisted, see http://postgrey.example/help"));
	fixture_add_reply(report, 0xb90e61d7f2845ac3, "gmx", "GMX, WEB.DE",
	    "mailbox-unknown", "5.1.1", 1, "2026-11-17T14:21Z",
	    "2026-11-17T14:21Z", false, SLICE("550 5.1.1 Requested action "
	    "not taken: mailbox unavailable"));
	fixture_add_reply(report, 0x13f8e05b6cd9a472, "mx:example.net",
	    "example.net", "unclassified", NULL, 1, "2026-11-20T10:11Z",
	    "2026-11-20T10:11Z", true,
	    SLICE("554 5.0.0 Nachricht wurde vom "
		  "Empf\xc3\xa4nger abgewiesen (Ref 7c1)"));
	report->unclassified_attempts = 1;
}

static void
story_episodes(struct report *report)
{
	struct report_episode *open, *past;

	report->episode_count = 2;
	report->episodes = fixture_rows(report, 2, sizeof(*report->episodes));
	open = &report->episodes[0];
	open->id = SLICE("7c4e19d2");
	open->provider = SLICE("microsoft-consumer");
	open->name = SLICE("Outlook.com");
	open->source = open->source_ip = SLICE("192.0.2.9");
	open->host = report->host;
	open->instance = SLICE("postfix");
	open->reason = SLICE("ip-block");
	open->token = SLICE("S3140");
	open->reason_count = 1;
	open->reasons = fixture_rows(report, 1, sizeof(*open->reasons));
	open->reasons[0].reason = open->reason;
	open->reasons[0].token = open->token;
	open->reasons[0].attempts = 23;
	open->extent = SLICE("source");
	open->state = EPISODE_CONFIRMED;
	open->last_accept_before_utc = fixture_utc_of("2026-11-17T20:40Z");
	open->first_refusal_utc = fixture_utc_of("2026-11-18T07:12Z");
	open->confirmed_utc = fixture_utc_of("2026-11-18T09:55Z");
	open->last_refusal_utc = fixture_utc_of("2026-11-22T18:03Z");
	open->first_accept_after_utc = TIME_NONE;
	open->messages = 23;
	open->recipients = 11;
	open->attempts = 23;
	open->repeat = 1;
	open->sample = slice_str(story_reply);
	open->began_after_utc = open->last_accept_before_utc;
	open->began_by_utc = open->first_refusal_utc;
	open->ended_after_utc = open->last_refusal_utc;
	open->ended_by_utc = TIME_NONE;
	open->deliveries = open->recipients;
	open->not_delivered = open->recipients;
	open->median_wait_s = DELAY_NONE;
	open->sender_domains = 2;
	open->network_accepted = 41;
	open->elsewhere_refused = open->elsewhere_accepted = 0;
	open->other_senders_refused = 9;
	past = &report->episodes[1];
	*past = *open;
	past->id = SLICE("02ab77f1");
	past->provider = SLICE("google");
	past->name = SLICE("Google");
	past->reason = SLICE("rate-limit");
	past->token = SLICE("4.7.28");
	past->reasons = fixture_rows(report, 1, sizeof(*past->reasons));
	past->reasons[0].reason = past->reason;
	past->reasons[0].token = past->token;
	past->reasons[0].attempts = 4;
	past->state = EPISODE_CLOSED;
	past->last_accept_before_utc = TIME_NONE;
	past->first_refusal_utc = fixture_utc_of("2026-11-16T09:40Z");
	past->confirmed_utc = fixture_utc_of("2026-11-16T11:02Z");
	past->last_refusal_utc = fixture_utc_of("2026-11-16T13:30Z");
	past->first_accept_after_utc = fixture_utc_of("2026-11-16T14:05Z");
	past->messages = 3;
	past->recipients = 3;
	past->attempts = 4;
	past->flaps = 1;
	past->repeat = 2;
	past->began_before_log = true;
	past->began_after_utc = TIME_NONE;
	past->began_by_utc = past->first_refusal_utc;
	past->ended_after_utc = past->last_refusal_utc;
	past->ended_by_utc = past->first_accept_after_utc;
	past->deliveries = 3;
	past->delivered_later = 2;
	past->delivered_after_end = 1;
	past->still_open = 0;
	past->not_delivered = 1;
	past->median_wait_s = 5400;
	past->sender_domains = 1;
	past->network_accepted = past->network_refused =
	    past->elsewhere_accepted = past->elsewhere_refused =
	    past->other_senders_accepted = past->other_senders_refused =
	    COUNT_NONE;
	past->sender_domain = SLICE("example.org");
	past->sample = report->replies[1].sample;
}

static void
story_inputs(struct report *report)
{
	report->input_count = 2;
	report->inputs = fixture_rows(report, 2, sizeof(*report->inputs));
	report->inputs[0] = (struct report_input){
		.path = SLICE("/var/log/mail.log.1"),
		.fingerprint = SLICE("c3a8f0d1924be657"),
		.format = SLICE("postfix"),
		.lines = 3120, .bytes = 492133,
		.first_utc = fixture_utc_of("2026-11-15T23:01Z"),
		.last_utc = fixture_utc_of("2026-11-21T22:59Z"),
	};
	report->inputs[1] = (struct report_input){
		.path = SLICE("/var/log/mail.log"),
		.fingerprint = SLICE("91de02b3a7c4f586"),
		.format = SLICE("postfix"),
		.lines = 480, .bytes = 75221,
		.first_utc = fixture_utc_of("2026-11-21T23:00Z"),
		.last_utc = fixture_utc_of("2026-11-22T22:58Z"),
	};
	report->skip_count = 1;
	report->skips = fixture_rows(report, 1, sizeof(*report->skips));
	report->skips[0].reason = SLICE("bad-stamp");
	report->skips[0].lines = 1;
}

static void
story_compare(struct report *report)
{
	static const enum report_change changes[] = { CHANGE_WORSE,
		CHANGE_SAME, CHANGE_SAME, CHANGE_BETTER, CHANGE_TOO_FEW,
		CHANGE_TOO_FEW };
	struct report_counts *n = &report->compare_totals;

	report->has_compare = true;
	report->compare.until_utc = report->window.since_utc;
	report->compare.since_utc =
	    report->window.since_utc - 7 * FIXTURE_DAY_S;
	report->compare.timezone = report->window.timezone;
	n->deliveries = 320;
	n->messages = 310;
	n->accepted = 317;
	n->bounced = 3;
	n->deferred = 10;
	n->attempts.accepted = 317;
	n->attempts.deferred = 14;
	n->attempts.bounced = 3;
	n->p50_s = 2;
	n->p95_s = 38;
	for (size_t i = 0; i < report->provider_count; i++)
		report->providers[i].change = changes[i];
}

void
fixture_story(struct report_fixture *fixture)
{
	struct report *report = &fixture->report;

	fixture_begin(fixture, "+01:00", "2026-11-15T23:00Z", 7, true);
	story_pairs(report);
	fixture_sum_up(report);
	story_domains(report);
	story_replies(report);
	story_episodes(report);
	story_inputs(report);
	story_compare(report);
	fixture_cover(report, "full", 514, 1);
	report->suspended = 4;
	report->local.deliveries = report->local.messages = 61;
	report->local.accepted = report->local.attempts.accepted = 61;
	report->internal.deliveries = report->internal.messages = 347;
	report->internal.accepted = report->internal.attempts.accepted = 347;
	report->verdict = SLICE("1 provider is refusing mail from 192.0.2.9: "
	    "Outlook.com, since 2026-11-18");
}

void
fixture_quiet(struct report_fixture *fixture)
{
	/* clang-format off */
	static const struct fixture_day google[7] = { { 2, 0, 0, 0 },
		{ 3, 0, 0, 0 }, { 1, 0, 0, 0 }, { 2, 1, 0, 0 },
		{ 3, 0, 0, 0 }, { 0, 0, 0, 0 }, { 1, 0, 0, 0 } };
	static const struct fixture_day outlook[7] = { { 1, 0, 0, 0 },
		{ 1, 0, 0, 0 }, { 2, 0, 0, 0 }, { 1, 0, 0, 0 },
		{ 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } };
	static const struct fixture_day other[7] = { { 1, 0, 0, 0 },
		{ 0, 0, 1, 0 }, { 0, 0, 0, 0 }, { 1, 0, 0, 0 },
		{ 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } };
	/* clang-format on */
	struct report *report = &fixture->report;

	fixture_begin(fixture, "UTC", "2026-11-16T00:00Z", 7, true);
	fixture_room(report, 3);
	fixture_add_pair(report, "google", "Google", "192.0.2.9", "postfix",
	    google, 1.8, 305);
	fixture_add_pair(report, "microsoft-consumer", "Outlook.com",
	    "192.0.2.9", "postfix", outlook, 2.2, 3.1);
	fixture_add_pair(report, "mx:example.net", "example.net", "192.0.2.9",
	    "postfix", other, 0.9, 0.9);
	fixture_sum_up(report);
	report->replies = fixture_rows(report, 2, sizeof(*report->replies));
	report->reasons = fixture_rows(report, 2, sizeof(*report->reasons));
	fixture_add_reply(report, 0x77c2d4e8a1f30b65, "google", "Google",
	    "greylist", "4.2.1", 1, "2026-11-19T09:00Z", "2026-11-19T09:00Z",
	    false,
	    SLICE("450 4.2.1 The user you are trying to contact is receiving "
		  "mail at a rate that prevents additional messages"));
	fixture_add_reply(report, 0xb90e61d7f2845ac3, "mx:example.net",
	    "example.net", "mailbox-unknown", "5.1.1", 1, "2026-11-17T14:21Z",
	    "2026-11-17T14:21Z", false,
	    SLICE("550 5.1.1 <sam@example.net>: "
		  "User unknown in virtual mailbox table"));
	fixture_cover(report, "full", 71, 0);
	report->verdict = SLICE("no provider refuses mail from this host");
}

void
fixture_empty(struct report_fixture *fixture)
{
	struct report *report = &fixture->report;

	fixture_begin(fixture, "UTC", "2026-11-22T00:00Z", 1, true);
	fixture_cover(report, "full", 12, 0);
	report->verdict = SLICE("no mail was sent to other servers");
}

void
fixture_no_log(struct report_fixture *fixture)
{
	struct report *report = &fixture->report;

	fixture_begin(fixture, "UTC", "2026-10-01T00:00Z", 7, false);
	fixture_cover(report, "none", 0, 0);
	report->verdict = SLICE("no log covers this window");
}

void
fixture_release(struct report_fixture *fixture)
{
	report_release(&fixture->report);
	zone_close(fixture->zone);
}

const struct fixture_entry fixture_entries[] = {
	{ "story", fixture_story },
	{ "quiet", fixture_quiet },
	{ "busy", fixture_busy },
	{ "empty", fixture_empty },
	{ "no-log", fixture_no_log },
	{ "hostile", fixture_hostile },
	{ NULL, NULL },
};
