/* intake_opml.h - subscriptions from a list and back; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_OPML_H
#define FEATURES_INTAKE_INTAKE_OPML_H

#include "features/intake/intake_feed.h"

typedef struct FeedImportRow {
    int64_t line;
    Str title, url;
    Str outcome; /* new, same, refused */
    Str reason;  /* refused: a translated sentence */
} FeedImportRow;
typedef struct FeedImportReport {
    FeedImportRow *rows;
    size_t len;
    int64_t new_count, same_count, refused_count;
    bool is_written;
} FeedImportReport;

/*
 * All feeds of the list for ctx->outlet_id in one transaction, or none while one is refused; then OK with the report
 * of every row. Repeating changes nothing. ERR_INVALID, ERR_LIMIT field "file": no list at all, or too long.
 */
CHECKED Err intake_opml_import(Ctx *ctx, Str bytes, bool is_dry_run, FeedImportReport *ret);
/* The feeds that have not ended, as OPML. */
CHECKED Err intake_opml_export(Ctx *ctx, Str title, const int64_t *outlet_ids, size_t count,
                               Str *ret);

#endif
