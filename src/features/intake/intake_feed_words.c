/* features/intake/intake_feed_words.c - outcomes of fetches as sentences: what happened, why it waits, what to do. */
#include "features/intake/intake_feed_words.h"

#include "view/catalogue.h"

typedef struct Words {
    Str outcome;
    int64_t status_from, status_to; /* of "status" only */
    const char *said, *advice;
} Words;

static const char NOTHING[] = N_("Nothing is to be done.");
static const char WAIT[] = N_("Nothing is to be done: it is tried again by itself.");
static const char CHECK[] =
    N_("Look at the address in a browser. If it has changed, end this feed and add the new one.");
static const char ASK[] =
    N_("Ask whoever runs that site. Until then it is tried again, ever more seldom.");

static const Words table[] = {
    { S_INIT("taken"), 0, 0, N_("The feed was read."), NOTHING },
    { S_INIT("same"), 0, 0, N_("The feed is the same, byte for byte."), NOTHING },
    { S_INIT("unchanged"), 0, 0, N_("The site said that nothing has changed."), NOTHING },
    { S_INIT("pushed"), 0, 0, N_("The feed's hub brought what is new."), NOTHING },
    { S_INIT("not-a-feed"), 0, 0,
      N_("What came is no feed: perhaps a page for people, or a sign-in."), CHECK },
    { S_INIT("page"), 0, 0,
      N_("This is a page for people; the feed that it names is read instead."), NOTHING },
    { S_INIT("too-much"), 0, 0, N_("The feed is larger than this server reads."),
      N_("Ask whoever runs that site for a feed with fewer items.") },
    { S_INIT("demo"), 0, 0, N_("This is a demonstration, which asks nobody outside."), NOTHING },
    { S_INIT("status"), 410, 410, N_("The site says that the feed is gone for good."),
      N_("The feed has ended. If there is another one, add it.") },
    { S_INIT("status"), 404, 404, N_("There is no feed at this address."), CHECK },
    { S_INIT("status"), 401, 403, N_("The site does not let us read the feed."), ASK },
    { S_INIT("status"), 429, 429, N_("The site asks us to come less often."), WAIT },
    { S_INIT("status"), 500, 599, N_("The site has a fault of its own."), WAIT },
    { S_INIT("status"), 0, 999, N_("The site gave an answer that is of no use."), CHECK },
    { S_INIT("refused-url"), 0, 0, N_("This is no address that the server goes to."), CHECK },
    { S_INIT("refused-address"), 0, 0, N_("The address is not on the public network."),
      N_("End this feed, or ask the operator to allow the address.") },
    { S_INIT("refused-redirect"), 0, 0,
      N_("The site sends on to an address that the server does not go to."), CHECK },
    { S_INIT("redirect-loop"), 0, 0, N_("The site sends on too often."), CHECK },
    { S_INIT("name-not-found"), 0, 0, N_("There is no host of this name."), CHECK },
    { S_INIT("name-failed"), 0, 0, N_("The name of the host could not be looked up."), WAIT },
    { S_INIT("connect-failed"), 0, 0, N_("The site takes no connection."), WAIT },
    { S_INIT("timed-out"), 0, 0, N_("The site did not answer in time."), WAIT },
    { S_INIT("too-slow"), 0, 0, N_("The site answers too slowly."), WAIT },
    { S_INIT("too-large"), 0, 0, N_("The answer is larger than this server reads."), ASK },
    { S_INIT("bomb"), 0, 0, N_("The answer unfolds to far more than its size, so it was not read."),
      ASK },
    { S_INIT("tls-failed"), 0, 0,
      N_("The connection is not secure: the site's certificate could not be verified."), ASK },
    { S_INIT("cut-off"), 0, 0, N_("The site sent less than it announced."), WAIT },
    { S_INIT("broken"), 0, 0, N_("The connection broke off."), WAIT },
    { S_INIT("protocol"), 0, 0, N_("What came is no answer that this server can read."), ASK },
};

static Str words(Ctx *ctx, const char *msgid) {
    return catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid));
}

static const Words *find(Str outcome, int64_t status) {
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_eq(outcome, table[i].outcome) &&
            (!table[i].status_to ||
             (status >= table[i].status_from && status <= table[i].status_to)))
            return &table[i];
    return NULL;
}

Str intake_feed_said(Ctx *ctx, Str outcome, int64_t status) {
    const Words *found = find(outcome, status);

    return found ? words(ctx, found->said) : outcome;
}

Str intake_feed_advice(Ctx *ctx, const IntakeFeed *feed, const IntakeState *state) {
    const Words *found = find(state->outcome, state->status);

    if (str_eq(feed->state, S("paused")))
        return words(ctx, N_("Resume it when it is to be read again."));
    if (str_eq(feed->state, S("ended")) && !str_eq(feed->why, S("gone")))
        return words(ctx, N_("Its deposits stay. To read it again, add it anew."));
    return words(ctx, found && state->feed_id ? found->advice : NOTHING);
}

Str intake_feed_waits(Ctx *ctx, const IntakeFeed *feed, const IntakeState *state) {
    if (!str_eq(feed->state, S("active")))
        return words(ctx, N_("It is not fetched."));
    if (!state->feed_id || state->next_ms <= ctx->now_ms)
        return words(ctx, N_("It is due and fetched as soon as the queue comes to it."));
    if (str_eq(state->wait, S("asked")))
        return words(ctx, N_("The site asked us not to come sooner."));
    if (str_eq(state->wait, S("told")))
        return words(ctx, N_("The feed itself says that it has nothing new before then."));
    if (str_eq(state->wait, S("hub")))
        return words(ctx, N_("A hub brings what is new; once a day is enough to be sure."));
    if (str_eq(state->wait, S("failed")))
        return words(ctx, N_("After a failure the pause is doubled each time, up to a day."));
    return words(
        ctx,
        N_("It is fetched as often as it has news: between every five minutes and once a day."));
}

Str intake_feed_state_text(Ctx *ctx, const IntakeFeed *feed) {
    if (str_eq(feed->state, S("paused")))
        return words(ctx, N_("paused"));
    if (str_eq(feed->state, S("ended")))
        return words(ctx, N_("ended"));
    return words(ctx, N_("active"));
}
