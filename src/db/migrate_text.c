/* db/migrate_text.c - the text of one migration: its first line, its parts per driver, its statements. */
#include "db/migrate_text.h"

#include "base/buf.h"
#include "base/vec.h"

static Err bad_text(void) {
    return FAIL(ERR_BUG, NULL, N_("A migration of this program is malformed."));
}

Err migrate_text_file(Str sql, DbFile *ret) {
    static const Str stores[] = { S_INIT("named"), S_INIT("voice"), S_INIT("self"),
                                  S_INIT("system") };
    Str line;

    if (!str_cut(&sql, '\n', &line))
        return bad_text();
    line = str_trim(line);
    for (size_t i = 0; i < COUNT_OF(stores); i++) {
        char start[32];
        int len = snprintf(start, sizeof start, "-- store: %.*s  file: ", STR_ARG(stores[i]));
        Str begin = { start, (size_t)len };

        if (!str_starts(line, begin))
            continue;
        Str file = str_slice(line, begin.len, line.len);
        if (!str_eq(file, S("record")) && !str_eq(file, S("derived")))
            break;
        *ret = str_eq(file, S("record")) ? DB_RECORD : DB_DERIVED;
        return OK;
    }
    return bad_text();
}

/* Reads one line of SQL without its comment into the statement; *is_quoted goes on over lines. */
static void add_line(Buf *statement, Str line, bool *is_quoted) {
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\'')
            *is_quoted = !*is_quoted;
        if (!*is_quoted && str_starts(str_slice(line, i, line.len), S("--")))
            break;
        buf_add_char(statement, line.ptr[i]);
    }
    buf_add_char(statement, '\n');
}

static Str put_in_types(Arena *arena, Str sql, DbDriver kind) {
    bool is_pg = kind == DB_POSTGRES;

    sql = str_replace(arena, sql, S("{{PK}}"),
                      is_pg ? S("BIGINT PRIMARY KEY") : S("INTEGER PRIMARY KEY"));
    return str_replace(arena, sql, S("{{BLOB}}"), is_pg ? S("BYTEA") : S("BLOB"));
}

/* "-- only sqlite" and the like; false for any other line. */
static bool read_switch(Str line, DbDriver kind, bool *is_ours) {
    if (str_eq(line, S("-- both")))
        *is_ours = true;
    else if (str_eq(line, S("-- only sqlite")))
        *is_ours = kind == DB_SQLITE;
    else if (str_eq(line, S("-- only postgres")))
        *is_ours = kind == DB_POSTGRES;
    else
        return false;
    return true;
}

Err migrate_text_statements(Arena *arena, Str sql, DbDriver kind, StrList *ret) {
    VEC(Str) statements = { 0 };
    Buf statement = buf_new(arena, sql.len * 2 + 16);
    bool is_ours = true, is_quoted = false;
    Str line;

    while (str_cut(&sql, '\n', &line)) {
        if (!is_quoted && read_switch(str_trim(line), kind, &is_ours))
            continue;
        if (!is_ours)
            continue;
        add_line(&statement, line, &is_quoted);
        Str text = str_trim(buf_str(&statement));
        if (is_quoted || !str_ends(text, S(";")))
            continue;
        text = str_slice(text, 0, text.len - 1);
        *VEC_PUSH(arena, &statements) = put_in_types(arena, str_dup(arena, text), kind);
        buf_truncate(&statement, 0);
    }
    if (is_quoted || str_trim(buf_str(&statement)).len)
        return bad_text();
    *ret = (StrList){ statements.items, statements.len };
    return OK;
}
