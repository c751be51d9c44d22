/* SPDX-License-Identifier: BSD-2-Clause */
/* Providers with their real public MX names, their addresses from the blocks
 * for documentation (RFC 5737, RFC 3849), small domains under .example, and
 * the sending hosts. Nothing here knows of time or lines. */
#include "tests/gen/gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Domains of one row share one set of MX; %d in an MX name counts, %c is the
 * domain with dashes for dots. Weights are shares of all recipients, in 1 /
 * 100 000. */
struct big {
	const char *key;
	enum flavour flavour;
	const char *domain;
	const char *mx[4];
	uint32_t weight;
};

static const struct big BIG[] = {
	{ "gmail", FLAVOUR_GMAIL, "gmail.com",
	    { "gmail-smtp-in.l.google.com", "alt1.gmail-smtp-in.l.google.com",
	    "alt2.gmail-smtp-in.l.google.com" }, 26000 },
	{ "gmail", FLAVOUR_GMAIL, "googlemail.com",
	    { "gmail-smtp-in.l.google.com",
	    "alt1.gmail-smtp-in.l.google.com" }, 1500 },
	{ "microsoft-consumer", FLAVOUR_OUTLOOK, "outlook.com",
	    { "outlook-com.olc.protection.outlook.com" }, 6000 },
	{ "microsoft-consumer", FLAVOUR_OUTLOOK, "hotmail.com",
	    { "hotmail-com.olc.protection.outlook.com" }, 5000 },
	{ "microsoft-consumer", FLAVOUR_OUTLOOK, "live.com",
	    { "live-com.olc.protection.outlook.com" }, 1200 },
	{ "microsoft-consumer", FLAVOUR_OUTLOOK, "hotmail.de",
	    { "eur.olc.protection.outlook.com" }, 900 },
	{ "yahoo", FLAVOUR_YAHOO, "yahoo.com",
	    { "mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net",
	    "mta7.am0.yahoodns.net" }, 4500 },
	{ "yahoo", FLAVOUR_YAHOO, "yahoo.de",
	    { "mx-eu.mail.am0.yahoodns.net" }, 1200 },
	{ "aol", FLAVOUR_YAHOO, "aol.com",
	    { "mx-aol.mail.gm0.yahoodns.net" }, 800 },
	{ "gmx-webde", FLAVOUR_GMX, "gmx.net",
	    { "mx00.emig.gmx.net", "mx01.emig.gmx.net" }, 2200 },
	{ "gmx-webde", FLAVOUR_GMX, "gmx.de",
	    { "mx00.emig.gmx.net", "mx01.emig.gmx.net" }, 2200 },
	{ "webde", FLAVOUR_GMX, "web.de",
	    { "mx-ha02.web.de", "mx-ha03.web.de" }, 3200 },
	{ "apple", FLAVOUR_APPLE, "icloud.com",
	    { "mx01.mail.icloud.com", "mx02.mail.icloud.com" }, 3000 },
	{ "apple", FLAVOUR_APPLE, "me.com",
	    { "mx01.mail.icloud.com", "mx02.mail.icloud.com" }, 700 },
	{ "t-online", FLAVOUR_TONLINE, "t-online.de",
	    { "mx00.t-online.de", "mx01.t-online.de", "mx02.t-online.de",
	    "mx03.t-online.de" }, 2600 },
	{ "comcast", FLAVOUR_EXIM, "comcast.net",
	    { "mx1a1.comcast.net", "mx2h1.comcast.net" }, 800 },
	{ "orange-fr", FLAVOUR_POSTFIX, "orange.fr",
	    { "smtp-in.orange.fr" }, 900 },
	{ "free-fr", FLAVOUR_POSTFIX, "free.fr",
	    { "mx1.free.fr", "mx2.free.fr" }, 500 },
	{ "laposte", FLAVOUR_POSTFIX, "laposte.net",
	    { "smtpz4.laposte.net" }, 300 },
	{ "proton", FLAVOUR_POSTFIX, "proton.me",
	    { "mail.protonmail.ch", "mailsec.protonmail.ch" }, 900 },
	{ "fastmail", FLAVOUR_POSTFIX, "fastmail.com",
	    { "in1-smtp.messagingengine.com",
	    "in2-smtp.messagingengine.com" }, 500 },
	{ "mailbox-org", FLAVOUR_POSTFIX, "mailbox.org",
	    { "mx1.mailbox.org", "mx2.mailbox.org" }, 500 },
	{ "posteo", FLAVOUR_POSTFIX, "posteo.de",
	    { "mx01.posteo.de", "mx04.posteo.de" }, 400 },
	{ "seznam", FLAVOUR_POSTFIX, "seznam.cz",
	    { "mx1.seznam.cz", "mx2.seznam.cz" }, 300 },
	{ "libero", FLAVOUR_EXIM, "libero.it",
	    { "smtp-in.libero.it" }, 400 },
	{ "bluewin", FLAVOUR_EXIM, "bluewin.ch",
	    { "mxbw.bluewin.ch" }, 300 },
	{ "yandex", FLAVOUR_POSTFIX, "yandex.ru",
	    { "mx.yandex.ru" }, 300 },
	{ "qq", FLAVOUR_EXIM, "qq.com", { "mx1.qq.com", "mx2.qq.com" }, 300 },
	{ "kpn", FLAVOUR_POSTFIX, "planet.nl",
	    { "mx.kpnmail.nl" }, 300 },
	{ "docomo", FLAVOUR_EXIM, "docomo.ne.jp",
	    { "mfsmax.docomo.ne.jp" }, 100 },
};

/* Customers' domains behind a big service: COUNT of them are made, with
 * Zipf weights under TOTAL. */
struct hosted {
	const char *key;
	enum flavour flavour;
	const char *prefix;
	const char *mx[3];
	uint32_t count, total;
};

static const struct hosted HOSTED[] = {
	{ "microsoft365", FLAVOUR_M365, "office",
	    { "%c.mail.protection.outlook.com" }, 60, 11000 },
	{ "microsoft365", FLAVOUR_M365, "dane",
	    { "%c.p-v1.mx.microsoft" }, 4, 300 },
	{ "google-workspace", FLAVOUR_GMAIL, "studio",
	    { "aspmx.l.google.com", "alt1.aspmx.l.google.com",
	    "alt2.aspmx.l.google.com" }, 25, 4000 },
	{ "google-workspace", FLAVOUR_GMAIL, "agency",
	    { "smtp.google.com" }, 5, 400 },
	{ "ionos", FLAVOUR_GMX, "craft",
	    { "mx00.ionos.de", "mx01.ionos.de" }, 20, 1500 },
	{ "strato", FLAVOUR_POSTFIX, "verein", { "smtpin.rzone.de" }, 15, 900 },
	{ "ovh", FLAVOUR_POSTFIX, "atelier",
	    { "mx1.mail.ovh.net", "mx2.mail.ovh.net" }, 10, 500 },
	{ "hetzner", FLAVOUR_EXIM, "werk",
	    { "www%d.your-server.de" }, 10, 600 },
	{ "all-inkl", FLAVOUR_POSTFIX, "laden", { "w01%d.kasserver.com" }, 8,
	    500 },
	{ "proofpoint", FLAVOUR_PROOFPOINT, "bank",
	    { "mx0a-0010%d.pphosted.com",
	    "mx0b-0010%d.pphosted.com" }, 8, 500 },
	{ "mimecast", FLAVOUR_EXIM, "legal",
	    { "eu-smtp-inbound-1.mimecast.com",
	    "eu-smtp-inbound-2.mimecast.com" }, 8, 500 },
	{ "barracuda", FLAVOUR_POSTFIX, "plant",
	    { "d2101%da.ess.barracudanetworks.com" }, 4, 200 },
	{ "zoho", FLAVOUR_EXIM, "startup",
	    { "mx.zoho.eu", "mx2.zoho.eu" }, 5, 300 },
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))
#define DEAD_KINDS      6u
#define SMALL_TOTAL     18000u /* share of all small domains together */

struct builder {
	struct world *world;
	struct rng *rng;
	uint32_t address;      /* next relay address */
	uint32_t domain_size;
};

static uint32_t
add_provider(struct world *world, const char *key, enum flavour flavour)
{
	uint32_t i = world_provider(world, key);
	struct provider *provider;

	if (i != GEN_NONE)
		return i;
	i = world->provider_count++;
	world->providers = xrealloc(world->providers,
	    world->provider_count * sizeof(*world->providers));
	provider = &world->providers[i];
	snprintf(provider->key, sizeof(provider->key), "%s", key);
	provider->flavour = flavour;
	return i;
}

static void
next_address(struct builder *builder, char *ip, size_t size)
{
	uint32_t n = builder->address++;

	if (rng_below(builder->rng, 5) == 0)
		snprintf(ip, size, "2001:db8:%x:%x::%x", n / 256 + 1, n % 256,
		    25u);
	else
		snprintf(ip, size, "%s.%u",
		    n / 250 % 2 != 0 ? "203.0.113" : "198.51.100", n % 250 + 2);
}

static uint32_t
add_mx(struct builder *builder, const char *name)
{
	struct world *world = builder->world;
	uint32_t i = world->mx_count++;
	struct mx *mx;

	world->mxs = xrealloc(world->mxs,
	    world->mx_count * sizeof(*world->mxs));
	mx = &world->mxs[i];
	snprintf(mx->name, sizeof(mx->name), "%s", name);
	next_address(builder, mx->ip, sizeof(mx->ip));
	return i;
}

static uint32_t
add_site(struct builder *builder, uint32_t provider)
{
	struct world *world = builder->world;
	uint32_t i = world->site_count++;
	struct site *site;

	world->sites = xrealloc(world->sites,
	    world->site_count * sizeof(*world->sites));
	site = &world->sites[i];
	memset(site, 0, sizeof(*site));
	site->provider = provider;
	site->mx_first = world->mx_count;
	site->dnsbl_source = GEN_NONE;
	return i;
}

static void
add_domain(struct builder *builder, const char *name, uint32_t site,
    enum gen_hop hop, uint32_t weight)
{
	struct world *world = builder->world;
	uint32_t i = world->domain_count++;
	struct domain *domain;

	if (i == builder->domain_size) {
		builder->domain_size = i == 0 ? 256 : i * 2;
		world->domains = xrealloc(world->domains,
		    builder->domain_size * sizeof(*world->domains));
		world->cumulative = xrealloc(world->cumulative,
		    builder->domain_size * sizeof(*world->cumulative));
	}
	domain = &world->domains[i];
	snprintf(domain->name, sizeof(domain->name), "%s", name);
	domain->site = site;
	domain->hop = hop;
	world->weight_sum += weight;
	world->cumulative[i] = world->weight_sum;
}

/* Write an MX name from its pattern: %d a number, %c the domain with dashes. */
static void
mx_name(char *name, size_t size, const char *pattern, const char *domain,
    uint32_t number)
{
	size_t len = 0;
	const char *p;

	for (; *pattern != '\0' && len + 64 < size; pattern++) {
		if (pattern[0] != '%') {
			name[len++] = *pattern;
			continue;
		}
		pattern++;
		if (*pattern == 'd')
			len += (size_t)snprintf(name + len, size - len, "%u",
			    number);
		else
			for (p = domain; *p != '\0'; p++)
				name[len++] = *p == '.' ? '-' : *p;
	}
	name[len] = '\0';
}

static uint32_t
site_with(struct builder *builder, uint32_t provider, const char *const *mx,
    size_t mx_max, const char *domain, uint32_t number)
{
	uint32_t site = add_site(builder, provider);
	char name[160];
	size_t i;

	for (i = 0; i < mx_max && mx[i] != NULL; i++) {
		mx_name(name, sizeof(name), mx[i], domain, number);
		add_mx(builder, name);
		builder->world->sites[site].mx_count++;
	}
	return site;
}

static void
build_big(struct builder *builder)
{
	const struct big *big;
	uint32_t provider, site;
	size_t i;

	for (i = 0; i < COUNT_OF(BIG); i++) {
		big = &BIG[i];
		provider = add_provider(builder->world, big->key, big->flavour);
		site = site_with(builder, provider, big->mx, 4, big->domain,
		    (uint32_t)i);
		add_domain(builder, big->domain, site, GEN_REMOTE, big->weight);
	}
}

static uint32_t
zipf_weight(uint32_t total, uint32_t count, uint32_t rank)
{
	uint64_t harmonic = 0;
	uint32_t i;

	for (i = 1; i <= count; i++)
		harmonic += 1000000 / i;
	return (uint32_t)((uint64_t)total * (1000000 / (rank + 1)) / harmonic)
	    + 1;
}

static void
build_hosted(struct builder *builder, const struct hosted *hosted)
{
	uint32_t provider, site, i;
	char domain[72];

	provider = add_provider(builder->world, hosted->key, hosted->flavour);
	for (i = 0; i < hosted->count; i++) {
		snprintf(domain, sizeof(domain), "%s%u.example", hosted->prefix,
		    i + 1);
		site = site_with(builder, provider, hosted->mx, 3, domain,
		    i + 1);
		add_domain(builder, domain, site, GEN_REMOTE,
		    zipf_weight(hosted->total, hosted->count, i));
	}
}

static const char *const WORDS[] = {
	"alder", "birch", "cedar", "dune", "ember", "fjord", "grove", "heron",
	"iris", "juniper", "kestrel", "lark", "maple", "north", "oak", "pine",
	"quartz", "river", "stone", "thistle", "umbra", "valley", "willow",
	"xavier", "yarrow", "zephyr"
};

/* A small domain: every third one with a hoster, the others with an MX of
 * their own, some of which greylist or answer with forged fields. */
static void
build_small(struct builder *builder, uint32_t i, uint32_t weight)
{
	static const enum flavour FLAVOUR[4] = { FLAVOUR_POSTFIX, FLAVOUR_EXIM,
		FLAVOUR_POSTFIX, FLAVOUR_EXCHANGE };
	struct world *world = builder->world;
	char domain[72], key[80], mx[80];
	struct site *site;
	uint32_t index;

	snprintf(domain, sizeof(domain), "%s%u.example",
	    WORDS[i % COUNT_OF(WORDS)], i);
	if (i % 3 == 2)
		snprintf(mx, sizeof(mx), "mx%u.hoster%u.example", i % 2 + 1,
		    i % 7);
	else if (i % 11 == 5)
		snprintf(mx, sizeof(mx), "MX.Mail.%s%u.Example",
		    WORDS[i % COUNT_OF(WORDS)], i);
	else
		snprintf(mx, sizeof(mx), "mail.%s", domain);
	if (i % 3 == 2)
		snprintf(key, sizeof(key), "mx:hoster%u.example", i % 7);
	else
		snprintf(key, sizeof(key), "mx:%s", domain);
	index = add_site(builder, add_provider(world, key, FLAVOUR[i % 4]));
	add_mx(builder, mx);
	site = &world->sites[index];
	site->mx_count = 1;
	site->greylists = i % 3 != 0;
	site->hostile = i % 40 == 7;
	site->outage_ppm = 40000;
	add_domain(builder, domain, index, GEN_REMOTE, weight);
}

/* Destinations that nobody will ever reach. */
static void
build_dead(struct builder *builder, uint32_t i)
{
	static const enum reach REACH[DEAD_KINDS] = { REACH_NXDOMAIN,
		REACH_DNS_TEMPORARY, REACH_TIMEOUT, REACH_REFUSED,
		REACH_NULLMX, REACH_NXDOMAIN };
	static const char *const NAME[DEAD_KINDS] = { "gmial", "lame", "gone",
		"closed", "nomail", "hotnail" };
	/* The reachless that retry for five days make a hundred lines each. */
	static const uint32_t WEIGHT[DEAD_KINDS] = { 300, 40, 60, 60, 150,
		250 };
	struct world *world = builder->world;
	uint32_t kind = i % DEAD_KINDS, site;
	char domain[72], key[88], mx[80];

	snprintf(domain, sizeof(domain), "%s%u.example", NAME[kind], i);
	snprintf(key, sizeof(key), "%s:%s", REACH[kind] == REACH_TIMEOUT ||
	    REACH[kind] == REACH_REFUSED ? "mx" : "domain", domain);
	site = add_site(builder, add_provider(world, key, FLAVOUR_POSTFIX));
	snprintf(mx, sizeof(mx), "mx.%s", domain);
	add_mx(builder, mx);
	world->sites[site].mx_count = 1;
	world->sites[site].reach = REACH[kind];
	add_domain(builder, domain, site, GEN_REMOTE, WEIGHT[kind]);
}

/* Domains 0 to 2 are our own: mailboxes, a list server inside, a store. */
static void
build_own(struct builder *builder)
{
	uint32_t provider = add_provider(builder->world, "local",
	    FLAVOUR_POSTFIX);
	uint32_t site = add_site(builder, provider);

	add_mx(builder, "mail.example.org");
	builder->world->sites[site].mx_count = 1;
	add_domain(builder, "example.org", site, GEN_LOCAL, 0);
	site = add_site(builder, provider);
	add_mx(builder, "lists.example.org");
	snprintf(builder->world->mxs[builder->world->mx_count - 1].ip, 40,
	    "10.20.0.5");
	builder->world->sites[site].mx_count = 1;
	add_domain(builder, "lists.example.org", site, GEN_INTERNAL, 0);
	site = add_site(builder, provider);
	add_mx(builder, "store.example.org");
	snprintf(builder->world->mxs[builder->world->mx_count - 1].ip, 40,
	    "fe80::1:25");
	builder->world->sites[site].mx_count = 1;
	add_domain(builder, "store.example.org", site, GEN_INTERNAL, 0);
}

static void
add_source(struct world *world, const struct gen_options *options,
    uint32_t host, uint32_t instance)
{
	uint32_t i = world->source_count++;
	struct source *source = &world->sources[i];
	bool shares = instance == 3 || (instance > 3 && instance % 2 == 1);

	if (host == 0)
		snprintf(source->host, sizeof(source->host), "%s",
		    options->host_name != NULL ? options->host_name :
		    "mail.example.org");
	else
		snprintf(source->host, sizeof(source->host),
		    "mail%u.example.org", host + 1);
	if (instance == 0)
		snprintf(source->smtp_tag, sizeof(source->smtp_tag), "postfix");
	else
		snprintf(source->smtp_tag, sizeof(source->smtp_tag),
		    "postfix%cout%u", shares ? '/' : '-', instance);
	memcpy(source->queue_tag, source->smtp_tag, sizeof(source->queue_tag));
	if (shares)
		snprintf(source->queue_tag, sizeof(source->queue_tag),
		    "postfix");
	source->queue = shares ? i - instance : i;
	/* First and third instance long ids, the second short ones. */
	source->long_ids = shares ? world->sources[source->queue].long_ids :
	    (instance + host) % 2 == 0;
	source->tls_field = host >= options->tls_field;
	snprintf(source->ip, sizeof(source->ip), "192.0.2.%u", 9 + i);
}

static void
build_sources(struct world *world, const struct gen_options *options)
{
	uint32_t host, instance;

	world->host_count = options->hosts;
	for (host = 0; host < options->hosts; host++)
		for (instance = 0; instance < options->instances; instance++)
			add_source(world, options, host, instance);
	world->queue_count = world->source_count;
}

/* Some small sites, the larger ones first, each refuse one source for good
 * because of a DNSBL. */
static void
refuse_by_dnsbl(struct world *world, uint32_t wanted)
{
	uint32_t i, done = 0;

	for (i = 0; i < world->site_count && done < wanted; i++)
		if (world->sites[i].outage_ppm != 0 && i % 3 == 0)
			world->sites[i].dnsbl_source = done++ %
			    world->source_count;
}

void
world_build(struct world *world, const struct gen_options *options,
    struct rng *rng)
{
	struct builder builder = { .world = world, .rng = rng };
	uint32_t small = options->domains, i;
	size_t row;

	build_own(&builder);
	build_big(&builder);
	for (row = 0; row < COUNT_OF(HOSTED); row++)
		build_hosted(&builder, &HOSTED[row]);
	for (i = 0; i < small; i++)
		build_small(&builder, i, zipf_weight(SMALL_TOTAL, small, i));
	for (i = 0; i < DEAD_KINDS; i++)
		build_dead(&builder, i);
	build_sources(world, options);
	refuse_by_dnsbl(world, options->dnsbl_sites);
}

void
world_release(struct world *world)
{
	free(world->providers);
	free(world->sites);
	free(world->mxs);
	free(world->domains);
	free(world->cumulative);
}

uint32_t
world_pick_domain(const struct world *world, struct rng *rng)
{
	uint32_t point = rng_below(rng, world->weight_sum);
	uint32_t low = 0, high = world->domain_count - 1, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (world->cumulative[middle] > point)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

uint32_t
world_provider(const struct world *world, const char *key)
{
	uint32_t i;

	for (i = 0; i < world->provider_count; i++)
		if (strcmp(world->providers[i].key, key) == 0)
			return i;
	return GEN_NONE;
}
