/* features/register/register_routes.c - the register for readers and for its staff. */
#include "base/percent.h"
#include "features/identity/identity.h"
#include "features/register/register_fields.h"
#include "features/register/register_states.h"
#include "features/site/site.h"
#include "view/catalogue.h"

enum { PER_PAGE = 60 };

#define FILTERS                                                                                    \
    { "tier", FIELD_ENUM, IN_QUERY, .words = "校级 二级 三级", .label = N_("Tier") },              \
        { "state", FIELD_ENUM, IN_QUERY,                                                           \
          .words = "applied pending filed active change_pending in_review passed rectify "         \
                   "suspended struck",                                                             \
          .label = N_("State") },                                                                  \
        { "platform", FIELD_LINE, IN_QUERY, .max_chars = 20, .label = N_("Platform") },            \
        { "missing", FIELD_LINE, IN_QUERY, .max_chars = 20,                                        \
          .label = N_("Platform that the unit lacks") },                                           \
    {                                                                                              \
        "q", FIELD_LINE, IN_QUERY, .max_chars = 60, .label = N_("Name, number or unit")            \
    }
static const Field list_fields[] = { FILTERS, { "after", FIELD_CURSOR, IN_QUERY }, { 0 } };
static const Field export_fields[] = { FILTERS, { 0 } };
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

/* Characters as the table of fields has them; the service checks again, with the finer rules. */
#define CARD(name_, chars, required, label_)                                                       \
    { name_, FIELD_LINE, IN_BODY, .max_chars = chars, .is_required = required, .label = label_ }
#define CARD_BUT_NO                                                                                \
    CARD("name", 40, true, N_("Name")), CARD("platform", 20, true, N_("Platform")),                \
        CARD("platform_account", 80, false, N_("Account on the platform")),                        \
        CARD("url", 500, false, N_("Address")), CARD("tier", 10, true, N_("Tier")),                \
        CARD("unit", 40, true, N_("Unit")), CARD("unit_kind", 10, false, N_("Kind of unit")),      \
        CARD("supervisor", 40, false, N_("Supervising unit")),                                     \
        CARD("verified_as", 60, false, N_("Verified as")),                                         \
        { "purpose", FIELD_TEXT, IN_BODY, .max_chars = 500, .label = N_("Purpose") },              \
        CARD("opened_on", 20, false, N_("Opened")),                                                \
        CARD("first_responsible", 60, false, N_("First responsible")),                             \
        CARD("direct_lead", 60, false, N_("Direct lead")),                                         \
        CARD("teacher", 60, false, N_("Teacher")),                                                 \
        CARD("teacher_contact", 100, false, N_("Contact of the guiding teacher")),                 \
        CARD("operators", 300, false, N_("Operators")),                                            \
        CARD("reviewers", 300, false, N_("Reviewers")),                                            \
        CARD("emergency_contact", 100, false, N_("Emergency contact")),                            \
        CARD("promised_per_week", 10, false, N_("Promised a week")),                               \
        CARD("followers", 12, false, N_("Followers")),                                             \
        CARD("followers_as_of", 20, false, N_("Counted on")),                                      \
        CARD("feed_url", 500, false, N_("Feed address"))
#define CARD_FORM CARD("no", OUTLET_NO_CHARS_MAX, false, N_("Filing number")), CARD_BUT_NO
static const Field apply_fields[] = { CARD_BUT_NO, { 0 } };
static const Field application_path[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Application") },
                                          { 0 } };
static const Field new_fields[] = { CARD_FORM, { 0 } };
static const Field change_fields[] = { { "card", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
                                       CARD_FORM,
                                       { 0 } };
static const Field card_path[] = { { "card", FIELD_WORD, IN_PATH, .label = N_("Outlet") }, { 0 } };

#define LIST_KEYS                                                                                  \
    "title total q tier state platform missing tiers[word is_chosen] states[word text is_chosen] " \
    "platforms[word is_chosen] missings[word is_chosen] csv_url "                                  \
    "outlets[" OUTLET_KEYS " ref flags[name text look]] next next_url"
static const Model list_model = { "register/list", LIST_KEYS };
static const Model admin_model = { "register/admin", LIST_KEYS };
static const Model card_model = {
    "register/card",
    "title version is_new ref action outlet{" OUTLET_KEYS "} teacher_contact emergency_contact "
    "flags[name text look] moves[to label needs_reason] grants[role name]",
};
static const Model apply_model = { "register/apply", KEYS(title) };
static const Model application_model = {
    "register/application",
    "title outlet{" OUTLET_KEYS "} is_open is_filed",
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

/* What an outlet goes by among staff: its number, or its id while it has none. */
static Str ref_of(Ctx *ctx, const Outlet *o) {
    return o->no.len ? o->no : str_from_int(ctx->arena, o->id);
}

static Err outlets_model(Ctx *ctx, const OutletList *list, Json **ret) {
    OutletFlags *flags = arena_array(ctx->arena, list->len + 1, sizeof *flags);
    Json *out = json_arr(ctx->arena);
    Str zone;

    TRY(site_zone(ctx, &zone));
    TRY(outlet_flags(ctx, list->items, list->len, flags));
    for (size_t i = 0; i < list->len; i++) {
        Json *outlet = outlet_model(ctx, zone, &list->items[i]);
        json_set(outlet, "ref", json_str(ctx->arena, ref_of(ctx, &list->items[i])));
        json_set(outlet, "flags", outlet_flags_model(ctx, &flags[i]));
        json_push(out, outlet);
    }
    *ret = out;
    return OK;
}

static Json *choice(Ctx *ctx, Str word, Str chosen) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "word", json_str(ctx->arena, word));
    json_set(out, "is_chosen", json_bool(ctx->arena, str_eq(word, chosen)));
    return out;
}

static Json *tiers_model(Ctx *ctx, Str chosen) {
    static const Str tiers[] = { S_INIT("校级"), S_INIT("二级"), S_INIT("三级") };
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < COUNT_OF(tiers); i++)
        json_push(out, choice(ctx, tiers[i], chosen));
    return out;
}

static Json *states_model(Ctx *ctx, Str chosen, bool has_applications) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < outlet_states_count; i++) {
        if (outlet_states[i].is_application && !has_applications)
            continue;
        Json *state = choice(ctx, outlet_states[i].code, chosen);
        json_set(state, "text", words(ctx, outlet_states[i].label));
        json_push(out, state);
    }
    return out;
}

static Json *platforms_model(Ctx *ctx, const StrList *platforms, Str chosen) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < platforms->len; i++)
        json_push(out, choice(ctx, platforms->items[i], chosen));
    return out;
}

/* The address of these outlets in another form or from another place on: the filter goes with it. */
static Str filter_url(Ctx *ctx, const char *path, const OutletFilter *filter, Str after) {
    const struct {
        const char *name;
        Str value;
    } parts[] = { { "tier", filter->tier },
                  { "state", filter->state },
                  { "platform", filter->platform },
                  { "missing", filter->missing },
                  { "q", filter->q },
                  { "after", after } };
    Buf out = buf_new(ctx->arena, 0);
    char sign = '?';

    buf_add(&out, str_from_c(path));
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!parts[i].value.len)
            continue;
        buf_add_format(&out, "%c%s=", sign, parts[i].name);
        sign = '&';
        percent_add(&out, parts[i].value);
    }
    return buf_str(&out);
}

Err register_outlet_of_no(Ctx *ctx, const Request *req, int64_t *ret) {
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    *ret = outlet.id;
    return OK;
}

static OutletFilter read_filter(const Request *req, bool has_applications) {
    return (OutletFilter){ .tier = req_text(req, "tier"),
                           .state = req_text(req, "state"),
                           .platform = req_text(req, "platform"),
                           .missing = req_text(req, "missing"),
                           .q = req_text(req, "q"),
                           .has_applications = has_applications };
}

static void put_filter(Ctx *ctx, const OutletFilter *filter, const StrList *platforms,
                       Json *model) {
    json_set(model, "q", json_str(ctx->arena, filter->q));
    json_set(model, "tier", json_str(ctx->arena, filter->tier));
    json_set(model, "state", json_str(ctx->arena, filter->state));
    json_set(model, "platform", json_str(ctx->arena, filter->platform));
    json_set(model, "missing", json_str(ctx->arena, filter->missing));
    json_set(model, "tiers", tiers_model(ctx, filter->tier));
    json_set(model, "states", states_model(ctx, filter->state, filter->has_applications));
    json_set(model, "platforms", platforms_model(ctx, platforms, filter->platform));
    json_set(model, "missings", platforms_model(ctx, platforms, filter->missing));
    json_set(model, "csv_url",
             json_str(ctx->arena, filter_url(ctx, "/outlets.csv", filter, STR_EMPTY)));
}

static Err put_list(Ctx *ctx, const Request *req, Response *res, bool has_applications,
                    Json *model) {
    OutletFilter filter = read_filter(req, has_applications);
    OutletList list;
    StrList platforms;
    int64_t after, unused, total;
    const char *path = has_applications ? "/admin/outlets" : "/outlets";
    Json *outlets, *next = json_null(ctx->arena), *next_url = json_null(ctx->arena);

    req_cursor(req, "after", &after, &unused);
    TRY(outlet_list(ctx, &filter, after, PER_PAGE, &list, &total));
    TRY(outlet_platforms(ctx, &platforms));
    TRY(outlets_model(ctx, &list, &outlets));
    if (list.len == PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[list.len - 1].id, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
        next_url = json_str(ctx->arena, filter_url(ctx, path, &filter, cursor));
    }
    json_set(model, "title", words(ctx, has_applications ? N_("Register") : N_("Outlets")));
    json_set(model, "total", json_int(ctx->arena, total));
    put_filter(ctx, &filter, &platforms, model);
    json_set(model, "outlets", outlets);
    json_set(model, "next", next);
    json_set(model, "next_url", next_url);
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

static Err export_csv(Ctx *ctx, const Request *req, Response *res) {
    OutletFilter filter = read_filter(req, false);
    Str csv;

    TRY(outlet_export(ctx, &filter, &csv));
    TRY(res_header(res, "Content-Disposition", S("attachment; filename=\"outlets.csv\"")));
    return res_bytes(res, 200, "text/csv; charset=utf-8", csv);
}

/* ---- one card ---- */

static Json *card_form(Ctx *ctx, const Outlet *o) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);

    for (size_t i = 0; i < CARD_FIELDS; i++)
        json_set(values, card_fields[i].name,
                 json_str(ctx->arena, card_get(ctx->arena, &card_fields[i], o)));
    json_set(form, "values", values);
    return form;
}

/* Who holds which role there now: the card's names are text, these are grants. */
static Err grants_model(Ctx *ctx, int64_t outlet_id, Json **ret) {
    Json *out = json_arr(ctx->arena);
    GrantList grants = { 0 };

    if (outlet_id)
        TRY(grant_of_outlet(ctx, outlet_id, &grants));
    for (size_t i = 0; i < grants.len; i++) {
        Json *grant = json_obj(ctx->arena);
        json_set(grant, "role", json_str(ctx->arena, grants.items[i].role));
        json_set(grant, "name", json_str(ctx->arena, grants.items[i].person_name));
        json_push(out, grant);
    }
    *ret = out;
    return OK;
}

static Json *moves_of(Ctx *ctx, const Outlet *o) {
    Json *moves = json_arr(ctx->arena);

    for (size_t i = 0; i < outlet_moves_count; i++) {
        if (!str_eq(outlet_moves[i].from, o->state) || outlet_moves[i].is_review)
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
    Json *model = json_obj(ctx->arena), *grants;
    OutletFlags flags = { 0 };
    Str ref = ref_of(ctx, o), zone;

    TRY(site_zone(ctx, &zone));
    if (!is_new)
        TRY(outlet_flags(ctx, o, 1, &flags));
    TRY(grants_model(ctx, o->id, &grants));
    json_set(model, "title", is_new ? words(ctx, N_("New outlet")) : json_str(ctx->arena, o->name));
    json_set(model, "version", json_int(ctx->arena, o->version));
    json_set(model, "is_new", json_bool(ctx->arena, is_new));
    json_set(model, "ref", json_str(ctx->arena, ref));
    json_set(
        model, "action",
        json_str(ctx->arena, is_new ? S("/admin/outlets")
                                    : str_format(ctx->arena, "/admin/outlets/%.*s", STR_ARG(ref))));
    json_set(model, "outlet", outlet_model(ctx, zone, o));
    json_set(model, "teacher_contact", json_str(ctx->arena, o->teacher_contact));
    json_set(model, "emergency_contact", json_str(ctx->arena, o->emergency_contact));
    json_set(model, "flags", outlet_flags_model(ctx, &flags));
    json_set(model, "moves", moves_of(ctx, o));
    json_set(model, "grants", grants);
    json_set(model, "form", card_form(ctx, o));
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

    TRY(outlet_by_ref(ctx, req_text(req, "card"), &o));
    return view_card(ctx, req, res, &o, false);
}

/* What was sent; an application does not ask for a number. */
static Err read_card(Ctx *ctx, const Request *req, bool has_no, Outlet *o) {
    for (size_t i = 0; i < CARD_FIELDS; i++) {
        bool is_asked = has_no || card_fields[i].kind != CARD_NO;
        if (is_asked && req_has(req, card_fields[i].name))
            TRY(card_set(ctx->arena, &card_fields[i], req_text(req, card_fields[i].name), o));
    }
    return OK;
}

static Err answer_card(Ctx *ctx, const Request *req, Response *res, int64_t id, bool is_created) {
    Outlet o;
    Json *model = json_obj(ctx->arena);

    TRY(outlet_get(ctx, id, &o));
    json_set(model, "id", json_id(ctx->arena, o.id));
    json_set(model, "no", json_str(ctx->arena, o.no));
    json_set(model, "version", json_int(ctx->arena, o.version));
    Str place = str_format(ctx->arena, "/admin/outlets/%.*s", STR_ARG(ref_of(ctx, &o)));
    return is_created ? res_created(ctx, req, res, place, model)
                      : res_done(ctx, req, res, place, model);
}

static Err file_new(Ctx *ctx, const Request *req, Response *res) {
    Outlet o = { .state = S("active") };
    int64_t id;

    TRY(read_card(ctx, req, true, &o));
    TRY(outlet_file(ctx, &o, &id));
    return answer_card(ctx, req, res, id, true);
}

static Err change(Ctx *ctx, const Request *req, Response *res) {
    Outlet o;

    TRY(outlet_by_ref(ctx, req_text(req, "card"), &o));
    o.version = req_version(req);
    TRY(read_card(ctx, req, true, &o));
    TRY(outlet_change(ctx, &o));
    return answer_card(ctx, req, res, o.id, false);
}

static Err move(Ctx *ctx, const Request *req, Response *res) {
    Outlet o;

    TRY(outlet_by_ref(ctx, req_text(req, "no"), &o));
    TRY(outlet_move(ctx, o.id, req_text(req, "to"), req_text(req, "reason"), req_version(req)));
    return answer_card(ctx, req, res, o.id, false);
}

/* ---- applications ---- */

static Err show_apply(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title", words(ctx, N_("Apply for an outlet")));
    return res_view(ctx, req, res, model);
}

static Err apply(Ctx *ctx, const Request *req, Response *res) {
    Outlet o = { 0 };
    Json *model = json_obj(ctx->arena);
    int64_t id;

    TRY(read_card(ctx, req, false, &o));
    TRY(outlet_apply(ctx, &o, &id));
    TRY(outlet_get(ctx, id, &o));
    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "no", json_str(ctx->arena, o.no));
    json_set(model, "version", json_int(ctx->arena, o.version));
    return res_created(ctx, req, res,
                       str_format(ctx->arena, "/outlets/applications/%lld", (long long)id), model);
}

/* What became of it; without the contacts, as everything that is not for the register's staff. */
static Err show_application(Ctx *ctx, const Request *req, Response *res) {
    Outlet o;
    Str zone;
    Json *model = json_obj(ctx->arena);

    TRY(site_zone(ctx, &zone));
    TRY(outlet_get(ctx, req_id(req, "id"), &o));
    const OutletState *state = outlet_state_of(o.state);
    json_set(model, "title", json_str(ctx->arena, o.name));
    json_set(model, "outlet", outlet_model(ctx, zone, &o));
    json_set(model, "is_open", json_bool(ctx->arena, state && state->is_application));
    json_set(model, "is_filed", json_bool(ctx->arena, o.filed_ms != 0));
    return res_view(ctx, req, res, model);
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
    { "GET", "/outlets/apply", CAP_SIGNED_IN, NULL, show_apply, &apply_model,
      .summary = N_("The form that applies for an outlet.") },
    { "POST", "/outlets/apply", CAP_SIGNED_IN, apply_fields, apply, &change_model,
      .form_handler = show_apply, .summary = N_("Applies for an outlet to be filed.") },
    { "GET", "/outlets/applications/{id}", CAP_SIGNED_IN, application_path, show_application,
      &application_model, .summary = N_("What became of an application.") },
    { "GET", "/outlets.csv", CAP_READ, export_fields, export_csv, NULL, ROUTE_RAW,
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
