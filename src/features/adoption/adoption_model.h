/* features/adoption/adoption_model.h - rows of carried stories for pages: private to adoption/. */
#ifndef FEATURES_ADOPTION_ADOPTION_MODEL_H
#define FEATURES_ADOPTION_ADOPTION_MODEL_H

#include "features/adoption/adoption.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "features/site/site.h"

#define ADOPTION_ROW_KEYS                                                                          \
    "story title number url copy_url draft_url from from_no to to_no state state_text person "     \
    "role at reason n "                                                                            \
    "is_updated is_corrected is_withdrawn"
CHECKED Err adoption_rows(Ctx *ctx, const Site *site, const AdoptionList *list, Json **ret);

#endif
