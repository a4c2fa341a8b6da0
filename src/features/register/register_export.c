/* features/register/register_export.c - the register as CSV, which a spreadsheet opens and import takes back. */
#include "features/register/register_export.h"

#include "features/register/register_fields.h"
#include "features/register/register_states.h"
#include "features/site/site.h"
#include "text/csv.h"
#include "text/zone.h"

/* YYYY-MM-DD, whatever the language of who asks: programs read it. */
static Str day_of(Ctx *ctx, Str zone, int64_t at_ms) {
    ZoneTime local;

    if (!at_ms || zone_local(zone, at_ms, &local).code != ERR_OK)
        return STR_EMPTY;
    return str_format(ctx->arena, "%04d-%02d-%02d", (int)local.year, (int)local.month,
                      (int)local.day);
}

static Str state_cell(Ctx *ctx, Str zone, const Outlet *o) {
    const OutletState *state = outlet_state_of(o->state);

    (void)ctx, (void)zone;
    return state ? state->heading : o->state;
}

static Str state_day_cell(Ctx *ctx, Str zone, const Outlet *o) {
    return day_of(ctx, zone, o->state_ms);
}

static Str reason_cell(Ctx *ctx, Str zone, const Outlet *o) {
    (void)ctx, (void)zone;
    return o->state_reason;
}

static Str filed_cell(Ctx *ctx, Str zone, const Outlet *o) {
    return day_of(ctx, zone, o->filed_ms);
}

const OwnColumn register_own_columns[OWN_COLUMNS] = {
    { "状态", state_cell },
    { "状态日期", state_day_cell },
    { "状态说明", reason_cell },
    { "备案日期", filed_cell },
};

static bool is_exported(const CardField *field) {
    return !field->is_private && field->kind != CARD_UNIT_KIND;
}

static void write_headings(Buf *out) {
    Str cells[CARD_FIELDS + OWN_COLUMNS];
    size_t len = 0;

    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (is_exported(&card_fields[i]))
            cells[len++] = str_from_c(card_fields[i].heading);
    for (size_t i = 0; i < OWN_COLUMNS; i++)
        cells[len++] = str_from_c(register_own_columns[i].heading);
    csv_write_row(out, cells, len);
}

static void write_outlet(Ctx *ctx, Str zone, Buf *out, const Outlet *o) {
    Str cells[CARD_FIELDS + OWN_COLUMNS];
    size_t len = 0;

    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (is_exported(&card_fields[i]))
            cells[len++] = card_get(ctx->arena, &card_fields[i], o);
    for (size_t i = 0; i < OWN_COLUMNS; i++)
        cells[len++] = register_own_columns[i].cell(ctx, zone, o);
    csv_write_row(out, cells, len);
}

Err outlet_export(Ctx *ctx, const OutletFilter *filter, Str *ret) {
    OutletList list = { 0 };
    int64_t total, after = 0;
    Buf out = buf_new(ctx->arena, 0);
    Str zone;

    TRY(site_zone(ctx, &zone));
    buf_add(&out, S("\xEF\xBB\xBF"));
    write_headings(&out);
    do {
        TRY(outlet_list(ctx, filter, after, OUTLET_LIST_MAX, &list, &total));
        for (size_t i = 0; i < list.len; i++) {
            write_outlet(ctx, zone, &out, &list.items[i]);
            after = list.items[i].id;
        }
    } while (list.len == OUTLET_LIST_MAX);
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}
