/* SPDX-License-Identifier: BSD-2-Clause */
/* What others report of us, as rows of the document. */
#include "reports/report_build_priv.h"

/* Below so many messages a share says more than is known. */
enum { FEW = 20, THOUSAND = 1000 };
#define SNDS_PROVIDER SLICE("microsoft-consumer")

static struct slice
ours_word(enum others_ours ours)
{
	return ours == OURS_YES ? SLICE("yes") : ours == OURS_NO ?
	    SLICE("no") : SLICE("unknown");
}

static double
share(int64_t part, int64_t whole)
{
	return whole < FEW ? -1 : (double)part / (double)whole;
}

static struct slice
name_of(struct build *build, struct slice provider)
{
	return provider.len == 0 ? SLICE_NONE : build_keep(build,
	    providers_display_name(build->from->providers, provider));
}

static void
build_dmarc(struct build *build, const struct others *others)
{
	struct report *to = build->to;
	const struct others_dmarc *from =
	    others_dmarc(others, &to->dmarc_count);
	const struct others_reporter *reporters;
	size_t count;

	to->dmarc = build_room(build, to->dmarc_count, sizeof(*to->dmarc));
	for (size_t i = 0; i < to->dmarc_count; i++) {
		const struct others_dmarc *it = &from[i];

		to->dmarc[i] = (struct report_dmarc){
			.provider = build_keep(build, it->provider),
			.name = name_of(build, it->provider),
			.source_ip = build_keep(build, it->source_ip),
			.ours = ours_word(it->ours),
			.header_from = build_keep(build, it->header_from),
			.reports = it->reports, .messages = it->messages,
			.pass = it->pass, .dkim = it->dkim, .spf = it->spf,
			.quarantine = it->quarantine, .reject = it->reject,
			.pass_share = share(it->pass, it->messages),
			.dkim_share = share(it->dkim, it->messages),
			.spf_share = share(it->spf, it->messages),
			.begin_utc = it->begin_utc, .end_utc = it->end_utc,
			.not_signed = it->not_signed };
	}
	reporters = others_reporters(others, &count);
	for (size_t i = 0; i < count; i++) {
		to->dmarc_reports += reporters[i].reports;
		to->dmarc_copies += reporters[i].copies;
		to->dmarc_overlapping += reporters[i].overlapping;
		to->dmarc_long += reporters[i].long_periods;
	}
}

static void
build_tls(struct build *build, const struct others *others)
{
	struct report *to = build->to;
	const struct others_tls *from = others_tls(others, &to->tls_count);

	to->tls = build_room(build, to->tls_count, sizeof(*to->tls));
	for (size_t i = 0; i < to->tls_count; i++) {
		bool is_result = from[i].result_type.len != 0;

		to->tls[i] = (struct report_tls){
			.provider = build_keep(build, from[i].provider),
			.name = name_of(build, from[i].provider),
			.policy_domain =
			    build_keep(build, from[i].policy_domain),
			.policy_type = build_keep(build, from[i].policy_type),
			.result_type = build_keep(build, from[i].result_type),
			.reports = from[i].reports,
			.successes = is_result ? -1 : from[i].successful,
			.failures = is_result ? -1 : from[i].failed,
			.failed = is_result ? from[i].failed : -1,
			.begin_utc = from[i].begin_utc,
			.end_utc = from[i].end_utc,
			.not_signed = from[i].not_signed };
	}
}

static void
build_complaints(struct build *build, const struct others *others)
{
	struct report *to = build->to;
	const struct others_complaint *from =
	    others_complaints(others, &to->complaint_count);

	to->complaints = build_room(build, to->complaint_count,
	    sizeof(*to->complaints));
	for (size_t i = 0; i < to->complaint_count; i++) {
		struct report_complaint *row = &to->complaints[i];

		*row = (struct report_complaint){
			.provider = build_keep(build, from[i].provider),
			.name = name_of(build, from[i].provider),
			.source_ip = build_keep(build, from[i].source_ip),
			.ours = ours_word(from[i].ours),
			.feedback_type =
			    build_keep(build, from[i].feedback_type),
			.reports = from[i].reports,
			.complaints = from[i].complaints,
			.accepted = -1, .per_thousand = -1,
			.first_utc = from[i].first_utc,
			.last_utc = from[i].last_utc };
		/* of an address that is not ours we accepted nothing */
		if (from[i].ours != OURS_YES)
			continue;
		row->accepted = query_accepted(build->from->query,
		    from[i].provider, from[i].source_ip);
		if (row->accepted >= FEW)
			row->per_thousand = (double)row->complaints *
			    THOUSAND / (double)row->accepted;
	}
}

/* How our mail from that address fared on that day. */
static struct slice
state_on(const struct report *report, struct slice source_ip, const char *day)
{
	enum report_state worst = STATE_NO_LOG;
	bool is_found = false;

	for (size_t i = 0; i < report->pair_count; i++) {
		const struct report_row *pair = &report->pairs[i];

		if (!slice_eq(pair->provider, SNDS_PROVIDER) ||
		    !slice_eq(pair->source_ip, source_ip))
			continue;
		for (size_t d = 0; d < report->window.day_count; d++) {
			if (strcmp(report->window.days[d].day, day) != 0)
				continue;
			if (!is_found || pair->days[d] > worst)
				worst = pair->days[d];
			is_found = true;
		}
	}
	return is_found ? slice_str(report_state_name(worst)) : SLICE_NONE;
}

static void
build_snds(struct build *build, const struct others *others)
{
	struct report *to = build->to;
	const struct others_snds *from = others_snds(others, &to->snds_count);

	to->snds = build_room(build, to->snds_count, sizeof(*to->snds));
	for (size_t i = 0; i < to->snds_count; i++) {
		const struct others_snds *it = &from[i];
		struct report_snds *row = &to->snds[i];

		*row = (struct report_snds){
			.source_ip = build_keep(build, it->source_ip),
			.range = build_keep(build, it->range),
			.ours = ours_word(it->ours),
			.begin_utc = it->begin_utc, .end_utc = it->end_utc,
			.rcpt_commands = it->rcpt_commands,
			.data_commands = it->data_commands,
			.recipients = it->recipients,
			.trap_hits = it->trap_hits,
			.filter_result = build_keep(build, it->filter_result),
			.complaint_rate =
			    build_keep(build, it->complaint_rate),
			.status = build_keep(build, it->status),
			.blocked = it->range.len == 0 ? SLICE_NONE :
			    it->is_blocked ? SLICE("yes") : SLICE("no") };
		memcpy(row->day, it->day, sizeof(row->day));
		if (it->source_ip.len != 0)
			row->state = state_on(to, it->source_ip, it->day);
	}
}

static struct slice
witness_word(enum witness_state state)
{
	switch (state) {
	case WITNESS_AGREE:
		return SLICE("agree");
	case WITNESS_SHRINKING:
		return SLICE("shrinking");
	case WITNESS_ABSENT:
		return SLICE("absent");
	case WITNESS_NO_REPORT:
		return SLICE("no-report");
	case WITNESS_NO_REPORTER:
		return SLICE("no-reporter");
	case WITNESS_UNKNOWN:
		break;
	}
	return SLICE("unknown");
}

static void
build_witness(struct build *build)
{
	struct report *to = build->to;
	const struct query_witness *from =
	    query_witness(build->from->query, &to->witness_count);

	to->witness =
	    build_room(build, to->witness_count, sizeof(*to->witness));
	for (size_t i = 0; i < to->witness_count; i++) {
		struct report_witness *row = &to->witness[i];

		*row = (struct report_witness){
			.provider = build_keep(build, from[i].provider),
			.name = name_of(build, from[i].provider),
			.source_ip = build_keep(build, from[i].source_ip),
			.messages = from[i].messages,
			.accepted = from[i].accepted,
			.refused = from[i].refused,
			.reports = from[i].reports,
			/* no report is not none */
			.reported = from[i].reports != 0 ?
			    from[i].reported : -1,
			.state = witness_word(from[i].state) };
		memcpy(row->day, to->window.days[from[i].day].day,
		    sizeof(row->day));
	}
}

static void
build_bounces(struct build *build, const struct others *others)
{
	struct report *to = build->to;
	const struct others_bounce *from =
	    others_bounces(others, &to->bounce_count);

	to->bounces = build_room(build, to->bounce_count, sizeof(*to->bounces));
	for (size_t i = 0; i < to->bounce_count; i++)
		to->bounces[i] = (struct report_bounce){
			.provider = build_keep(build, from[i].provider),
			.name = name_of(build, from[i].provider),
			.reason = build_keep(build, from[i].reason),
			.token = build_keep(build, from[i].token),
			.failed = from[i].failed, .delayed = from[i].delayed,
			.in_log = from[i].in_log,
			.not_in_log = from[i].failed + from[i].delayed -
			    from[i].in_log,
			.first_utc = from[i].first_utc,
			.last_utc = from[i].last_utc };
}

void
build_others(struct build *build)
{
	const struct others *others = query_others(build->from->query);

	build->to->reports_stored = others_stored(others);
	build->to->reports_not_signed = others_not_signed(others);
	build_dmarc(build, others);
	build_tls(build, others);
	build_complaints(build, others);
	build_snds(build, others);
	build_witness(build);
	build_bounces(build, others);
}
