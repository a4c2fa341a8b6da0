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
/* For a story from before: its text may show pictures of elsewhere, and without words. */
CHECKED Err manuscript_make_old_version(Ctx *ctx, int64_t outlet_id, const Filing *filing,
                                        ManuscriptVersion *ret);

/*
 * The pictures of a version, attached or in its text, as media ids; at most 2 * PICTURES_MAX. One statement for
 * each in the text.
 */
CHECKED Err manuscript_media(Ctx *ctx, int64_t outlet_id, const ManuscriptVersion *v,
                             int64_t **ret_ids, size_t *ret_len);

/* The pictures in cleaned HTML, in their order. */
typedef struct InnerPicture {
    Str src;
    Str alt;         /* plain text; empty: none */
    size_t alt_from; /* where its words stand in the HTML, between the quotes */
    size_t alt_to;
} InnerPicture;
/* At most PICTURES_MAX. */
void manuscript_inner_pictures(Ctx *ctx, Str html, InnerPicture **ret, size_t *ret_len);
/* ERR_INVALID, field "alts", when one of them has no words. */
CHECKED Err manuscript_check_words(Ctx *ctx, Str html);

/*
 * What a version holds besides its words, one thing a line, so that a difference shows it: the addresses of links
 * and pictures in the text; pictures with their words; the rest by name.
 */
Str manuscript_links_text(Ctx *ctx, Str html);
CHECKED Err manuscript_pictures_lines(Ctx *ctx, const ManuscriptVersion *v, Str *ret);

/* One of the kinds of story there are. */
bool manuscript_is_kind(Str kind);
/* The same bounds for an imported row's title; field names the input. */
CHECKED Err manuscript_check_line(Ctx *ctx, const char *field, Str text, size_t max_chars,
                                  bool is_required);

#endif
