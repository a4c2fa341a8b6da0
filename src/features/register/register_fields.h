/* features/register/register_fields.h - what an outlet's card holds, as a table: private to register/. */
#ifndef FEATURES_REGISTER_REGISTER_FIELDS_H
#define FEATURES_REGISTER_REGISTER_FIELDS_H

#include "features/register/register.h"

typedef enum CardKind {
    CARD_LINE,  /* one line of text */
    CARD_TEXT,  /* may have line breaks */
    CARD_NO,    /* 备案号 */
    CARD_NAMES, /* names of persons, kept separated by 、 */
    CARD_DATE,  /* YYYY-MM-DD */
    CARD_URL,   /* http or https */
    CARD_TIER,
    CARD_UNIT_KIND,
    CARD_COUNT /* int64_t, 0..max */
} CardKind;

/* Forms, rosters (both ways), checks and log entries are all read from this table. */
typedef struct CardField {
    const char *name;    /* in forms, JSON and English rosters */
    const char *heading; /* in Chinese rosters */
    const char *label;   /* N_() for people */
    CardKind kind;
    size_t offset; /* of the Str or int64_t in Outlet */
    int64_t max;   /* characters; for a CARD_COUNT the highest number */
    bool is_required;
    bool is_private; /* never on a public page, in an export, in the log */
} CardField;

enum { CARD_FIELDS = 23 };
extern const CardField card_fields[CARD_FIELDS]; /* in the order of a roster's columns */

/* NULL when there is none. */
const CardField *card_field_of(const char *name);
/* The value as text; a count in decimal digits, 0 too. */
Str card_get(Arena *arena, const CardField *field, const Outlet *outlet);
bool card_is_equal(const CardField *field, const Outlet *a, const Outlet *b);
void card_copy(const CardField *field, const Outlet *from, Outlet *to);
/*
 * Reads one value from outside into the outlet: NFC, blanks at the ends cut, names separated by 、, dates as
 * YYYY-MM-DD. Sets nothing on failure: ERR_INVALID, ERR_LIMIT with the field's name; ERR_REFUSED rule 6 where the
 * value names a private account.
 */
CHECKED Err card_set(Arena *arena, const CardField *field, Str raw, Outlet *outlet);
/*
 * What only several fields together tell: verified_as is one of the persons on the card (a private account:
 * ERR_REFUSED rule 6).
 */
CHECKED Err card_check_whole(const Outlet *outlet);
/* Does the card name this person as teacher, operator or reviewer? */
bool card_names(const Outlet *outlet, Str person);
/* All fields, then the whole: the first fault. *outlet becomes its clean form. */
CHECKED Err card_clean(Arena *arena, Outlet *outlet);

#endif
