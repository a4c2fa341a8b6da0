/* features/planning/planning_service.h - what acts on pitches and assignments share: private to planning/. */
#ifndef FEATURES_PLANNING_PLANNING_SERVICE_H
#define FEATURES_PLANNING_PLANNING_SERVICE_H

#include "features/planning/planning.h"
#include "features/planning/planning_states.h"

/* ERR_FORBIDDEN unless a person acts, for an outlet. */
CHECKED Err planning_require_person(const Ctx *ctx);
/* why_empty NULL: it may be empty. */
CHECKED Err planning_check_text(Ctx *ctx, const char *field, Str text, size_t max,
                                const char *why_empty);
/* One of the seven, or none where that may be. */
CHECKED Err planning_check_kind(Str kind, bool may_be_empty);
/* A local time of a zone (empty: the alliance's) that is not past. */
CHECKED Err planning_read_due(Ctx *ctx, Str local, Str zone, WallTime *ret);
/* {local zone at fit rules} for the log. */
Json *planning_wall(Ctx *ctx, const WallTime *when);

/* A pitch of ctx->outlet_id, else ERR_NOT_FOUND; of that version, else ERR_CONFLICT. */
CHECKED Err planning_read_pitch(Ctx *ctx, int64_t id, int64_t version, Pitch *ret);
/* Moves it by the table (ERR_CONFLICT "state") and stores it; p->version is the next. */
CHECKED Err planning_turn_pitch(Ctx *ctx, Pitch *p, PitchAct act);
/* One more step of the pitch, ERR_LIMIT at PITCH_STEPS_MAX; of two at once one waits for the other. */
CHECKED Err planning_put_step(Ctx *ctx, int64_t pitch_id, const char *act, Str text,
                              PitchStep *ret);
/* {pitch, title} */
Json *planning_sealed(Ctx *ctx, int64_t pitch_id, Str title);
/* The entry of that kind about the subject, and the event of the same name with these facts (an object). */
CHECKED Err planning_announce(Ctx *ctx, const char *kind, int64_t subject_id, Json *sealed,
                              Json *facts);

#endif
