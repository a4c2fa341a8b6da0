/* intake_pages.h - what intake's route files share; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_PAGES_H
#define FEATURES_INTAKE_INTAKE_PAGES_H

#include "base/json.h"
#include "features/intake/intake.h"
#include "features/register/register.h"
#include "features/site/site.h"

Json *intake_words(Ctx *ctx, const char *msgid);
/* {text iso}, or null for 0. */
CHECKED Err intake_time(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret);
/* {no name url}. */
Json *intake_outlet_part(Ctx *ctx, const Outlet *outlet);
/* Deposits card by card, as a list shows them: keys CARD_KEYS. */
CHECKED Err intake_cards_model(Ctx *ctx, const Site *site, const DepositList *list, Json **ret);
#define CARD_KEYS "id url title out_url host deposited?{text iso} count outlets[no name url]"

/* The feed's subscription at a hub, or null: keys HUB_KEYS. */
CHECKED Err intake_hub_model(Ctx *ctx, const Site *site, int64_t feed_id, Json **ret);
#define HUB_KEYS                                                                                   \
    "url topic state state_mark state_text look reason lease?{text iso} delivered?{text iso}"      \
    " deliveries refused?{text iso} refused_text"

#endif
