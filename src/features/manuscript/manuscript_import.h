/* features/manuscript/manuscript_import.h - stories from before, row by row: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_IMPORT_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_IMPORT_H

#include "base/map.h"
#include "base/vec.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "queue/work.h"
#include "view/catalogue.h"

/* Another arena in ctx until the end of the block. */
typedef struct Lent {
    Ctx *ctx;
    Arena *own;
} Lent;

static inline void give_back(Lent *lent) {
    lent->ctx->arena = lent->own;
}

/* Some of the file's rows in a row: what one transaction writes. */
typedef struct ImportPart {
    int64_t line;    /* of its first row */
    size_t rows;     /* 1..IMPORT_PART_ROWS */
    size_t fresh;    /* of them new */
    size_t from, to; /* bytes of JSON Lines; items of a JSON Feed */
    size_t bytes;
} ImportPart;

enum { IMPORT_PART_ROWS = 200, IMPORT_PART_BYTES = 4 << 20 };

/*
 * Three memories: `keep`, the caller's, for the report; `book`, for what is needed from the first row to the last;
 * and ctx->arena, emptied after each row, for a file holds more stories than a request may hold memory.
 */
typedef struct StoryImport {
    Ctx *ctx;
    Arena *keep, *book;
    const Catalogue *words;
    Site site;
    Outlet outlet;
    bool is_writing;  /* else each row is only looked at */
    Str feed_byline;  /* a JSON Feed's own authors, for items that name none */
    bool is_feed;     /* its rows have the names of a JSON Feed */
    const Json *feed; /* the whole of it, while it is checked */
    Map seen;         /* import keys of this file: key -> line as Str * */
    VEC(StoryImportRow) rows;
    VEC(ImportPart) parts;
    size_t from, to;  /* where the row at hand stands, as in ImportPart */
    size_t bytes;     /* about so many does it hold */
    VEC(Str) reasons; /* of the row at hand */
    VEC(int64_t) ids; /* written, not announced yet */
} StoryImport;

/* One row as the file gives it. */
typedef struct OldStory {
    Str title, summary, lang, source, format, url, byline;
    Str key;  /* the same story again? */
    Str hash; /* ... and with the same words? */
    int64_t date_ms;
    StrList tags;
} OldStory;

/* A fault of the row at hand, in the words of im->words. */
void manuscript_import_fault(StoryImport *im, const char *field, Err err);
/* Has it a fault of that field already? */
bool manuscript_import_is_at_fault(const StoryImport *im, const char *field);
/* What the row says; its faults are gathered. Lives in ctx->arena. */
OldStory manuscript_import_read(StoryImport *im, const Json *row);
/* "authors", in JSON Feed 1.0 "author", or those of the whole feed. */
Str manuscript_import_byline(StoryImport *im, const Json *row);

/*
 * Every row of the text: JSON Lines, or (only while checking) a JSON Feed. Faults are told in im->rows; what fails
 * is storage, memory, or a file that is none.
 */
CHECKED Err manuscript_import_all(StoryImport *im, Str text, int64_t first_line);
/* Tells what was written and was not told yet. */
CHECKED Err manuscript_import_announce(StoryImport *im);
/* Writes the story of the row at hand, which has no fault. */
CHECKED Err manuscript_import_write(StoryImport *im, const OldStory *story, ManuscriptVersion *v);

/*
 * Takes a part in, in the caller's transaction: JSON Lines with the names of the format, counted from first_line. A
 * row that is here already is passed over; one that can be taken in no more is ERR_CONFLICT with its line. *ret_rows
 * counts all of them, NULL: nobody asks.
 */
CHECKED Err manuscript_import_take(Ctx *ctx, const Outlet *outlet, bool is_feed, Str byline,
                                   int64_t first_line, Str lines, int64_t *ret_rows);
/* The step of "stories.import": the part at the cursor, in a transaction of its own. */
CHECKED Err manuscript_import_step(Ctx *ctx, const Work *work);

#endif
