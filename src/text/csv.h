/* text/csv.h - comma-separated values: a reader (RFC 4180 and wider) and a safe writer. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "base/buf.h"

typedef struct CsvRow {
    size_t line; /* line of the text on which the row starts, from 1 */
    Str *cells;  /* without quotes; borrowed from the text where nothing had to be taken out */
    size_t len;  /* at least 1 */
} CsvRow;

typedef struct CsvTable {
    CsvRow *rows;
    size_t len;
} CsvTable;

typedef struct CsvLimits {
    size_t text_bytes; /* the whole text */
    size_t rows;
    size_t row_cells;  /* cells of one row */
    size_t cell_bytes; /* one cell, without quotes */
} CsvLimits;

/* What imports accept unless they say otherwise. */
#define CSV_LIMITS ((CsvLimits){ 16 << 20, 100000, 100, 64 << 10 })

/*
 * Reads UTF-8 text, with or without a BOM. Lines end with CR LF, LF or CR; the last may lack its
 * end; lines with nothing in them are skipped but counted. A cell that begins with a quote ends
 * with one and may hold commas, line breaks and doubled quotes; a quote inside any other cell
 * stands for itself.
 *
 * text is borrowed and must live as long as *ret, which is set on success only and lives in arena.
 * Fails with ERR_INVALID ({0}: the line): a quote that is never closed (the line where it opened),
 * text between a closing quote and the next comma, ill-formed UTF-8, a NUL; ERR_LIMIT: a limit or
 * the arena's budget. Repeating is safe.
 */
CHECKED Err csv_read(Arena *arena, Str text, CsvLimits limits, CsvTable *ret);

/*
 * Writes one row, ended by CR LF, quoted where needed. A cell that begins with = + - @ tab or CR
 * (also after blanks) gets an apostrophe in front so that no spreadsheet takes it for a formula
 * (security-checklist 7); a plain decimal number such as -3.5 stays as it is. What does not fit is
 * told by buf_check.
 */
void csv_write_row(Buf *buf, const Str *cells, size_t len);

#endif
