/* features/manuscript/manuscript_rows.h - columns and rows, shared by the two store files: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_ROWS_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_ROWS_H

#include "db/db.h"
#include "features/manuscript/manuscript.h"

/* The order manuscript_read_row() expects. */
#define MANUSCRIPT_COLUMNS                                                                         \
    "id, number, outlet_id, kind, state, profile, lang, author_id, byline, published_n, "          \
    "working_n,"                                                                                   \
    " created_ms, changed_ms, published_ms, republished_ms, released_by, imported_ms, "            \
    "original_url,"                                                                                \
    " withdrawn_ms, withdrawn_reason, corrections, cover_id, version, title, summary, "            \
    "changed_by, corrected_ms, returned_reason, returned_by, returned_ms, planned_ms, step"
enum { MANUSCRIPT_COLUMN_COUNT = 32 };
/* MANUSCRIPT_COLUMNS where the table is joined as m. */
#define MANUSCRIPT_COLUMNS_OF_M                                                                    \
    "m.id, m.number, m.outlet_id, m.kind, m.state, m.profile, m.lang, m.author_id, m.byline,"      \
    " m.published_n, m.working_n, m.created_ms, m.changed_ms, m.published_ms, m.republished_ms,"   \
    " m.released_by, m.imported_ms, m.original_url, m.withdrawn_ms, m.withdrawn_reason,"           \
    " m.corrections, m.cover_id, m.version, m.title, m.summary, m.changed_by, m.corrected_ms,"     \
    " m.returned_reason, m.returned_by, m.returned_ms, m.planned_ms, m.step"

/* The order manuscript_read_version() expects: all but the long texts. */
#define VERSION_COLUMNS                                                                            \
    "manuscript_id, n, title, summary, format, hash, made_by, made_ms, released_by, released_ms,"  \
    " note, sources, tags, pictures, kind, lang"
enum { VERSION_COLUMN_COUNT = 16 };

Manuscript manuscript_read_row(DbRows *row);
CHECKED Err manuscript_read_version(Ctx *ctx, DbRows *row, ManuscriptVersion *ret);

/* Lists are stored as JSON texts. */
CHECKED Err manuscript_read_list(Ctx *ctx, Str text, StrList *ret);
CHECKED Err manuscript_read_pictures(Ctx *ctx, Str text, ManuscriptVersion *v);
Str manuscript_list_text(Ctx *ctx, StrList list);
Str manuscript_pictures_text(Ctx *ctx, const ManuscriptVersion *v);

#endif
