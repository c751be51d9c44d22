/* SPDX-License-Identifier: BSD-2-Clause */
/* The dossier in words: what others report of the address. */
#include "cli/evidence.h"

#include "reports/format_value.h"

enum { FEW = 20 };

void
evidence_add_share(struct strbuf *line, int64_t part, int64_t all)
{
	if (all < FEW)
		strbuf_addf(line, "%lld of %lld", (long long)part,
		    (long long)all);
	else
		strbuf_addf(line, "%.1f %% (%lld of %lld)",
		    100.0 * (double)part / (double)all, (long long)part,
		    (long long)all);
}

static void
add_span(struct strbuf *line, int64_t from, int64_t to)
{
	char first[21], last[21];

	if (from == INT64_MIN || to == INT64_MIN)
		return;
	strbuf_addf(line, " (%.10s .. %.10s)", evidence_time(from, first),
	    evidence_time(to, last));
}

static void
put_dmarc(struct evidence *self)
{
	const struct others_evidence *it = &self->others;
	struct strbuf *line = &self->letter.line;

	if (it->dmarc.reports == 0) {
		strbuf_add_str(line, "DMARC: no report of this provider is "
		    "known.");
	} else {
		strbuf_add_str(line, "DMARC, from this provider's own ");
		format_count(line, it->dmarc.reports, "report", "reports");
		add_span(line, it->dmarc.begin_utc, it->dmarc.end_utc);
		strbuf_add_str(line, ", for mail from this address that it "
		    "took: passes ");
		evidence_add_share(line, it->dmarc.pass, it->dmarc.messages);
		strbuf_add_str(line, ", DKIM ");
		evidence_add_share(line, it->dmarc.dkim, it->dmarc.messages);
		strbuf_add_str(line, ", SPF ");
		evidence_add_share(line, it->dmarc.spf, it->dmarc.messages);
		strbuf_add_char(line, '.');
	}
	dossier_text(&self->letter);
}

static void
put_complaints(struct evidence *self)
{
	const struct others_evidence *it = &self->others;
	struct strbuf *line = &self->letter.line;

	strbuf_add_str(line, "Complaints through this provider's feedback "
	    "loop about this address: ");
	if (it->complaints.complaints == 0) {
		strbuf_add_str(line, "there is none in what was read.");
	} else {
		strbuf_addf(line, "%lld", (long long)it->complaints.complaints);
		add_span(line, it->complaints.first_utc,
		    it->complaints.last_utc);
		strbuf_add_char(line, '.');
	}
	dossier_text(&self->letter);
}

static void
put_snds(struct evidence *self)
{
	const struct others_evidence *it = &self->others;
	struct strbuf *line = &self->letter.line;

	if (it->snds.days + it->snds.blocked_days == 0)
		return;
	strbuf_add_str(line, "SNDS on ");
	format_count(line, it->snds.days, "day", "days");
	add_span(line, it->snds.first_utc, it->snds.last_utc);
	strbuf_addf(line, ": green %lld, yellow %lld, red %lld; ",
	    (long long)it->snds.green, (long long)it->snds.yellow,
	    (long long)it->snds.red);
	format_count(line, it->snds.trap_hits > 0 ? it->snds.trap_hits : 0,
	    "trap hit", "trap hits");
	if (it->snds.blocked_days != 0) {
		strbuf_add_str(line, "; its range was named as blocked on ");
		format_count(line, it->snds.blocked_days, "day", "days");
	}
	strbuf_add_char(line, '.');
	dossier_text(&self->letter);
}

/* Mail to us: it speaks of our hosts, not of the address. */
static void
put_tls(struct evidence *self)
{
	const struct others_evidence *it = &self->others;
	struct strbuf *line = &self->letter.line;

	if (it->tls.reports == 0)
		return;
	strbuf_add_str(line, "TLS, from this provider's reports on its "
	    "sessions to our own mail exchangers");
	add_span(line, it->tls.begin_utc, it->tls.end_utc);
	strbuf_add_str(line, ": good ");
	evidence_add_share(line, it->tls.successful,
	    it->tls.successful + it->tls.failed);
	strbuf_add_char(line, '.');
	dossier_text(&self->letter);
}

void
evidence_put_others(struct evidence *self)
{
	dossier_heading(&self->letter,
	    "WHAT REPORTS SAY  (of the time that the logs cover)");
	put_dmarc(self);
	put_complaints(self);
	put_snds(self);
	put_tls(self);
}
