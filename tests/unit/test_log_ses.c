/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as the Amazon SES Developer Guide has them ("Contents of event data
 * that Amazon SES publishes", "Contents of Amazon SNS notifications"). */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define MAIL "\"mail\":{\"timestamp\":\"2026-11-20T08:00:00.000Z\"," \
	"\"source\":\"s@example.org\",\"messageId\":\"0102-7\"," \
	"\"destination\":[\"a@example.net\",\"b@example.net\"]," \
	"\"tags\":{\"ses:outgoing-ip\":[\"192.0.2.9\"]}}"
#define E(kind, part) "{\"eventType\":\"" kind "\"," MAIL part "}\n"
#define WHEN "\"timestamp\":\"2026-11-20T08:00:03.250Z\""
#define DELIVERED ",\"delivery\":{" WHEN ",\"processingTimeMillis\":1420," \
	"\"recipients\":[\"a@example.net\"]," \
	"\"smtpResponse\":\"250 2.0.0 Ok: queued\"," \
	"\"remoteMtaIp\":\"198.51.100.7\"," \
	"\"reportingMTA\":\"a9-1.smtp-out.amazonses.com\"}"
#define BOUNCE(type, who) ",\"bounce\":{\"bounceType\":\"" type "\"," \
	"\"bounceSubType\":\"General\"," WHEN ",\"bouncedRecipients\":[" who \
	"],\"remoteMtaIp\":\"198.51.100.7\"}"
#define WHO(address, status, words) "{\"emailAddress\":\"" address "\"," \
	"\"action\":\"failed\",\"status\":\"" status "\"," \
	"\"diagnosticCode\":\"" words "\"}"

static const struct log_text_case outcomes[] = {
	{ "delivered", E("Delivery", DELIVERED),
	  "1 delivery|time=2026-11-20T08:00:03Z|us=250000|mta=ses|"
	  "outcome=accepted|hop=remote|instance=ses|agent=smtp|id=0102-7|"
	  "sender=s@example.org|recipient=a@example.net|domain=example.net|"
	  "relay_host=|relay_ip=198.51.100.7|source_ip=192.0.2.9|"
	  "source_ip_from=log|delay_ms=1420|dsn=2.0.0|reply_code=250|own=|"
	  "final=1|reply=250 2.0.0 Ok: queued\n" },
	{ "bounced", E("Bounce", BOUNCE("Permanent", WHO("a@example.net",
	  "5.1.1", "smtp; 550 5.1.1 no such user") "," WHO("b@example.net",
	  "5.7.1", "smtp;550 5.7.1 block list"))),
	  "1 delivery|outcome=bounced|recipient=a@example.net|dsn=5.1.1|"
	  "reply=550 5.1.1 no such user|own=|delay_ms=3000|final=1\n"
	  "1 delivery|recipient=b@example.net|reply=550 5.7.1 block list\n" },
	{ "a_transient_bounce_is_final", E("Bounce", BOUNCE("Transient",
	  WHO("a@example.net", "5.2.2", "smtp; 552 5.2.2 full"))),
	  "1 delivery|outcome=bounced|final=1\n" },
	{ "expired", E("Bounce", BOUNCE("Transient", WHO("a@example.net",
	  "4.4.7", "smtp; 421 4.4.7 gave up"))),
	  "1 delivery|outcome=expired|dsn=4.4.7\n" },
	{ "expired_by_words", E("Bounce", BOUNCE("Transient",
	  "{\"emailAddress\":\"a@example.net\",\"action\":\"failed\","
	  "\"status\":\"4.4.7\",\"diagnosticCode\":\"Amazon SES did not "
	  "deliver in time\"}")), "1 delivery|outcome=expired|own=1\n" },
	{ "on_a_suppression_list_is_no_attempt", E("Bounce",
	  ",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":"
	  "\"OnAccountSuppressionList\"," WHEN ",\"bouncedRecipients\":["
	  WHO("a@example.net", "5.1.1", "Amazon SES did not send") "]}"),
	  "1 delivery|outcome=discarded\n" },
	{ "delayed", E("DeliveryDelay", ",\"deliveryDelay\":{" WHEN ","
	  "\"delayType\":\"TransientCommunicationFailure\","
	  "\"expirationTime\":\"2026-11-20T20:00:00.000Z\","
	  "\"delayedRecipients\":[{\"emailAddress\":\"a@example.net\","
	  "\"status\":\"4.4.1\",\"diagnosticCode\":\"smtp; 421 4.4.1 Unable "
	  "to connect\"}]}"), "1 delivery|outcome=deferred|dsn=4.4.1|final=|"
	  "reply=421 4.4.1 Unable to connect\n" },
	{ "a_delay_without_words", E("DeliveryDelay", ",\"deliveryDelay\":{"
	  WHEN ",\"delayType\":\"IPFailure\",\"delayedRecipients\":[{"
	  "\"emailAddress\":\"a@example.net\"}]}"),
	  "1 delivery|outcome=deferred|own=1|reply=IPFailure\n" },
	{ "sent_is_a_birth", E("Send", ",\"send\":{}"),
	  "1 born|id=0102-7|sender=s@example.org|recipients=2\n" },
	{ "rejected_before_sending", E("Reject", ",\"reject\":{\"reason\":"
	  "\"Bad content\"}"), "1 delivery|outcome=discarded|"
	  "recipient=a@example.net|reply=Bad content\n"
	  "1 delivery|recipient=b@example.net\n" },
	{ "other_events_are_none", E("Send", ",\"send\":{}")
	  E("Open", ",\"open\":{}") E("Click", ",\"click\":{}")
	  E("Complaint", ",\"complaint\":{" WHEN "}")
	  E("Rendering Failure", ",\"failure\":{}")
	  E("Subscription", ",\"subscription\":{}"), "1 born\n" },
};

#define SNS(text) "{\"Type\":\"Notification\",\"MessageId\":\"x\"," \
	"\"Message\":\"" text "\",\"Timestamp\":\"2026-11-20T08:00:04Z\"}\n"

static const struct log_text_case shapes[] = {
	{ "a_notification_of_old", "{\"notificationType\":\"Delivery\","
	  "\"mail\":{\"timestamp\":\"2026-11-20T08:00:00.000Z\",\"source\":"
	  "\"s@example.org\",\"messageId\":\"0102-7\",\"destination\":[]}"
	  DELIVERED "}\n", "1 delivery|source_ip=|recipient=a@example.net\n" },
	{ "inside_sns", SNS("{\\\"eventType\\\":\\\"Delivery\\\",\\\"mail\\\":"
	  "{\\\"messageId\\\":\\\"9\\\",\\\"source\\\":\\\"s@x.org\\\"},"
	  "\\\"delivery\\\":{\\\"timestamp\\\":\\\"2026-11-20T08:00:03.000Z"
	  "\\\",\\\"recipients\\\":[\\\"a@example.net\\\"],\\\"smtpResponse"
	  "\\\":\\\"250 ok\\\"}}"), "1 delivery|id=9|reply=250 ok\n" },
	{ "an_envelope_with_something_else", E("Delivery", DELIVERED)
	  SNS("hello") SNS("{\\\"a\\\":1}"), "1 delivery\n"
	  "2 skipped|reason=malformed\n3 skipped|reason=malformed\n" },
};

static const struct log_text_case broken[] = {
	{ "cut", E("Delivery", DELIVERED) "{\"eventType\":\"Delivery\",\"mai\n",
	  "1 delivery\n2 skipped|reason=cut\n" },
	{ "without_time", E("Delivery", DELIVERED) "{\"eventType\":\"Delivery"
	  "\",\"mail\":{\"messageId\":\"1\"},\"delivery\":{\"recipients\":"
	  "[\"a@b\"]}}\n", "1 delivery\n2 skipped|reason=no-stamp\n" },
	{ "without_recipients", E("Delivery", ",\"delivery\":{" WHEN "}")
	  E("Bounce", ",\"bounce\":{" WHEN ",\"bouncedRecipients\":[1,{}]}")
	  E("Bounce", ",\"bounce\":7"), "1 skipped|reason=malformed\n"
	  "2 skipped|reason=malformed\n3 skipped|reason=malformed\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(E("Bounce", BOUNCE("Permanent",
	    WHO("a@example.net", "5.1.1", "\\\"eventType\\\":\\\"Delivery"
	    "\\\"")))), "ses");
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
