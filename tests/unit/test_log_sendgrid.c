/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as SendGrid's "Event Webhook Reference" has them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define E(event, number, more) "{\"email\":\"a@example.net\"," \
	"\"timestamp\":1795161602,\"event\":\"" event "\"," \
	"\"sg_event_id\":\"e" number "\",\"sg_message_id\":\"m" number "\"" \
	more "}"
#define OK E("delivered", "1", ",\"response\":\"250 2.0.0 Ok\"," \
	"\"ip\":\"192.0.2.9\",\"tls\":1")

static const struct log_text_case outcomes[] = {
	{ "delivered", "[" OK "]\n",
	  "1 delivery|time=2026-11-20T08:00:02Z|mta=sendgrid|"
	  "outcome=accepted|hop=remote|instance=sendgrid|agent=smtp|id=m1|"
	  "recipient=a@example.net|domain=example.net|relay_host=|relay_ip=|"
	  "source_ip=192.0.2.9|source_ip_from=log|tls=1|dsn=2.0.0|"
	  "reply_code=250|own=|final=1|reply=250 2.0.0 Ok\n1 removed|id=m1\n" },
	{ "deferred", "[" E("deferred", "1", ",\"response\":\"451 4.7.1 "
	  "later\",\"attempt\":\"3\"") "]\n",
	  "1 delivery|outcome=deferred|dsn=4.7.1|reply=451 4.7.1 later|"
	  "final=\n" },
	{ "bounced", "[" E("bounce", "1", ",\"type\":\"bounce\",\"status\":"
	  "\"5.1.1\",\"reason\":\"550 5.1.1 no such user\"") "]\n",
	  "1 delivery|outcome=bounced|dsn=5.1.1|reply_code=550|own=\n"
	  "1 removed\n" },
	{ "blocked", "[" E("bounce", "1", ",\"type\":\"blocked\",\"reason\":"
	  "\"550 5.7.1 block list\"") "]\n", "1 delivery|outcome=bounced|"
	  "dsn=5.7.1\n1 removed\n" },
	{ "dropped_is_no_attempt", "[" E("dropped", "1", ",\"reason\":"
	  "\"Bounced Address\"") "]\n", "1 delivery|outcome=discarded|own=1|"
	  "reply=Bounced Address\n1 removed\n" },
	{ "other_events_are_none", "[" E("processed", "1", "") ","
	  E("open", "2", "") "," E("click", "3", "") ","
	  E("spamreport", "4", "") "," E("unsubscribe", "5", "") "]\n", "" },
};

static const struct log_text_case shapes[] = {
	{ "an_array_or_an_object", "[" OK "," E("deferred", "2", "") "]\n"
	  E("delivered", "3", "") "\n", "1 delivery|id=m1\n1 removed\n"
	  "1 delivery|id=m2\n2 delivery|id=m3\n2 removed\n" },
	{ "an_array_over_lines", "[" OK ",\r\n" E("deferred", "2", "")
	  "]\n[\n" E("deferred", "4", "") ",\n" E("delivered", "5", "")
	  "\n]\n", "1 delivery|id=m1\n1 removed\n2 delivery|id=m2\n"
	  "4 delivery|id=m4\n5 delivery|id=m5\n5 removed\n" },
	{ "what_comes_twice_counts_once", "[" OK "]\n[" OK "," OK "]\n",
	  "1 delivery\n1 removed\n" },
	{ "a_time_may_be_text", "[{\"email\":\"a@example.net\",\"timestamp\":"
	  "\"1795161602\",\"event\":\"delivered\",\"sg_event_id\":\"1\"}]\n",
	  "1 delivery|time=2026-11-20T08:00:02Z|id=\n" },
};

static const struct log_text_case broken[] = {
	{ "cut", "[" OK "]\n[{\"email\":\"a@b\n", "1 delivery\n1 removed\n"
	  "2 skipped|reason=cut\n" },
	{ "without_time_or_address", "[" OK ",{\"event\":\"delivered\","
	  "\"email\":\"a@b\"},{\"event\":\"bounce\",\"timestamp\":1795161602}]"
	  "\n", "1 delivery\n1 removed\n1 skipped|reason=malformed\n" },
	{ "values_of_other_types", "[" OK ",7,null,[],{\"event\":[]}]\n\"x\"\n"
	  "[]\n", "1 delivery\n1 removed\n2 skipped|reason=no-stamp\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str("[" E("bounce", "1", ",\"reason\":"
	    "\"550 \\\"event\\\":\\\"delivered\\\"\"") "]\n"), "sendgrid");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, shapes, log_text_case);
	CASES_ADD_TABLE(&cases, broken, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
