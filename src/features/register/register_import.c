/* features/register/register_import.c - the register from one CSV: every row checked, all or nothing. */
#include "base/map.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/register/register_export.h"
#include "features/register/register_fields.h"
#include "features/register/register_service.h"
#include "features/register/register_states.h"
#include "features/site/site.h"
#include "text/charset.h"
#include "text/csv.h"
#include "view/catalogue.h"

enum { COLUMNS_MAX = 64 };

typedef struct Import {
    Ctx *ctx;
    Str zone; /* of the days in the register's own columns */
    const Catalogue *words;
    const CardField *columns[COLUMNS_MAX];
    const OwnColumn *own[COLUMNS_MAX]; /* where the register keeps the column itself */
    size_t column_count;
    Str lost;                  /* headings that are no field, joined */
    Str forbidden;             /* of them the first that a rule refuses */
    int rule_of;               /* that rule; 0: none */
    Map seen_no, seen_account; /* of this file: value -> line as Str * */
    VEC(Str) reasons;
    VEC(Str) notes;
    int rule;
} Import;

static Err no_roster(void) {
    return FAIL(
        ERR_INVALID, "file",
        N_("This is no roster: its first line must hold headings like 名称, 平台 and 所属单位."));
}

static const CardField *field_of(Str heading) {
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (str_eq(heading, str_from_c(card_fields[i].heading)) ||
            str_eq_nocase(heading, str_from_c(card_fields[i].name)))
            return &card_fields[i];
    return NULL;
}

static const OwnColumn *own_of(Str heading) {
    for (size_t i = 0; i < OWN_COLUMNS; i++)
        if (str_eq(heading, str_from_c(register_own_columns[i].heading)))
            return &register_own_columns[i];
    return NULL;
}

static void lose(Import *im, Str heading) {
    int rule = site_refused_name(heading);

    if (rule && !im->rule_of) {
        im->rule_of = rule;
        im->forbidden = heading;
    }
    im->lost = im->lost.len
                   ? str_format(im->ctx->arena, "%.*s、%.*s", STR_ARG(im->lost), STR_ARG(heading))
                   : heading;
}

static Err read_headings(Import *im, const CsvTable *table) {
    bool has_name = false;

    if (table->len == 0 || table->rows[0].len > COLUMNS_MAX)
        return no_roster();
    im->column_count = table->rows[0].len;
    for (size_t i = 0; i < im->column_count; i++) {
        Str heading = str_trim(table->rows[0].cells[i]);
        im->columns[i] = field_of(heading);
        im->own[i] = own_of(heading);
        if (!im->columns[i] && !im->own[i] && heading.len)
            lose(im, heading);
        has_name = has_name || (im->columns[i] && strcmp(im->columns[i]->name, "name") == 0);
        for (size_t j = 0; j < i; j++)
            if ((im->columns[i] && im->columns[i] == im->columns[j]) ||
                (im->own[i] && im->own[i] == im->own[j]))
                return FAIL_ARGS(ERR_INVALID, "file", N_("The column {0} stands twice."), heading);
    }
    return has_name ? OK : no_roster();
}

/* ---- one row ---- */

static void add_reason(Import *im, Str column, Err err) {
    Str text = catalogue_err(im->ctx->arena, im->words, err);

    if (column.len)
        text = catalogue_format(im->ctx->arena, im->words, N_("{0}: {1}"),
                                (const Str[2]){ column, text });
    *VEC_PUSH(im->ctx->arena, &im->reasons) = text;
    if (err.code == ERR_REFUSED)
        im->rule = err.rule;
}

static Str heading_of(const CardField *field) {
    return str_from_c(field->heading);
}

static bool is_failure_of_storage(Err err) {
    return err.code == ERR_BUSY || err.code == ERR_IO || err.code == ERR_BUG;
}

/* The stored outlet of this row: by platform and account, without an account by number. */
static Err find_stored(Import *im, const Outlet *row, Outlet *ret) {
    *ret = (Outlet){ 0 };
    if (row->platform_account.len) {
        TRY(outlet_store_by_account(im->ctx, row->platform, row->platform_account, ret));
        /* The account of a struck outlet is filed anew under another number. */
        if (str_eq(ret->state, S("struck")) &&
            (!ret->filed_ms || (row->no.len && !str_eq(row->no, ret->no))))
            *ret = (Outlet){ 0 };
        if (ret->id)
            return OK;
    }
    if (row->no.len)
        TRY(outlet_store_by_no(im->ctx, row->no, ret));
    if (ret->id && row->platform_account.len && ret->platform_account.len)
        *ret =
            (Outlet){ 0 }; /* another account under a taken number: the check of rivals says so */
    return OK;
}

/* What csv_write_row put in front of a cell, so that no spreadsheet runs it, goes again. */
static Str cell_of(const CsvRow *row, size_t i) {
    Str cell = i < row->len ? row->cells[i] : STR_EMPTY;

    if (str_starts(cell, S("'"))) {
        Str rest = str_slice(cell, 1, cell.len), inner = str_trim(rest);
        if (inner.len > 0 && strchr("=+-@", inner.ptr[0]))
            return rest;
    }
    return cell;
}

/* The register keeps its states itself: a roster may repeat them, and cannot set them. */
static void check_own(Import *im, const CsvRow *row, const Outlet *stored) {
    for (size_t i = 0; i < im->column_count; i++) {
        Str cell = str_trim(cell_of(row, i));
        if (!im->own[i] || !cell.len)
            continue;
        bool is_new = !stored->id && im->own[i] == &register_own_columns[0] &&
                      outlet_state_named(cell) == outlet_state_of(S("active"));
        if (!is_new && (!stored->id || !str_eq(cell, im->own[i]->cell(im->ctx, im->zone, stored))))
            add_reason(im, str_from_c(im->own[i]->heading),
                       FAIL(ERR_CONFLICT, NULL,
                            N_("The register keeps this itself; a roster cannot change it.")));
    }
}

static void read_cells(Import *im, const CsvRow *row, Outlet *o) {
    if (row->len > im->column_count)
        add_reason(im, STR_EMPTY,
                   FAIL(ERR_INVALID, NULL, N_("The row has more cells than there are headings.")));
    for (size_t i = 0; i < im->column_count; i++) {
        const CardField *field = im->columns[i];
        if (!field)
            continue;
        Err err = card_set(im->ctx->arena, field, cell_of(row, i), o);
        if (err.code != ERR_OK)
            add_reason(im, heading_of(field), err);
    }
}

/* The same number or account on an earlier line of this file. */
static void check_twice(Import *im, Map *seen, Str value, const char *heading, const CsvRow *row) {
    const Str *line = value.len ? map_get(seen, value) : NULL;

    if (line)
        add_reason(im, str_from_c(heading),
                   FAIL_ARGS(ERR_CONFLICT, NULL, N_("It stands in line {0} already."), *line));
    if (!value.len || line)
        return;
    Str *mine = arena_alloc(im->ctx->arena, sizeof *mine);
    *mine = str_from_int(im->ctx->arena, (int64_t)row->line);
    map_set(seen, value, mine);
}

static void check_required(Import *im, const Outlet *o) {
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (card_fields[i].is_required && !card_get(im->ctx->arena, &card_fields[i], o).len) {
            bool has_column = false;
            for (size_t c = 0; c < im->column_count; c++)
                has_column = has_column || im->columns[c] == &card_fields[i];
            if (!has_column) /* an empty cell was told by card_set */
                add_reason(im, heading_of(&card_fields[i]),
                           FAIL(ERR_INVALID, NULL, N_("This may not be empty.")));
        }
}

static Err write_row(Import *im, const Outlet *stored, Outlet *o, Str *ret_outcome) {
    Err err;

    if (stored->id && !stored->filed_ms) {
        add_reason(im, S("平台账号"),
                   FAIL(ERR_CONFLICT, NULL,
                        N_("An application for this account is open: decide on it first.")));
        return OK;
    }
    if (stored->id) {
        bool is_same = true;
        for (size_t i = 0; i < CARD_FIELDS; i++)
            is_same = is_same && card_is_equal(&card_fields[i], stored, o);
        *ret_outcome = is_same ? S("same") : S("changed");
        err = register_update(im->ctx, stored, o);
    } else {
        *ret_outcome = S("new");
        o->state = S("active");
        err = register_insert(im->ctx, o);
    }
    if (is_failure_of_storage(err))
        return err;
    if (err.code != ERR_OK) {
        const CardField *field = err.field ? card_field_of(err.field) : NULL;
        add_reason(im, field ? heading_of(field) : STR_EMPTY, err);
    }
    return OK;
}

static Err refuse_column(int rule) {
    if (rule == 2)
        return REFUSE(2, N_("Second identities and aliases are refused."));
    if (rule == 4)
        return REFUSE(4, N_("Quotas and pay per post are refused."));
    if (rule == 6)
        return REFUSE(
            6,
            N_("The register holds accounts of units only; a private account of a person is never"
               " registered (R6). Leave it out."));
    return REFUSE(rule, N_("There is no such field, by decision: read what is refused."));
}

static void start_row(Import *im) {
    im->reasons.len = im->reasons.cap = im->notes.len = im->notes.cap = 0;
    im->rule = 0;
    if (im->rule_of)
        add_reason(im, im->forbidden, refuse_column(im->rule_of));
    else if (im->lost.len)
        add_reason(im, im->lost, FAIL(ERR_INVALID, NULL, N_("This column is not known here.")));
}

static Err import_row(Import *im, const CsvRow *row, ImportRow *ret) {
    Outlet o = { 0 }, stored;
    Str outcome = S("refused"), account;

    start_row(im);
    read_cells(im, row, &o);
    account = o.platform_account.len ? str_format(im->ctx->arena, "%.*s/%.*s", STR_ARG(o.platform),
                                                  STR_ARG(o.platform_account))
                                     : STR_EMPTY;
    check_twice(im, &im->seen_no, o.no, "备案号", row);
    check_twice(im, &im->seen_account, account, "平台账号", row);
    TRY(find_stored(im, &o, &stored));
    if (stored.id) { /* a column that the file lacks keeps what is stored */
        Outlet merged = stored;
        for (size_t i = 0; i < im->column_count; i++)
            if (im->columns[i])
                card_copy(im->columns[i], &o, &merged);
        if (!o.no.len)
            merged.no = stored.no;
        o = merged;
    }
    check_own(im, row, &stored);
    check_required(im, &o);
    Err whole = card_check_whole(&o);
    if (whole.code != ERR_OK)
        add_reason(im, STR_EMPTY, whole);
    if (!o.teacher.len)
        *VEC_PUSH(im->ctx->arena, &im->notes) =
            catalogue_text(im->words, str_from_c(N_("No teacher (指导教师): it cannot publish.")));
    if (im->reasons.len == 0)
        TRY(write_row(im, &stored, &o, &outcome));
    if (im->reasons.len > 0)
        outcome = S("refused");
    *ret = (ImportRow){ .line = (int64_t)row->line,
                        .key = o.no.len ? o.no : account,
                        .name = o.name,
                        .outcome = outcome,
                        .reasons = { im->reasons.items, im->reasons.len },
                        .notes = { im->notes.items, im->notes.len },
                        .rule = im->rule };
    im->reasons.items = NULL;
    im->notes.items = NULL;
    return OK;
}

static bool is_empty_row(const CsvRow *row) {
    for (size_t i = 0; i < row->len; i++)
        if (str_trim(row->cells[i]).len)
            return false;
    return true;
}

static void count_row(ImportReport *report, Str outcome) {
    report->new_count += str_eq(outcome, S("new"));
    report->changed_count += str_eq(outcome, S("changed"));
    report->same_count += str_eq(outcome, S("same"));
    report->refused_count += str_eq(outcome, S("refused"));
}

static Err import_rows(Import *im, const CsvTable *table, ImportReport *report) {
    report->rows = arena_array(im->ctx->arena, table->len, sizeof(ImportRow));
    for (size_t i = 1; i < table->len; i++) {
        if (is_empty_row(&table->rows[i]))
            continue;
        ImportRow *row = &report->rows[report->len++];
        TRY(import_row(im, &table->rows[i], row));
        count_row(report, row->outcome);
    }
    return report->len ? OK : no_roster();
}

Err outlet_import(Ctx *ctx, Str csv_bytes, bool is_dry_run, ImportReport *ret) {
    Import im = { .ctx = ctx,
                  .words = catalogue_of(ctx->lang),
                  .seen_no = map_new(ctx->arena),
                  .seen_account = map_new(ctx->arena) };
    ImportReport report = { 0 };
    CsvTable table;
    CsvLimits limits = { (size_t)config_int(ctx->config, CONFIG_IMPORT_BYTES),
                         (size_t)config_int(ctx->config, CONFIG_IMPORT_ROWS), COLUMNS_MAX * 2,
                         64 << 10 };
    Str text;
    const char *encoding;
    DB_TX(tx);

    if (csv_bytes.len > limits.text_bytes)
        return FAIL_ARGS(ERR_LIMIT, "file", N_("The file has more than {0} bytes."),
                         str_from_int(ctx->arena, (int64_t)limits.text_bytes));
    TRY(charset_to_utf8(ctx->arena, csv_bytes, STR_EMPTY, &text, &encoding));
    TRY(csv_read(ctx->arena, text, limits, &table));
    TRY(read_headings(&im, &table));
    TRY(db_begin_alone(ctx, &tx));
    TRY(site_zone(ctx, &im.zone));
    TRY(import_rows(&im, &table, &report));
    report.is_written = report.refused_count == 0 && !is_dry_run;
    if (report.is_written)
        TRY(db_commit(&tx));
    else
        ctx->changed.len = 0; /* rolled back: no page changes */
    *ret = report;
    return OK;
}
