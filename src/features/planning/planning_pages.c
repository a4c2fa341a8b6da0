/* features/planning/planning_pages.c - words, times and addresses that planning's pages share. */
#include "features/planning/planning_pages.h"

#include "text/zone.h"
#include "view/catalogue.h"

const PlanningWord pitch_states[PITCH_STATES] = {
    { S_INIT("proposed"), N_("Waits for an editor"), "warn" },
    { S_INIT("accepted"), N_("Accepted"), "ok" },
    { S_INIT("assigned"), N_("Assigned"), "info" },
    { S_INIT("declined"), N_("Declined"), "bad" },
    { S_INIT("withdrawn"), N_("Taken back"), "off" },
};

PlanningWord planning_word(const PlanningWord *list, size_t count, Str value) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].value, value))
            return list[i];
    return (PlanningWord){ value, "", "" };
}

Json *planning_words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

const char *planning_kind_title(Str kind) {
    for (size_t i = 0; i < STORY_KINDS; i++)
        if (str_eq(manuscript_kinds[i].kind, kind))
            return manuscript_kinds[i].title;
    return "";
}

Json *planning_kinds(Ctx *ctx, Str chosen) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < STORY_KINDS; i++) {
        Json *kind = json_obj(ctx->arena);
        json_set(kind, "value", json_str(ctx->arena, manuscript_kinds[i].kind));
        json_set(kind, "label", planning_words(ctx, manuscript_kinds[i].title));
        json_set(kind, "selected", json_bool(ctx->arena, str_eq(manuscript_kinds[i].kind, chosen)));
        json_push(out, kind);
    }
    return out;
}

Err planning_time(Ctx *ctx, Str zone, int64_t at_ms, Json **ret) {
    Json *out = json_obj(ctx->arena);
    Str text, iso;

    TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT, at_ms, &text));
    TRY(zone_rfc3339(ctx->arena, zone, at_ms, &iso));
    json_set(out, "text", json_str(ctx->arena, text));
    json_set(out, "iso", json_str(ctx->arena, iso));
    *ret = out;
    return OK;
}

Json *planning_outlet(Ctx *ctx, const Outlet *outlet) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "no", json_str(ctx->arena, outlet->no));
    json_set(out, "name", json_str(ctx->arena, outlet->name));
    return out;
}

Str planning_pitch_url(Ctx *ctx, int64_t id) {
    return str_format(ctx->arena, "/desk/pitches/%lld", (long long)id);
}

Str planning_assignment_url(Ctx *ctx, int64_t id) {
    return str_format(ctx->arena, "/desk/assignments/%lld", (long long)id);
}

Err planning_outlet_of_pitch(Ctx *ctx, const Request *req, int64_t *ret) {
    Pitch p;

    TRY(pitch_get(ctx, req_id(req, "pitch"), &p));
    *ret = p.outlet_id;
    return OK;
}
