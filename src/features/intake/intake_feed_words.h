/* intake_feed_words.h - what fetching came to, in sentences for people; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_FEED_WORDS_H
#define FEATURES_INTAKE_INTAKE_FEED_WORDS_H

#include "features/intake/intake_feed.h"

/* What happened, and what a person should do about it; translated. status counts where outcome is "status". */
Str intake_feed_said(Ctx *ctx, Str outcome, int64_t status);
Str intake_feed_advice(Ctx *ctx, const IntakeFeed *feed, const IntakeState *state);
/* Why it waits until next_ms. */
Str intake_feed_waits(Ctx *ctx, const IntakeFeed *feed, const IntakeState *state);
Str intake_feed_state_text(Ctx *ctx, const IntakeFeed *feed);

#endif
