/* features/proof/proof_routes.c - the findings of a story, what is ignored, for people and programs at work. */
#include "features/identity/identity.h"
#include "features/proof/proof.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

#define RULE_AND_WORD                                                                              \
    { "rule", FIELD_WORD, IN_BODY, .is_required = true, .max_chars = 10, .label = N_("Rule") }, {  \
        "word", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = PROOF_WORD_CHARS,           \
                                     .label = N_("Word")                                           \
    }

static const Field story_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field story_word_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    RULE_AND_WORD,
    { 0 },
};
static const Field outlet_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { 0 },
};
static const Field outlet_word_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    RULE_AND_WORD,
    { "article", FIELD_ID, IN_BODY, .label = N_("Story") }, /* whose page asked, to go back there */
    { 0 },
};
#define IGNORED_KEYS "ignored[rule word person at iso]"
static const Model found_model = {
    "proof/story",
    "title id url outlet_no lang n rules rules_n names_n count is_cut has_ignored may_ignore "
    "may_ignore_all"
    " findings[rule part part_text picture paragraph from_bytes to_bytes from_chars to_chars word"
    " before after suggestion reason ignore is_personal] " IGNORED_KEYS,
};
static const Model passed_model = { "proof/outlet",
                                    "title outlet_no outlet_name may_ignore_all " IGNORED_KEYS };
static const Model word_model = { NULL, KEYS(rule word url) };

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

/* ---- models ---- */

static Str part_text(Ctx *ctx, const ProofFinding *one) {
    static const char *const names[] = { N_("Title"), N_("Summary"), N_("Paragraph {0}"),
                                         N_("Picture {0}") };
    Str number = str_from_int(ctx->arena, (int64_t)(one->picture ? one->picture : one->paragraph));

    return str_replace(ctx->arena,
                       catalogue_text(catalogue_of(ctx->lang), str_from_c(names[one->part])),
                       S("{0}"), number);
}

static void put_places(Arena *arena, const ProofFinding *one, Json *item) {
    const struct {
        const char *name;
        size_t value;
    } numbers[] = { { "picture", one->picture },       { "paragraph", one->paragraph },
                    { "from_bytes", one->from_bytes }, { "to_bytes", one->to_bytes },
                    { "from_chars", one->from_chars }, { "to_chars", one->to_chars } };

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        json_set(item, numbers[i].name, json_int(arena, (int64_t)numbers[i].value));
}

static Json *model_of(Ctx *ctx, const ProofFinding *one) {
    static const char *const parts[] = { "title", "summary", "text", "picture" };
    Arena *arena = ctx->arena;
    Json *item = json_obj(arena);

    json_set(item, "rule", json_str(arena, one->rule->number));
    json_set(item, "part", json_str(arena, str_from_c(parts[one->part])));
    json_set(item, "part_text", json_str(arena, part_text(ctx, one)));
    put_places(arena, one, item);
    json_set(item, "word", json_str(arena, one->word));
    json_set(item, "before", json_str(arena, one->before));
    json_set(item, "after", json_str(arena, one->after));
    json_set(item, "suggestion", json_str(arena, one->suggestion));
    json_set(item, "reason", json_str(arena, one->reason));
    json_set(item, "ignore", json_str(arena, proof_word_of(arena, one)));
    json_set(item, "is_personal", json_bool(arena, one->rule->is_personal));
    return item;
}

static Err put_ignored(Ctx *ctx, const ProofIgnoredList *list, Json *model) {
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Str *names = arena_array(ctx->arena, list->len + 1, sizeof(Str)), at;
    Json *ignored = json_arr(ctx->arena);
    Site site;

    TRY(site_get(ctx, &site));
    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].by_id;
    TRY(person_names(ctx, ids, list->len, names));
    for (size_t i = 0; i < list->len; i++) {
        const ProofIgnored *one = &list->items[i];
        Json *item = json_obj(ctx->arena);
        TRY(zone_format(ctx->arena, site.zone, ctx->lang, ZONE_SHORT, one->at_ms, &at));
        json_set(item, "rule", json_str(ctx->arena, one->rule));
        json_set(item, "word", json_str(ctx->arena, one->word));
        json_set(item, "person", json_str(ctx->arena, names[i]));
        json_set(item, "at", json_str(ctx->arena, at));
        TRY(zone_rfc3339(ctx->arena, S("UTC"), one->at_ms, &at));
        json_set(item, "iso", json_str(ctx->arena, at));
        json_push(ignored, item);
    }
    json_set(model, "ignored", ignored);
    return OK;
}

static Err put_rights(Ctx *ctx, int64_t outlet_id, Json *model) {
    bool may_file, may_release;
    Str role;

    TRY(identity_may(ctx, CAP_FILE, outlet_id, &may_file, &role));
    TRY(identity_may(ctx, CAP_RELEASE, outlet_id, &may_release, &role));
    json_set(model, "may_ignore", json_bool(ctx->arena, may_file));
    json_set(model, "may_ignore_all", json_bool(ctx->arena, may_release));
    return OK;
}

/* ---- pages ---- */

static Err show_story(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *findings = json_arr(ctx->arena);
    ManuscriptVersion version;
    ProofReading reading;
    Manuscript story;
    Outlet outlet;

    TRY(manuscript_get(ctx, req_id(req, "id"), &story));
    TRY(manuscript_version(ctx, story.id, story.working_n, &version));
    TRY(outlet_get(ctx, story.outlet_id, &outlet));
    TRY(proof_of_version(ctx, &story, &version, &outlet, &reading));
    for (size_t i = 0; i < reading.found.len; i++)
        json_push(findings, model_of(ctx, &reading.found.items[i]));
    json_set(model, "title", json_str(ctx->arena, version.title));
    json_set(model, "id", json_id(ctx->arena, story.id));
    json_set(
        model, "url",
        json_str(ctx->arena, str_format(ctx->arena, "/desk/articles/%lld", (long long)story.id)));
    json_set(model, "outlet_no", json_str(ctx->arena, outlet.no));
    json_set(model, "lang",
             json_str(ctx->arena, str_eq(story.lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "n", json_int(ctx->arena, version.n));
    json_set(model, "rules", json_int(ctx->arena, (int64_t)reading.rules));
    json_set(model, "rules_n", json_int(ctx->arena, reading.rules_n));
    json_set(model, "names_n", json_int(ctx->arena, reading.names_n));
    json_set(model, "count", json_int(ctx->arena, (int64_t)reading.found.len));
    json_set(model, "is_cut", json_bool(ctx->arena, reading.found.is_cut));
    json_set(model, "has_ignored", json_bool(ctx->arena, reading.ignored.len > 0));
    json_set(model, "findings", findings);
    TRY(put_rights(ctx, story.outlet_id, model));
    TRY(put_ignored(ctx, &reading.ignored, model));
    return res_view(ctx, req, res, model);
}

static Err show_outlet(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    ProofIgnoredList ignored;
    Outlet outlet;
    bool may;
    Str role;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(proof_ignored_of(ctx, outlet.id, 0, &ignored));
    TRY(identity_may(ctx, CAP_RELEASE, outlet.id, &may, &role));
    json_set(model, "title", words(ctx, N_("What the proofreader lets pass")));
    json_set(model, "outlet_no", json_str(ctx->arena, outlet.no));
    json_set(model, "outlet_name", json_str(ctx->arena, outlet.name));
    json_set(model, "may_ignore_all", json_bool(ctx->arena, may));
    TRY(put_ignored(ctx, &ignored, model));
    return res_view(ctx, req, res, model);
}

/* ---- acts ---- */

static Err answer(Ctx *ctx, const Request *req, Response *res, Str page) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "rule", json_str(ctx->arena, req_text(req, "rule")));
    json_set(model, "word", json_str(ctx->arena, req_text(req, "word")));
    json_set(model, "url", json_str(ctx->arena, page));
    return res_done(ctx, req, res, page, model);
}

static Str story_page(Ctx *ctx, int64_t id) {
    return str_format(ctx->arena, "/desk/articles/%lld/proof", (long long)id);
}

/* Back to the story whose page asked, or to the outlet's own. */
static Str outlet_page(Ctx *ctx, const Request *req) {
    if (req_id(req, "article"))
        return story_page(ctx, req_id(req, "article"));
    return str_format(ctx->arena, "/desk/outlets/%.*s/proof", STR_ARG(req_text(req, "no")));
}

static Err ignore_in_story(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = req_id(req, "id");

    TRY(proof_ignore(ctx, id, req_text(req, "rule"), req_text(req, "word")));
    return answer(ctx, req, res, story_page(ctx, id));
}

static Err heed_in_story(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = req_id(req, "id");

    TRY(proof_heed(ctx, id, req_text(req, "rule"), req_text(req, "word")));
    return answer(ctx, req, res, story_page(ctx, id));
}

static Err ignore_in_outlet(Ctx *ctx, const Request *req, Response *res) {
    TRY(proof_ignore(ctx, 0, req_text(req, "rule"), req_text(req, "word")));
    return answer(ctx, req, res, outlet_page(ctx, req));
}

static Err heed_in_outlet(Ctx *ctx, const Request *req, Response *res) {
    TRY(proof_heed(ctx, 0, req_text(req, "rule"), req_text(req, "word")));
    return answer(ctx, req, res, outlet_page(ctx, req));
}

/* R14: every row is of an outlet's desk; proof_test.c looks that it stays so. */
const Route proof_routes[] = {
    { "GET", "/desk/articles/{id}/proof", OUTLET(CAP_DRAFTS), story_fields, show_story,
      &found_model, .outlet_of = manuscript_outlet_of_id,
      .summary = N_("What the proofreader finds in a story of the desk.") },
    { "POST", "/articles/{id}/proof/ignored", OUTLET(CAP_FILE), story_word_fields, ignore_in_story,
      &word_model, .outlet_of = manuscript_outlet_of_id, .form_handler = show_story,
      .summary = N_("Lets a word of a story pass.") },
    { "POST", "/articles/{id}/proof/heeded", OUTLET(CAP_FILE), story_word_fields, heed_in_story,
      &word_model, .outlet_of = manuscript_outlet_of_id, .form_handler = show_story,
      .summary = N_("Looks at a word of a story again.") },
    { "GET", "/desk/outlets/{no}/proof", OUTLET(CAP_DRAFTS), outlet_fields, show_outlet,
      &passed_model, .outlet_of = register_outlet_of_no,
      .summary = N_("The words that the proofreader lets pass in all stories of an outlet.") },
    { "POST", "/outlets/{no}/proof/ignored", OUTLET(CAP_RELEASE), outlet_word_fields,
      ignore_in_outlet, &word_model, .outlet_of = register_outlet_of_no,
      .form_handler = show_outlet, .summary = N_("Lets a word pass in all stories of an outlet.") },
    { "POST", "/outlets/{no}/proof/heeded", OUTLET(CAP_RELEASE), outlet_word_fields, heed_in_outlet,
      &word_model, .outlet_of = register_outlet_of_no, .form_handler = show_outlet,
      .summary = N_("Looks at a word again in all stories of an outlet.") },
    { 0 },
};
