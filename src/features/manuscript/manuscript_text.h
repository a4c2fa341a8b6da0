/* features/manuscript/manuscript_text.h - from what a person files to a version: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_TEXT_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_TEXT_H

#include "features/manuscript/manuscript.h"

/*
 * Checks every part of a filing and makes the version of it: cleaned HTML, plain text, hash. Pictures must be of
 * outlet_id and have an alt text. Everything lives in ctx->arena. ERR_INVALID, ERR_LIMIT with the field.
 */
CHECKED Err manuscript_make_version(Ctx *ctx, int64_t outlet_id, const Filing *filing,
                                    ManuscriptVersion *ret);

/* The same bounds for an imported row's title; field names the input. */
CHECKED Err manuscript_check_line(Ctx *ctx, const char *field, Str text, size_t max_chars,
                                  bool is_required);

#endif
