/* text/csv.c - comma-separated values: a reader and a safe writer. */
#include "text/csv.h"

#include "base/utf8.h"
#include "base/vec.h"

#define BOM "\xEF\xBB\xBF"

typedef struct Reader {
    Arena *arena;
    Str text;
    size_t at;
    size_t line;
    CsvLimits limits;
    VEC(CsvRow) rows;
    VEC(Str) cells; /* of the row that is being read */
} Reader;

static Str line_text(const Reader *r, size_t line) {
    return str_from_int(r->arena, (int64_t)line);
}

static bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}

/* Steps over one line end, which is there. */
static void take_line_end(Reader *r) {
    bool is_pair =
        r->text.ptr[r->at] == '\r' && r->at + 1 < r->text.len && r->text.ptr[r->at + 1] == '\n';

    r->at += is_pair ? 2 : 1;
    r->line++;
}

/* The slice between the quotes with each doubled quote made single. */
static Str without_doubles(Arena *arena, Str quoted) {
    char *text = arena_alloc(arena, quoted.len);
    size_t len = 0;

    for (size_t at = 0; at < quoted.len; at++) {
        text[len++] = quoted.ptr[at];
        if (quoted.ptr[at] == '"')
            at++;
    }
    return (Str){ text, len };
}

/* A cell whose opening quote is at the reader's place. */
static Err read_quoted(Reader *r, Str *ret) {
    size_t from = r->at + 1, opened = r->line;
    bool has_doubles = false;

    for (r->at = from;;) {
        if (r->at == r->text.len)
            return FAIL_ARGS(ERR_INVALID, NULL,
                             N_("The quotation mark opened in line {0} is never closed."),
                             line_text(r, opened));
        char c = r->text.ptr[r->at];
        if (is_line_end(c)) {
            take_line_end(r);
            continue;
        }
        if (c != '"') {
            r->at++;
            continue;
        }
        if (r->at + 1 == r->text.len || r->text.ptr[r->at + 1] != '"')
            break;
        has_doubles = true;
        r->at += 2;
    }
    Str quoted = str_slice(r->text, from, r->at++);
    if (r->at < r->text.len && r->text.ptr[r->at] != ',' && !is_line_end(r->text.ptr[r->at]))
        return FAIL_ARGS(ERR_INVALID, NULL,
                         N_("In line {0} there is text after a closing quotation mark."),
                         line_text(r, r->line));
    *ret = has_doubles ? without_doubles(r->arena, quoted) : quoted;
    return OK;
}

static Err read_cell(Reader *r, Str *ret) {
    size_t from = r->at;

    if (r->at < r->text.len && r->text.ptr[r->at] == '"') {
        TRY(read_quoted(r, ret));
    } else {
        while (r->at < r->text.len && r->text.ptr[r->at] != ',' && !is_line_end(r->text.ptr[r->at]))
            r->at++;
        *ret = str_slice(r->text, from, r->at);
    }
    if (ret->len > r->limits.cell_bytes)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("A cell in line {0} is longer than {1} bytes."),
                         line_text(r, r->line),
                         str_from_int(r->arena, (int64_t)r->limits.cell_bytes));
    return OK;
}

/* One row, up to and with its line end. */
static Err read_row(Reader *r) {
    CsvRow row = { .line = r->line };

    r->cells.len = 0;
    for (;;) {
        Str cell;

        if (r->cells.len == r->limits.row_cells)
            return FAIL_ARGS(ERR_LIMIT, NULL, N_("Line {0} has more than {1} cells."),
                             line_text(r, row.line),
                             str_from_int(r->arena, (int64_t)r->limits.row_cells));
        TRY(read_cell(r, &cell));
        *VEC_PUSH(r->arena, &r->cells) = cell;
        if (r->at == r->text.len || r->text.ptr[r->at] != ',')
            break;
        r->at++;
    }
    if (r->at < r->text.len)
        take_line_end(r);
    if (r->rows.len == r->limits.rows)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The table has more than {0} rows."),
                         str_from_int(r->arena, (int64_t)r->limits.rows));
    row.cells = arena_copy(r->arena, r->cells.items, r->cells.len * sizeof(Str));
    row.len = r->cells.len;
    *VEC_PUSH(r->arena, &r->rows) = row;
    if (arena_is_over(r->arena))
        return FAIL(ERR_LIMIT, NULL, N_("The table is too large. Send it in parts."));
    return OK;
}

/* The first line with bytes that no text has. */
static Err check_text(Reader *r) {
    size_t line = 1;

    if (utf8_is_valid(r->text) && str_find_char(r->text, '\0', 0) == SIZE_MAX)
        return OK;
    for (size_t at = 0; at < r->text.len;) {
        bool is_pair = r->text.ptr[at] == '\n' && at > 0 && r->text.ptr[at - 1] == '\r';
        uint32_t rune = utf8_next(r->text, &at);

        if (rune == UTF8_BAD || rune == 0)
            break;
        line += (rune == '\n' && !is_pair) || rune == '\r';
    }
    return FAIL_ARGS(ERR_INVALID, NULL, N_("Line {0} is not valid UTF-8 text."),
                     line_text(r, line));
}

Err csv_read(Arena *arena, Str text, CsvLimits limits, CsvTable *ret) {
    Reader r = { .arena = arena, .text = text, .line = 1, .limits = limits };

    if (text.len > limits.text_bytes)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The table has more than {0} bytes."),
                         str_from_int(arena, (int64_t)limits.text_bytes));
    if (str_starts(text, S(BOM)))
        r.text = str_slice(text, 3, text.len);
    TRY(check_text(&r));
    while (r.at < r.text.len) {
        if (is_line_end(r.text.ptr[r.at]))
            take_line_end(&r);
        else
            TRY(read_row(&r));
    }
    *ret = (CsvTable){ r.rows.items, r.rows.len };
    return OK;
}

/* ---- writing ---- */

/*
 * An optional sign, digits, at most one point between digits: no spreadsheet reads it as a formula.
 */
static bool is_plain_number(Str cell) {
    size_t at = cell.len > 0 && (cell.ptr[0] == '-' || cell.ptr[0] == '+') ? 1 : 0;
    size_t digits = 0;
    bool has_point = false;

    for (; at < cell.len; at++) {
        if (cell.ptr[at] == '.' && !has_point && digits > 0 && at + 1 < cell.len)
            has_point = true;
        else if (cell.ptr[at] >= '0' && cell.ptr[at] <= '9')
            digits++;
        else
            return false;
    }
    return digits > 0;
}

/*
 * security-checklist 7. Blanks in front are looked through, for programs trim them; so are line
 * feeds. The full-width forms count as well: spreadsheets for East Asia read them as the ASCII
 * ones.
 */
static bool is_formula(Str cell) {
    static const Str signs[] = { S_INIT("="),  S_INIT("+"),  S_INIT("-"),  S_INIT("@"),
                                 S_INIT("\t"), S_INIT("\r"), S_INIT("＝"), S_INIT("＋"),
                                 S_INIT("－"), S_INIT("＠") };
    size_t at = 0;

    while (at < cell.len && (cell.ptr[at] == ' ' || cell.ptr[at] == '\n'))
        at++;
    Str rest = str_slice(cell, at, cell.len);
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (str_starts(rest, signs[i]))
            return !is_plain_number(cell);
    }
    return false;
}

static bool needs_quotes(Str cell) {
    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.ptr[i];

        if (c == '"' || c == ',' || is_line_end(c))
            return true;
    }
    if (str_starts(cell, S(BOM))) /* at the beginning of a file it would be taken for the file's */
        return true;
    return cell.len > 0 && (cell.ptr[0] == ' ' || cell.ptr[cell.len - 1] == ' ');
}

static void write_cell(Buf *buf, Str cell) {
    bool is_quoted = needs_quotes(cell);
    size_t from = 0;

    if (is_quoted)
        buf_add_char(buf, '"');
    if (is_formula(cell))
        buf_add_char(buf, '\'');
    for (size_t at; (at = str_find_char(cell, '"', from)) != SIZE_MAX; from = at + 1) {
        buf_add(buf, str_slice(cell, from, at + 1));
        buf_add_char(buf, '"');
    }
    buf_add(buf, str_slice(cell, from, cell.len));
    if (is_quoted)
        buf_add_char(buf, '"');
}

void csv_write_row(Buf *buf, const Str *cells, size_t len) {
    /* A row of one empty cell would read as no row at all. */
    if (len == 1 && cells[0].len == 0)
        buf_add(buf, S("\"\""));
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        write_cell(buf, cells[i]);
    }
    buf_add(buf, S("\r\n"));
}
