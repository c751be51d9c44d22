/* SPDX-License-Identifier: BSD-2-Clause */
/* What each kind of provider says, and when in the dialogue. Texts follow the
 * providers' public wording; all addresses, ids and names are made up.
 *
 * Templates: %I our own IP, %R recipient, %Q a queue id of the remote, %S a
 * session id, %N a number, %E epoch seconds, %D a date, %M our message id,
 * %H the MX, %L a few hundred words, %% a percent sign.
 *
 * A 5xx greeting counts as 4.x.x for Postfix (smtp_skip_5xx_greeting), while
 * its text keeps the 554: such rows have a dsn of class 4 and no command. */
#include "tests/gen/gen.h"

#include <stddef.h>

#define MAIL "MAIL FROM command"
#define RCPT "RCPT TO command"
#define EOD  "end of DATA command"

#define S3140 "550 5.7.1 Unfortunately, messages from [%I] weren't sent. " \
	"Please contact your Internet service provider since part of their " \
	"network is on our block list (S3140). You can also refer your " \
	"provider to http://mail.live.com/mail/troubleshooting.aspx#errors. " \
	"[Name=Protocol Filter Agent][AGT=PFA][MxId=%Q] " \
	"[AM3PEPF0000%N.eurprd05.prod.outlook.com %D 08DE%Q]"
#define S775 "451 4.7.650 The mail server [%I] has been temporarily rate " \
	"limited due to IP reputation. For e-mail delivery information, see " \
	"https://postmaster.live.com (S775) [Name=Protocol Filter Agent]" \
	"[AGT=PFA][MxId=%Q] [DB5PEPF0001%N.eurprd02.prod.outlook.com %D " \
	"08DE%Q]"
#define TSS04 "421 4.7.0 [TSS04] Messages from %I temporarily deferred due " \
	"to unexpected volume or user complaints - 4.16.55.1; see " \
	"https://postmaster.yahooinc.com/error-codes"
#define GMAIL_RATE "421-4.7.28 Gmail has detected an unusual rate of " \
	"unsolicited mail originating 421-4.7.28 from your IP address " \
	"[%I      15]. To protect our users 421-4.7.28 from spam, mail sent " \
	"from your IP address has been temporarily 421-4.7.28 rate limited. " \
	"For more information, go to 421 4.7.28 " \
	"https://support.google.com/mail/?p=UnsolicitedRateLimitError %S - " \
	"gsmtp"
#define GMX_BLOCK "554-gmx.net (mxgmx%N) Nemesis ESMTP Service not " \
	"available 554-No SMTP service 554-IP address is block listed. 554 " \
	"For explanation visit https://postmaster.gmx.net/en/case?c=r0201&" \
	"i=ip&v=%I&r=%S"
#define GMX_POLICY "421-gmx.net (mxgmx%N) Nemesis ESMTP Service not " \
	"available 421-Service unavailable 421-Reject due to policy " \
	"violations. 421 For explanation visit " \
	"https://postmaster.gmx.net/en/error-messages?ip=%I&c=bip"
#define ZEN "554 5.7.1 Service unavailable; Client host [%I] blocked using " \
	"zen.spamhaus.org; https://www.spamhaus.org/query/ip/%I"
#define SPAMCOP "450 4.7.1 Service unavailable; Client host [%I] blocked " \
	"using bl.spamcop.net; Blocked - see " \
	"https://www.spamcop.net/bl.shtml?%I"
#define FORGED "550 5.7.1 <%R>: rejected), dsn=2.0.0, status=sent (250 2.0.0 " \
	"Ok: to=<x@example.net>, relay=mx.example.net[192.0.2.77]:25"
#define LONG "550-5.7.1 %L 550 5.7.1 end"

struct flavour_replies {
	struct reply by_cause[CAUSE_REPLIES];
};

static const struct flavour_replies REPLIES[FLAVOURS] = {
[FLAVOUR_GMAIL] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 2.0.0 OK  %E %S - gsmtp", EOD },
	[CAUSE_UNKNOWN] = { "5.1.1", "550-5.1.1 The email account that you "
	    "tried to reach does not exist. Please try 550-5.1.1 "
	    "double-checking the recipient's email address for typos or "
	    "550-5.1.1 unnecessary spaces. For more information, go to 550 "
	    "5.1.1  https://support.google.com/mail/?p=NoSuchUser %S - gsmtp",
	    RCPT },
	[CAUSE_FULL] = { "4.2.2", "452-4.2.2 The recipient's inbox is out of "
	    "storage space. Please direct the recipient to 452 4.2.2  "
	    "https://support.google.com/mail/?p=OverQuotaTemp %S - gsmtp",
	    RCPT },
	[CAUSE_CONTENT] = { "5.7.1", "550-5.7.1 [%I      12] Gmail has "
	    "detected that this message is 550-5.7.1 likely unsolicited mail. "
	    "To reduce the amount of spam sent to Gmail, this 550-5.7.1 "
	    "message has been blocked. For more information, go to 550 5.7.1  "
	    "https://support.google.com/mail/?p=UnsolicitedMessageError %S - "
	    "gsmtp", EOD },
	[CAUSE_BUSY] = { "4.3.0", "421 4.3.0 Temporary System Problem.  Try "
	    "again later (10). %S - gsmtp", MAIL },
	[CAUSE_BLOCK] = { "5.7.1", "550-5.7.1 [%I      19] Our system has "
	    "detected an unusual rate of unsolicited mail originating from "
	    "550-5.7.1 your IP address. To protect our users from spam, mail "
	    "sent from your IP 550-5.7.1 address has been blocked. Please "
	    "visit 550 5.7.1  "
	    "https://support.google.com/mail/?p=UnsolicitedIPError %S - gsmtp",
	    EOD },
	[CAUSE_THROTTLE] = { "4.7.28", GMAIL_RATE, EOD },
	[CAUSE_DEFERBLOCK] = { "4.7.28", GMAIL_RATE, EOD },
} },
[FLAVOUR_OUTLOOK] = { {
	[CAUSE_ACCEPTED] = { "2.6.0", "250 2.6.0 %M [InternalId=%N%N%N, "
	    "Hostname=AM0PR03MB%N.eurprd03.prod.outlook.com] %N bytes in "
	    "0.2%N, 61.%N KB/sec Queued mail for delivery -> 250 2.1.5", EOD },
	[CAUSE_UNKNOWN] = { "5.5.0", "550 5.5.0 Requested action not taken: "
	    "mailbox unavailable (S2017062302). "
	    "[DB8EUR05FT0%N.eop-eur05.prod.protection.outlook.com %D 08DE%Q]",
	    RCPT },
	[CAUSE_FULL] = { "5.2.2", "552 5.2.2 Mailbox full "
	    "[DB8EUR05FT0%N.eop-eur05.prod.protection.outlook.com %D]", RCPT },
	[CAUSE_BUSY] = { "4.7.700", "451 4.7.700 PFA agent busy, please try "
	    "again later. [DB5PEPF0001%N.eurprd02.prod.outlook.com %D]", MAIL },
	[CAUSE_BLOCK] = { "5.7.1", S3140, MAIL },
	[CAUSE_THROTTLE] = { "4.7.650", S775, MAIL },
	[CAUSE_DEFERBLOCK] = { "4.7.650", S775, MAIL },
} },
[FLAVOUR_M365] = { {
	[CAUSE_ACCEPTED] = { "2.6.0", "250 2.6.0 %M [InternalId=%N%N%N, "
	    "Hostname=DB9P%N.EURP192.PROD.OUTLOOK.COM] %N bytes in 0.1%N, "
	    "74.%N KB/sec Queued mail for delivery", EOD },
	[CAUSE_UNKNOWN] = { "5.4.1", "550 5.4.1 Recipient address rejected: "
	    "Access denied. [DU6PEPF0000%N.eurprd02.prod.outlook.com %D "
	    "08DE%Q]", RCPT },
	[CAUSE_FULL] = { "5.2.2", "552 5.2.2 The email account that you tried "
	    "to reach is over quota", RCPT },
	[CAUSE_CONTENT] = { "5.7.1", "550 5.7.1 Message rejected as spam by "
	    "Content Filtering.", EOD },
	[CAUSE_BLOCK] = { "5.7.606", "550 5.7.606 Access denied, banned "
	    "sending IP [%I]. To request removal from this list please visit "
	    "https://sender.office.com/ and follow the directions. For more "
	    "information please go to "
	    "http://go.microsoft.com/fwlink/?LinkID=526655 AS(1430) "
	    "[DU2PEPF0001%N.eurprd03.prod.outlook.com %D 08DE%Q]", RCPT },
	[CAUSE_THROTTLE] = { "4.7.500", "451 4.7.500 Server busy. Please try "
	    "again later from [%I]. (S77719) "
	    "[AM2PEPF0001%N.eurprd05.prod.outlook.com %D 08DE%Q]", EOD },
	[CAUSE_DEFERBLOCK] = { "4.7.500", "451 4.7.500 Server busy. Please try "
	    "again later from [%I]. (S77719) "
	    "[AM2PEPF0001%N.eurprd05.prod.outlook.com %D 08DE%Q]", EOD },
} },
[FLAVOUR_YAHOO] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 ok dirdel", EOD },
	[CAUSE_UNKNOWN] = { "5.0.0", "554 delivery error: dd This user doesn't "
	    "have a yahoo account (%R) [0] - mta4%N.mail.bf1.yahoo.com", EOD },
	[CAUSE_FULL] = { "5.2.2", "552 5.2.2 %R: mailbox over quota", EOD },
	[CAUSE_CONTENT] = { "5.0.0", "554 Message not allowed - [PH01] Email "
	    "not accepted for policy reasons. Please visit "
	    "https://postmaster.yahooinc.com/error-codes", EOD },
	[CAUSE_BUSY] = { "4.0.0", "451 Resources temporarily not available - "
	    "Please try again later [#4.16.5].", RCPT },
	[CAUSE_BLOCK] = { "5.7.2", "553 5.7.2 [TSS09] All messages from %I "
	    "will be permanently deferred; Retrying will NOT succeed. See "
	    "https://postmaster.yahooinc.com/error-codes", MAIL },
	[CAUSE_THROTTLE] = { "4.7.0", TSS04, MAIL },
	[CAUSE_DEFERBLOCK] = { "4.7.0", TSS04, MAIL },
} },
[FLAVOUR_GMX] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 Requested mail action okay, "
	    "completed: id=1M%S", EOD },
	[CAUSE_UNKNOWN] = { "5.0.0", "550 Requested action not taken: mailbox "
	    "unavailable", RCPT },
	[CAUSE_FULL] = { "5.0.0", "552 Requested mail action aborted: exceeded "
	    "storage allocation", RCPT },
	[CAUSE_BLOCK] = { "4.0.0", GMX_BLOCK, NULL },
	[CAUSE_THROTTLE] = { "4.0.0", GMX_POLICY, NULL },
	[CAUSE_DEFERBLOCK] = { "4.0.0", GMX_POLICY, NULL },
} },
[FLAVOUR_APPLE] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 2.0.0 Ok: queued as %Q", EOD },
	[CAUSE_UNKNOWN] = { "5.1.1", "550 5.1.1 <%R>: inactive email address",
	    RCPT },
	[CAUSE_FULL] = { "5.2.2", "552 5.2.2 <%R>: user is over quota", RCPT },
	[CAUSE_CONTENT] = { "5.7.1", "550 5.7.1 Message rejected: message "
	    "content rejected due to spam", EOD },
	[CAUSE_BLOCK] = { "5.7.1", "550 5.7.1 Mail from IP %I was rejected due "
	    "to listing in Spamhaus SBL. For details please see "
	    "http://www.spamhaus.org/query/bl?ip=%I", MAIL },
	[CAUSE_THROTTLE] = { "4.7.0", "421 4.7.0 [HCM1] Message from (%I) "
	    "deferred", EOD },
	[CAUSE_DEFERBLOCK] = { "4.7.0", "421 4.7.0 [HCM1] Message from (%I) "
	    "deferred", EOD },
} },
[FLAVOUR_TONLINE] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 2.0.0 Message accepted.", EOD },
	[CAUSE_UNKNOWN] = { "5.1.1", "550 5.1.1 unknown user / Teilnehmer "
	    "existiert nicht <%R>", RCPT },
	[CAUSE_CONTENT] = { "5.7.0", "550 5.7.0 Message rejected because of "
	    "its spam or virus classification", EOD },
	[CAUSE_BLOCK] = { "4.0.0", "554 IP=%I - A problem occurred. Ask your "
	    "postmaster for help or to contact tosa@rx.t-online.de for "
	    "details. (BL)", NULL },
	[CAUSE_THROTTLE] = { "4.0.0", "554 IP=%I - None/bad reputation. Ask "
	    "your postmaster for help or to contact tosa@rx.t-online.de for "
	    "reset. (NOWL)", NULL },
	[CAUSE_DEFERBLOCK] = { "4.0.0", "554 IP=%I - A problem occurred. Ask "
	    "your postmaster for help or to contact tosa@rx.t-online.de for "
	    "details. (BL)", NULL },
} },
[FLAVOUR_POSTFIX] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 2.0.0 Ok: queued as %Q", EOD },
	[CAUSE_UNKNOWN] = { "5.1.1", "550 5.1.1 <%R>: Recipient address "
	    "rejected: User unknown in virtual mailbox table", RCPT },
	[CAUSE_FULL] = { "4.2.2", "452 4.2.2 <%R>: Recipient address rejected: "
	    "Mailbox is full / Quota exceeded", RCPT },
	[CAUSE_CONTENT] = { "5.7.1", "554 5.7.1 Spam message rejected", EOD },
	[CAUSE_GREYLIST] = { "4.2.0", "450 4.2.0 <%R>: Recipient address "
	    "rejected: Greylisted, see "
	    "http://postgrey.schweikert.ch/help/%R.html", RCPT },
	[CAUSE_BUSY] = { "4.3.1", "452 4.3.1 Insufficient system storage",
	    MAIL },
	[CAUSE_BLOCK] = { "5.7.1", ZEN, RCPT },
	[CAUSE_THROTTLE] = { "4.7.1", SPAMCOP, RCPT },
	[CAUSE_DEFERBLOCK] = { "4.7.1", SPAMCOP, RCPT },
	[CAUSE_DNSBL] = { "5.7.1", ZEN, RCPT },
	[CAUSE_HOSTILE] = { "5.7.1", FORGED, RCPT },
	[CAUSE_LONGREPLY] = { "5.7.1", LONG, RCPT },
} },
[FLAVOUR_EXIM] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 OK id=1t%S", EOD },
	[CAUSE_UNKNOWN] = { "5.0.0", "550 No Such User Here", RCPT },
	[CAUSE_FULL] = { "5.0.0", "552 Mailbox is full / Blocks limit exceeded",
	    RCPT },
	[CAUSE_CONTENT] = { "5.0.0", "550 This message was classified as SPAM "
	    "and may not be delivered", EOD },
	[CAUSE_GREYLIST] = { "4.0.0", "451 Greylisted, please try again in 180 "
	    "seconds", RCPT },
	[CAUSE_BLOCK] = { "5.0.0", "550 JunkMail rejected - mail.example.org "
	    "[%I]:%N is in an RBL, see https://www.spamhaus.org/query/ip/%I",
	    RCPT },
	[CAUSE_THROTTLE] = { "4.7.1", SPAMCOP, RCPT },
	[CAUSE_DEFERBLOCK] = { "4.7.1", SPAMCOP, RCPT },
} },
[FLAVOUR_EXCHANGE] = { {
	[CAUSE_ACCEPTED] = { "2.6.0", "250 2.6.0 %M [InternalId=%N%N, "
	    "Hostname=EX1.corp.example] Queued mail for delivery", EOD },
	[CAUSE_UNKNOWN] = { "5.1.10", "550 5.1.10 "
	    "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP "
	    "address lookup", RCPT },
	[CAUSE_GREYLIST] = { "4.7.1", "451 4.7.1 Greylisting in action, please "
	    "come back later", RCPT },
} },
[FLAVOUR_PROOFPOINT] = { {
	[CAUSE_ACCEPTED] = { "2.0.0", "250 2.0.0 4h%S-1 Message accepted for "
	    "delivery", EOD },
	[CAUSE_UNKNOWN] = { "5.1.1", "550 5.1.1 User Unknown", RCPT },
	[CAUSE_BLOCK] = { "4.0.0", "554 Blocked - see "
	    "https://ipcheck.proofpoint.com/?ip=%I", NULL },
	[CAUSE_THROTTLE] = { "4.0.0", "421 Deferred - see "
	    "https://ipcheck.proofpoint.com/?ip=%I", NULL },
	[CAUSE_DEFERBLOCK] = { "4.0.0", "421 Deferred - see "
	    "https://ipcheck.proofpoint.com/?ip=%I", NULL },
} },
};

/* Two-line acceptances occur as well. */
static const struct reply ACCEPTED_TWO_LINES = { "2.0.0",
	"250-2.0.0 OK 250 2.0.0 message %Q accepted for delivery", EOD };

const struct reply *
reply_for(enum flavour flavour, enum cause cause, uint32_t variant)
{
	const struct reply *reply = &REPLIES[flavour].by_cause[cause];

	if (flavour == FLAVOUR_EXCHANGE && cause == CAUSE_ACCEPTED &&
	    variant % 16 == 0)
		return &ACCEPTED_TWO_LINES;
	if (reply->text == NULL)
		reply = &REPLIES[FLAVOUR_POSTFIX].by_cause[cause];
	return reply;
}
