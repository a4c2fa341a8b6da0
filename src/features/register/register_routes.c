/* features/register/register_routes.c - the register for readers and for its staff. */
#include "features/identity/identity.h"
#include "features/register/register_fields.h"
#include "features/register/register_states.h"
#include "text/csv.h"
#include "view/catalogue.h"

enum { PER_PAGE = 60, EXPORT_MAX = 200 };

static const Field list_fields[] = {
    { "tier", FIELD_ENUM, IN_QUERY, .words = "校级 二级 三级", .label = N_("Tier") },
    { "state", FIELD_WORD, IN_QUERY, .label = N_("State") },
    { "platform", FIELD_LINE, IN_QUERY, .max_chars = 20, .label = N_("Platform") },
    { "q", FIELD_LINE, IN_QUERY, .max_chars = 60, .label = N_("Name, number or unit") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field move_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { "to", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("State") },
    { "reason", FIELD_TEXT, IN_BODY, .max_chars = OUTLET_REASON_CHARS_MAX, .label = N_("Reason") },
    { 0 },
};
static const Field import_fields[] = {
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 64 << 20, .label = N_("CSV file") },
    { "dry_run", FIELD_BOOL, IN_BODY, .label = N_("Only check, write nothing") },
    { 0 },
};

#define CARD(name_, chars, required, label_)                                                       \
    { name_, FIELD_LINE, IN_BODY, .max_chars = chars, .is_required = required, .label = label_ }
#define CARD_FORM                                                                                  \
    CARD("no", 20, false, N_("Number")), CARD("name", 60, true, N_("Name")),                       \
        CARD("platform", 20, true, N_("Platform")),                                                \
        CARD("platform_account", 100, false, N_("Account on the platform")),                       \
        CARD("url", 500, false, N_("Address")), CARD("tier", 10, true, N_("Tier")),                \
        CARD("unit", 60, true, N_("Unit")), CARD("unit_kind", 10, false, N_("Kind of unit")),      \
        CARD("supervisor", 60, false, N_("Supervising unit")),                                     \
        CARD("verified_as", 60, false, N_("Verified as")),                                         \
        CARD("purpose", 300, false, N_("Purpose")), CARD("opened_on", 20, false, N_("Opened")),    \
        CARD("first_responsible", 40, false, N_("First responsible")),                             \
        CARD("direct_lead", 40, false, N_("Direct lead")),                                         \
        CARD("teacher", 40, false, N_("Teacher")),                                                 \
        CARD("teacher_contact", 100, false, N_("Contact of the guiding teacher")),                 \
        CARD("operators", 200, false, N_("Operators")),                                            \
        CARD("reviewers", 200, false, N_("Reviewers")),                                            \
        CARD("emergency_contact", 100, false, N_("Emergency contact")),                            \
        CARD("promised_per_week", 10, false, N_("Promised a week")),                               \
        CARD("followers", 12, false, N_("Followers")),                                             \
        CARD("followers_as_of", 20, false, N_("Counted on")),                                      \
        CARD("feed_url", 500, false, N_("Feed address"))
static const Field new_fields[] = { CARD_FORM, { 0 } };
static const Field change_fields[] = { { "card", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
                                       CARD_FORM,
                                       { 0 } };
static const Field card_path[] = { { "card", FIELD_WORD, IN_PATH, .label = N_("Outlet") }, { 0 } };

#define LIST_KEYS                                                                                  \
    "title total q tier tiers[name selected] state platform outlets[" OUTLET_KEYS "] next"
static const Model list_model = { "register/list", LIST_KEYS };
static const Model admin_model = { "register/admin", LIST_KEYS };
static const Model card_model = {
    "register/card",
    "title version is_new action outlet{" OUTLET_KEYS
    "} fields[name label value error is_required] "
    "moves[to label needs_reason]",
};
static const Model change_model = { NULL, KEYS(id no version) };
static const Model import_page = { "register/import", KEYS(title) };
static const Model report_model = {
    "register/report",
    KEYS(title rows[line key name outcome outcome_text look reasons[] notes[] rule] new_count
             changed_count same_count refused_count is_written is_dry_run),
};

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

/* ---- lists ---- */

static Json *tiers_model(Ctx *ctx, Str chosen) {
    static const Str tiers[] = { S_INIT("校级"), S_INIT("二级"), S_INIT("三级") };
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < COUNT_OF(tiers); i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "name", json_str(ctx->arena, tiers[i]));
        json_set(item, "selected", json_bool(ctx->arena, str_eq(tiers[i], chosen)));
        json_push(out, item);
    }
    return out;
}

static Err put_list(Ctx *ctx, const Request *req, Response *res, bool has_applications,
                    Json *model) {
    OutletFilter filter = { .tier = req_text(req, "tier"),
                            .state = req_text(req, "state"),
                            .platform = req_text(req, "platform"),
                            .q = req_text(req, "q"),
                            .has_applications = has_applications };
    OutletList list;
    int64_t after, unused, total;
    Json *outlets = json_arr(ctx->arena), *next = json_null(ctx->arena);

    req_cursor(req, "after", &after, &unused);
    TRY(outlet_list(ctx, &filter, after, PER_PAGE, &list, &total));
    for (size_t i = 0; i < list.len; i++)
        json_push(outlets, outlet_model(ctx, &list.items[i]));
    if (list.len == PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[list.len - 1].id, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", words(ctx, has_applications ? N_("Register") : N_("Outlets")));
    json_set(model, "total", json_int(ctx->arena, total));
    json_set(model, "q", json_str(ctx->arena, filter.q));
    json_set(model, "tier", json_str(ctx->arena, filter.tier));
    json_set(model, "tiers", tiers_model(ctx, filter.tier));
    json_set(model, "state", json_str(ctx->arena, filter.state));
    json_set(model, "platform", json_str(ctx->arena, filter.platform));
    json_set(model, "outlets", outlets);
    json_set(model, "next", next);
    return OK;
}

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    TRY(put_list(ctx, req, res, false, model));
    res_tag(res, S("outlets"));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}

static Err show_admin(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    TRY(put_list(ctx, req, res, true, model));
    return res_view(ctx, req, res, model);
}

/* The public columns of all filed outlets; cells that a spreadsheet would run are defused by the writer. */
static Err export_csv(Ctx *ctx, const Request *req, Response *res) {
    OutletFilter filter = { 0 };
    OutletList list = { 0 };
    int64_t total, after = 0;
    Buf out = buf_new(ctx->arena, 0);
    Str cells[CARD_FIELDS];
    size_t len = 0;

    (void)req;
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (!card_fields[i].is_private)
            cells[len++] = str_from_c(card_fields[i].heading);
    buf_add(&out, S("\xEF\xBB\xBF"));
    csv_write_row(&out, cells, len);
    do {
        TRY(outlet_list(ctx, &filter, after, EXPORT_MAX, &list, &total));
        for (size_t row = 0; row < list.len; row++) {
            len = 0;
            for (size_t i = 0; i < CARD_FIELDS; i++)
                if (!card_fields[i].is_private)
                    cells[len++] = card_get(ctx->arena, &card_fields[i], &list.items[row]);
            csv_write_row(&out, cells, len);
            after = list.items[row].id;
        }
    } while (list.len == EXPORT_MAX);
    TRY(buf_check(&out));
    TRY(res_header(res, "Content-Disposition", S("attachment; filename=\"outlets.csv\"")));
    return res_bytes(res, 200, "text/csv; charset=utf-8", buf_str(&out));
}

/* ---- one card ---- */

static Json *card_form(Ctx *ctx, const Outlet *o, Json **ret_fields) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena),
         *fields = json_arr(ctx->arena);

    for (size_t i = 0; i < CARD_FIELDS; i++) {
        Json *field = json_obj(ctx->arena);
        Str value = card_get(ctx->arena, &card_fields[i], o);
        json_set(field, "name", json_str(ctx->arena, str_from_c(card_fields[i].name)));
        json_set(field, "label", words(ctx, card_fields[i].label));
        json_set(field, "value", json_str(ctx->arena, value));
        json_set(field, "error", json_null(ctx->arena));
        json_set(field, "is_required", json_bool(ctx->arena, card_fields[i].is_required));
        json_push(fields, field);
        json_set(values, card_fields[i].name, json_str(ctx->arena, value));
    }
    json_set(form, "values", values);
    *ret_fields = fields;
    return form;
}

static Json *moves_of(Ctx *ctx, const Outlet *o) {
    Json *moves = json_arr(ctx->arena);

    for (size_t i = 0; i < outlet_moves_count; i++) {
        if (!str_eq(outlet_moves[i].from, o->state))
            continue;
        Json *move = json_obj(ctx->arena);
        json_set(move, "to", json_str(ctx->arena, outlet_moves[i].to));
        json_set(move, "label", words(ctx, outlet_moves[i].label));
        json_set(move, "needs_reason", json_bool(ctx->arena, outlet_moves[i].needs_reason));
        json_push(moves, move);
    }
    return moves;
}

static Err view_card(Ctx *ctx, const Request *req, Response *res, const Outlet *o, bool is_new) {
    Json *model = json_obj(ctx->arena), *fields;
    Json *form = card_form(ctx, o, &fields);

    json_set(model, "title", is_new ? words(ctx, N_("New outlet")) : json_str(ctx->arena, o->name));
    json_set(model, "version", json_int(ctx->arena, o->version));
    json_set(model, "is_new", json_bool(ctx->arena, is_new));
    json_set(model, "action",
             json_str(ctx->arena,
                      is_new ? S("/admin/outlets")
                             : str_format(ctx->arena, "/admin/outlets/%.*s", STR_ARG(o->no))));
    json_set(model, "outlet", outlet_model(ctx, o));
    json_set(model, "fields", fields);
    json_set(model, "moves", moves_of(ctx, o));
    json_set(model, "form", form);
    if (!is_new)
        res_version(res, o->version);
    return res_view(ctx, req, res, model);
}

static Err show_new(Ctx *ctx, const Request *req, Response *res) {
    Outlet o = { .tier = S("二级"), .state = S("active") };

    return view_card(ctx, req, res, &o, true);
}

static Err show_card(Ctx *ctx, const Request *req, Response *res) {
    Outlet o;

    TRY(outlet_by_no(ctx, req_text(req, "card"), &o));
    return view_card(ctx, req, res, &o, false);
}

static Err read_card(Ctx *ctx, const Request *req, Outlet *o) {
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (req_has(req, card_fields[i].name))
            TRY(card_set(ctx->arena, &card_fields[i], req_text(req, card_fields[i].name), o));
    return OK;
}

static Err answer_card(Ctx *ctx, const Request *req, Response *res, int64_t id, bool is_created) {
    Outlet o;
    Json *model = json_obj(ctx->arena);

    TRY(outlet_get(ctx, id, &o));
    json_set(model, "id", json_id(ctx->arena, o.id));
    json_set(model, "no", json_str(ctx->arena, o.no));
    json_set(model, "version", json_int(ctx->arena, o.version));
    Str place = str_format(ctx->arena, "/admin/outlets/%.*s", STR_ARG(o.no));
    return is_created ? res_created(ctx, req, res, place, model)
                      : res_done(ctx, req, res, place, model);
}

static Err file_new(Ctx *ctx, const Request *req, Response *res) {
    Outlet o = { .state = S("active") };
    int64_t id;

    TRY(read_card(ctx, req, &o));
    TRY(outlet_file(ctx, &o, &id));
    return answer_card(ctx, req, res, id, true);
}

static Err change(Ctx *ctx, const Request *req, Response *res) {
    Outlet o;

    TRY(outlet_by_no(ctx, req_text(req, "card"), &o));
    o.version = req_version(req);
    TRY(read_card(ctx, req, &o));
    TRY(outlet_change(ctx, &o));
    return answer_card(ctx, req, res, o.id, false);
}

static Err move(Ctx *ctx, const Request *req, Response *res) {
    Outlet o;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &o));
    TRY(outlet_move(ctx, o.id, req_text(req, "to"), req_text(req, "reason"), req_version(req)));
    return answer_card(ctx, req, res, o.id, false);
}

/* ---- import ---- */

static Err show_import(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title", words(ctx, N_("Import a roster")));
    return res_view(ctx, req, res, model);
}

static Json *texts(Ctx *ctx, StrList list) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < list.len; i++)
        json_push(out, json_str(ctx->arena, list.items[i]));
    return out;
}

static Json *row_model(Ctx *ctx, const ImportRow *row) {
    static const char *const outcomes[][3] = { { "new", N_("new"), "ok" },
                                               { "changed", N_("changed"), "info" },
                                               { "same", N_("same"), "off" },
                                               { "refused", N_("refused"), "bad" } };
    Json *out = json_obj(ctx->arena);

    json_set(out, "line", json_int(ctx->arena, row->line));
    json_set(out, "key", json_str(ctx->arena, row->key));
    json_set(out, "name", json_str(ctx->arena, row->name));
    json_set(out, "outcome", json_str(ctx->arena, row->outcome));
    for (size_t i = 0; i < COUNT_OF(outcomes); i++)
        if (str_eq(row->outcome, str_from_c(outcomes[i][0]))) {
            json_set(out, "outcome_text", words(ctx, outcomes[i][1]));
            json_set(out, "look", json_str(ctx->arena, str_from_c(outcomes[i][2])));
        }
    json_set(out, "reasons", texts(ctx, row->reasons));
    json_set(out, "notes", texts(ctx, row->notes));
    json_set(out, "rule", row->rule ? json_int(ctx->arena, row->rule) : json_null(ctx->arena));
    return out;
}

static Err import(Ctx *ctx, const Request *req, Response *res) {
    Upload file;
    ImportReport report;
    Json *model = json_obj(ctx->arena), *rows = json_arr(ctx->arena);
    bool is_dry_run = req_bool(req, "dry_run");

    if (!req_file(req, "file", &file))
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    TRY(outlet_import(ctx, file.bytes, is_dry_run, &report));
    for (size_t i = 0; i < report.len; i++)
        json_push(rows, row_model(ctx, &report.rows[i]));
    json_set(model, "title", words(ctx, N_("Import a roster")));
    json_set(model, "rows", rows);
    json_set(model, "new_count", json_int(ctx->arena, report.new_count));
    json_set(model, "changed_count", json_int(ctx->arena, report.changed_count));
    json_set(model, "same_count", json_int(ctx->arena, report.same_count));
    json_set(model, "refused_count", json_int(ctx->arena, report.refused_count));
    json_set(model, "is_written", json_bool(ctx->arena, report.is_written));
    json_set(model, "is_dry_run", json_bool(ctx->arena, is_dry_run));
    return res_view_as(ctx, req, res, report.refused_count ? 422 : 200, &report_model, model);
}

const Route register_routes[] = {
    { "GET", "/outlets", CAP_READ, list_fields, show_list, &list_model, ROUTE_CACHED,
      .summary = N_("All outlets of the alliance.") },
    { "GET", "/outlets.csv", CAP_READ, NULL, export_csv, NULL, ROUTE_RAW,
      .summary = N_("The public register as CSV.") },
    { "GET", "/admin/outlets", CAP_REGISTER, list_fields, show_admin, &admin_model,
      .summary = N_("The register with its applications.") },
    { "GET", "/admin/outlets/new", CAP_REGISTER, NULL, show_new, &card_model,
      .summary = N_("The form of a new outlet.") },
    { "POST", "/admin/outlets", CAP_REGISTER, new_fields, file_new, &change_model,
      .form_handler = show_new, .summary = N_("Files a new outlet.") },
    { "GET", "/admin/outlets/import", CAP_REGISTER, NULL, show_import, &import_page,
      .summary = N_("The form that takes a roster.") },
    { "POST", "/admin/outlets/import", CAP_REGISTER, import_fields, import, &report_model,
      ROUTE_UPLOAD | ROUTE_LONG, .form_handler = show_import,
      .summary = N_("Takes a whole roster: all or nothing, with a report.") },
    { "GET", "/admin/outlets/{card}", CAP_REGISTER, card_path, show_card, &card_model,
      .summary = N_("An outlet's card with its private contacts.") },
    { "POST", "/admin/outlets/{card}", CAP_REGISTER, change_fields, change, &change_model,
      ROUTE_IF_MATCH, .form_handler = show_card, .summary = N_("Changes an outlet's card.") },
    { "POST", "/admin/outlets/{no}/state", CAP_REGISTER, move_fields, move, &change_model,
      ROUTE_IF_MATCH, .summary = N_("Moves an outlet to another state.") },
    { 0 },
};
