/* db/migrate_text.h - reading the text of one migration; pure, private to this folder. */
#ifndef DB_MIGRATE_TEXT_H
#define DB_MIGRATE_TEXT_H

#include "db/driver.h"

/* The file that the first line names. ERR_BUG when the line is not as migrate.h says. */
CHECKED Err migrate_text_file(Str sql, DbFile *ret);
/*
 * The statements for this driver, in order, in the arena: {{PK}} and {{BLOB}} put in, comments and the
 * ";" left out. ERR_BUG for text after the last ";" and for an open quote.
 */
CHECKED Err migrate_text_statements(Arena *arena, Str sql, DbDriver kind, StrList *ret);

#endif
