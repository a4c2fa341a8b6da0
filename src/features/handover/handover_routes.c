/* features/handover/handover_routes.c - the page where an outlet is handed over, for both sides. */
#include "features/handover/handover.h"
#include "features/identity/identity.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { SHOWN = 20 };

static const Field page_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { 0 },
};
static const Field propose_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { "first_responsible", FIELD_LINE, IN_BODY, .max_chars = 60, .label = N_("First responsible") },
    { "teacher", FIELD_LINE, IN_BODY, .max_chars = 60, .label = N_("Teacher") },
    { "teacher_contact", FIELD_LINE, IN_BODY, .max_chars = 100,
      .label = N_("Contact of the guiding teacher") },
    { "operators", FIELD_LINE, IN_BODY, .max_chars = 300, .label = N_("Operators") },
    { "note", FIELD_LINE, IN_BODY, .max_chars = HANDOVER_NOTE_CHARS_MAX, .label = N_("Note") },
    { 0 },
};
static const Field act_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { "id", FIELD_ID, IN_PATH, .label = N_("Handover") },
    { 0 },
};

#define CHANGE_KEYS "changes[field label before after]"
static const Model page_model = {
    "handover/page",
    "title name no days is_open handovers[id state state_text look proposed_on proposed_by role "
    "ended_on ended_by note teacher_contact until may_sign is_mine is_open " CHANGE_KEYS "]",
};
static const Model done_model = { NULL, KEYS(id no state) };

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

static Err day_of(Ctx *ctx, Str zone, int64_t at_ms, Json **ret) {
    Str text = STR_EMPTY;

    if (at_ms)
        TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_LONG_DATE, at_ms, &text));
    *ret = json_str(ctx->arena, text);
    return OK;
}

static Json *changes_of(Ctx *ctx, const Handover *h) {
    const struct {
        const char *field, *label;
        Str before, after;
    } fields[] = {
        { "first_responsible", N_("First responsible"), h->before.first_responsible,
          h->after.first_responsible },
        { "teacher", N_("Teacher"), h->before.teacher, h->after.teacher },
        { "operators", N_("Operators"), h->before.operators, h->after.operators },
    };
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (str_eq(fields[i].before, fields[i].after))
            continue;
        Json *change = json_obj(ctx->arena);
        json_set(change, "field", json_str(ctx->arena, str_from_c(fields[i].field)));
        json_set(change, "label", words(ctx, fields[i].label));
        json_set(change, "before", json_str(ctx->arena, fields[i].before));
        json_set(change, "after", json_str(ctx->arena, fields[i].after));
        json_push(out, change);
    }
    return out;
}

static void put_state(Ctx *ctx, const Handover *h, Json *out) {
    static const struct {
        const char *state, *text, *look;
    } all[] = {
        { "open", N_("waits for the other signature"), "warn" },
        { "signed", N_("signed by both"), "ok" },
        { "closed", N_("taken back or declined"), "off" },
        { "expired", N_("run out unsigned"), "bad" },
    };
    Str state = handover_state(h, ctx->now_ms);
    bool is_open = str_eq(state, S("open"));

    json_set(out, "state", json_str(ctx->arena, state));
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_eq(state, str_from_c(all[i].state))) {
            json_set(out, "state_text", words(ctx, all[i].text));
            json_set(out, "look", json_str(ctx->arena, str_from_c(all[i].look)));
        }
    json_set(out, "is_open", json_bool(ctx->arena, is_open));
    json_set(out, "is_mine", json_bool(ctx->arena, h->made_by == ctx->person_id));
    json_set(out, "may_sign", json_bool(ctx->arena, is_open && h->made_by != ctx->person_id));
}

static Err one_model(Ctx *ctx, Str zone, const Handover *h, Str by, Str ended_by, Json **ret) {
    Json *out = json_obj(ctx->arena), *made, *ended, *until;

    TRY(day_of(ctx, zone, h->made_ms, &made));
    TRY(day_of(ctx, zone, h->ended_ms, &ended));
    TRY(day_of(ctx, zone, h->made_ms + HANDOVER_DAYS * INT64_C(86400000), &until));
    json_set(out, "id", json_id(ctx->arena, h->id));
    put_state(ctx, h, out);
    json_set(out, "proposed_on", made);
    json_set(out, "proposed_by", json_str(ctx->arena, by));
    json_set(out, "role", json_str(ctx->arena, h->made_role));
    json_set(out, "ended_on", ended);
    json_set(out, "ended_by", json_str(ctx->arena, ended_by));
    json_set(out, "note", json_str(ctx->arena, h->note));
    json_set(out, "teacher_contact", json_str(ctx->arena, h->after.teacher_contact));
    json_set(out, "until", until);
    json_set(out, "changes", changes_of(ctx, h));
    *ret = out;
    return OK;
}

static Err list_model(Ctx *ctx, const HandoverList *list, Json **ret, bool *ret_is_open) {
    int64_t *ids = arena_array(ctx->arena, 2 * list->len + 1, sizeof *ids);
    Str *names = arena_array(ctx->arena, 2 * list->len + 1, sizeof *names), zone;
    Json *out = json_arr(ctx->arena), *one = NULL;

    for (size_t i = 0; i < list->len; i++) {
        ids[2 * i] = list->items[i].made_by;
        ids[2 * i + 1] = list->items[i].ended_by;
    }
    TRY(site_zone(ctx, &zone));
    TRY(person_names(ctx, ids, 2 * list->len, names));
    *ret_is_open = false;
    for (size_t i = 0; i < list->len; i++) {
        TRY(one_model(ctx, zone, &list->items[i], names[2 * i], names[2 * i + 1], &one));
        *ret_is_open =
            *ret_is_open || str_eq(handover_state(&list->items[i], ctx->now_ms), S("open"));
        json_push(out, one);
    }
    *ret = out;
    return OK;
}

/* The form begins with what the card says; the contact is never given out. */
static void put_form(Ctx *ctx, const Outlet *outlet, Json *model) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);

    json_set(values, "first_responsible", json_str(ctx->arena, outlet->first_responsible));
    json_set(values, "teacher", json_str(ctx->arena, outlet->teacher));
    json_set(values, "operators", json_str(ctx->arena, outlet->operators));
    json_set(form, "values", values);
    json_set(model, "form", form);
}

static Err show_page(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *list_of;
    HandoverList list;
    Outlet outlet;
    bool is_open;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(handover_list(ctx, outlet.id, SHOWN, &list));
    TRY(list_model(ctx, &list, &list_of, &is_open));
    Str heading = catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("Handover")));
    json_set(model, "title",
             json_str(ctx->arena, str_format(ctx->arena, "%.*s · %.*s", STR_ARG(outlet.name),
                                             STR_ARG(heading))));
    json_set(model, "name", json_str(ctx->arena, outlet.name));
    json_set(model, "no", json_str(ctx->arena, outlet.no));
    json_set(model, "days", json_int(ctx->arena, HANDOVER_DAYS));
    json_set(model, "is_open", json_bool(ctx->arena, is_open));
    json_set(model, "handovers", list_of);
    put_form(ctx, &outlet, model);
    return res_view(ctx, req, res, model);
}

static Err answer_done(Ctx *ctx, const Request *req, Response *res, int64_t id, Str state,
                       bool is_created) {
    Json *model = json_obj(ctx->arena);
    Str no = req_text(req, "no");
    Str place = str_format(ctx->arena, "/desk/outlets/%.*s/handover", STR_ARG(no));

    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "no", json_str(ctx->arena, no));
    json_set(model, "state", json_str(ctx->arena, state));
    return is_created ? res_created(ctx, req, res, place, model)
                      : res_done(ctx, req, res, place, model);
}

static Str text_or(const Request *req, const char *field, Str otherwise) {
    return req_has(req, field) ? req_text(req, field) : otherwise;
}

static Err propose(Ctx *ctx, const Request *req, Response *res) {
    Outlet outlet;
    int64_t id;

    TRY(outlet_get(ctx, ctx->outlet_id, &outlet));
    HandoverNames after = {
        .first_responsible = text_or(req, "first_responsible", outlet.first_responsible),
        .teacher = text_or(req, "teacher", outlet.teacher),
        .operators = text_or(req, "operators", outlet.operators),
        .teacher_contact = req_text(req, "teacher_contact"),
    };
    TRY(handover_propose(ctx, &after, req_text(req, "note"), &id));
    return answer_done(ctx, req, res, id, S("open"), true);
}

static Err sign(Ctx *ctx, const Request *req, Response *res) {
    TRY(handover_sign(ctx, req_id(req, "id")));
    return answer_done(ctx, req, res, req_id(req, "id"), S("signed"), false);
}

static Err close_it(Ctx *ctx, const Request *req, Response *res) {
    TRY(handover_close(ctx, req_id(req, "id")));
    return answer_done(ctx, req, res, req_id(req, "id"), S("closed"), false);
}

const Route handover_routes[] = {
    { "GET", "/desk/outlets/{no}/handover", OUTLET(CAP_HANDOVER), page_fields, show_page,
      &page_model, .outlet_of = register_outlet_of_no,
      .summary = N_("Handovers of an outlet: who proposed, who signed, what waits.") },
    { "POST", "/outlets/{no}/handover", OUTLET(CAP_HANDOVER), propose_fields, propose, &done_model,
      ROUTE_STEP_UP, .outlet_of = register_outlet_of_no, .form_handler = show_page,
      .summary = N_("Proposes who answers for an outlet from now on.") },
    { "POST", "/outlets/{no}/handover/{id}/sign", OUTLET(CAP_HANDOVER), act_fields, sign,
      &done_model, ROUTE_STEP_UP, .outlet_of = register_outlet_of_no,
      .summary = N_("Signs a handover that another person proposed; the card changes.") },
    { "POST", "/outlets/{no}/handover/{id}/close", OUTLET(CAP_HANDOVER), act_fields, close_it,
      &done_model, .outlet_of = register_outlet_of_no,
      .summary = N_("Takes a handover back, or declines it.") },
    { 0 },
};
