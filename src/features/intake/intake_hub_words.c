/* features/intake/intake_hub_words.c - a subscription at a hub as people see it: state, lease, what came, what was refused. */
#include "features/intake/intake_hub.h"
#include "features/intake/intake_pages.h"

typedef struct Words {
    const char *word, *text, *mark; /* mark: the state in a word or two */
} Words;

static const Words states[] = {
    { "asking", N_("It is being asked to bring what is new."), N_("is asked") },
    { "active", N_("It brings what is new at once; the feed is fetched once a day to be sure."),
      N_("agreed") },
    { "behind", N_("It did not bring all that was new, so the feed is fetched as without it."),
      N_("not reliable") },
    { "denied", N_("It does not bring this feed. It is asked again after a week."), N_("denied") },
    { "refused", N_("It refused to bring this feed. It is asked again after a week."),
      N_("refused") },
    { "silent",
      N_("It does not answer, so the feed is fetched as without it. It is asked again after "
         "a week."),
      N_("no answer") },
};
static const Words refusals[] = {
    { "unsigned", N_("Something came without a signature and was not taken in.") },
    { "weak", N_("Something came signed by a method that is not believed, and was not taken in.") },
    { "forged", N_("Something came with a wrong signature and was not taken in.") },
    { "replayed", N_("Something came that had come before; the feed was fetched instead.") },
    { "lease", N_("The hub offered a lease that is too short; it was not accepted.") },
    { "key", N_("What came could not be checked, for the stored secret does not open. Tell the "
                "operator.") },
};

static Json *words_of(Ctx *ctx, const Words *table, size_t count, Str word, bool is_mark) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(word, str_from_c(table[i].word)))
            return intake_words(ctx, is_mark ? table[i].mark : table[i].text);
    return json_str(ctx->arena, word);
}

static const char *look_of(const IntakeHub *hub, int64_t now_ms) {
    if (str_eq(hub->state, S("active")))
        return intake_hub_is_trusted(hub, now_ms) ? "ok" : "bad";
    return str_eq(hub->state, S("asking")) ? "off" : "bad";
}

Err intake_hub_model(Ctx *ctx, const Site *site, int64_t feed_id, Json **ret) {
    Json *model = json_obj(ctx->arena), *lease = json_null(ctx->arena), *delivered, *refused;
    IntakeHub hub;

    TRY(intake_hub_get(ctx, feed_id, &hub));
    if (!hub.id) {
        *ret = json_null(ctx->arena);
        return OK;
    }
    bool is_active = str_eq(hub.state, S("active"));
    Str word = is_active && hub.is_behind ? S("behind") : hub.state;
    if (is_active)
        TRY(intake_time(ctx, site, hub.expires_ms, &lease));
    TRY(intake_time(ctx, site, hub.delivered_ms, &delivered));
    TRY(intake_time(ctx, site, hub.refused_ms, &refused));
    json_set(model, "url", json_str(ctx->arena, hub.hub));
    json_set(model, "topic", json_str(ctx->arena, hub.topic));
    json_set(model, "state", json_str(ctx->arena, hub.state));
    json_set(model, "state_mark", words_of(ctx, states, COUNT_OF(states), word, true));
    json_set(model, "state_text", words_of(ctx, states, COUNT_OF(states), word, false));
    json_set(model, "look", json_str(ctx->arena, str_from_c(look_of(&hub, ctx->now_ms))));
    json_set(model, "reason", json_str(ctx->arena, hub.reason));
    json_set(model, "lease", lease);
    json_set(model, "delivered", delivered);
    json_set(model, "deliveries", json_int(ctx->arena, hub.deliveries));
    json_set(model, "refused", refused);
    json_set(model, "refused_text",
             words_of(ctx, refusals, COUNT_OF(refusals), hub.refused, false));
    *ret = model;
    return OK;
}
