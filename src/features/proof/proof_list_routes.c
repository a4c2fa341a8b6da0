/* features/proof/proof_list_routes.c - the alliance's own rules and names: their public versions, and the desk's form. */
#include "features/identity/identity.h"
#include "features/proof/proof.h"
#include "features/site/site.h"
#include "text/diff.h"
#include "text/zone.h"
#include "view/catalogue.h"

#define KIND                                                                                       \
    { "kind", FIELD_ENUM, IN_PATH, .words = "rules names", .label = N_("List") }
#define NOTE                                                                                       \
    {                                                                                              \
        "note", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = PROOF_NOTE_CHARS,           \
                                     .label = N_("What changes, and why")                          \
    }

static const Field kind_fields[] = { KIND, { 0 } };
static const Field list_fields[] = {
    KIND,
    { "before", FIELD_INT, IN_QUERY, .min = 1, .max = INT64_MAX, .label = N_("Before version") },
    { 0 },
};
static const Field version_fields[] = {
    KIND,
    { "n", FIELD_INT, IN_PATH, .min = 1, .max = INT64_MAX, .label = N_("Version") },
    { 0 },
};
static const Field change_fields[] = {
    KIND,
    { "text", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = PROOF_OWN_CHARS,
      .label = N_("List") },
    NOTE,
    { 0 },
};
static const Field import_fields[] = {
    KIND,
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = PROOF_FILE_BYTES,
      .label = N_("File with the list") },
    NOTE,
    { 0 },
};
#define MADE_KEYS "n note person at iso url"
static const Model list_model = {
    "proof/list",
    "title kind is_names file_url desk_url may_change text"
    " versions[" MADE_KEYS "] next?",
};
static const Model version_model = {
    "proof/version",
    "title kind is_names list_url file_url text has_before before_n parts[same del ins] " MADE_KEYS,
};
static const Model edit_model = { "proof/edit",
                                  KEYS(title kind is_names n version list_url file_url other_url) };
static const Model done_model = { NULL, KEYS(kind n url) };

static ProofListKind kind_of(const Request *req) {
    return str_eq(req_text(req, "kind"), S("names")) ? PROOF_OWN_NAMES : PROOF_OWN_RULES;
}

static Json *title_of(Ctx *ctx, ProofListKind kind) {
    const char *msgid = kind == PROOF_OWN_NAMES ? N_("Names as we write them") : N_("House rules");

    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

static Str url_of(Ctx *ctx, ProofListKind kind, int64_t n, const char *behind) {
    Str word = proof_list_word(kind);

    if (!n)
        return str_format(ctx->arena, "/proofreading/%.*s", STR_ARG(word));
    return str_format(ctx->arena, "/proofreading/%.*s/%lld%s", STR_ARG(word), (long long)n, behind);
}

static Json *begin_model(Ctx *ctx, ProofListKind kind, int64_t n) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title", title_of(ctx, kind));
    json_set(model, "kind", json_str(ctx->arena, proof_list_word(kind)));
    json_set(model, "is_names", json_bool(ctx->arena, kind == PROOF_OWN_NAMES));
    json_set(model, "file_url",
             n ? json_str(ctx->arena, url_of(ctx, kind, n, "/file")) : json_null(ctx->arena));
    return model;
}

/* Who made a version, when and why. */
static Err put_made(Ctx *ctx, const Site *site, ProofListKind kind, const ProofVersion *version,
                    Str person, Json *model) {
    Str at;

    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, version->at_ms, &at));
    json_set(model, "at", json_str(ctx->arena, at));
    TRY(zone_rfc3339(ctx->arena, S("UTC"), version->at_ms, &at));
    json_set(model, "iso", json_str(ctx->arena, at));
    json_set(model, "n", json_int(ctx->arena, version->n));
    json_set(model, "note", json_str(ctx->arena, version->note));
    json_set(model, "person", json_str(ctx->arena, person));
    json_set(model, "url", json_str(ctx->arena, url_of(ctx, kind, version->n, "")));
    return OK;
}

/* ---- public pages ---- */

static Err put_versions(Ctx *ctx, ProofListKind kind, const ProofVersionList *list, Json *model) {
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Str *names = arena_array(ctx->arena, list->len + 1, sizeof(Str));
    Json *versions = json_arr(ctx->arena);
    Site site;

    TRY(site_get(ctx, &site));
    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].by_id;
    TRY(person_names(ctx, ids, list->len, names));
    for (size_t i = 0; i < list->len; i++) {
        Json *item = json_obj(ctx->arena);
        TRY(put_made(ctx, &site, kind, &list->items[i], names[i], item));
        json_push(versions, item);
    }
    json_set(model, "versions", versions);
    return OK;
}

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    ProofListKind kind = kind_of(req);
    ProofVersionList list;
    ProofVersion now;
    bool may;
    Str role;

    TRY(proof_list_now(ctx, kind, &now));
    TRY(proof_list_versions(ctx, kind, req_has(req, "before") ? req_int(req, "before") : 0, &list));
    TRY(identity_may(ctx, CAP_RULES, 0, &may, &role));
    Json *model = begin_model(ctx, kind, now.n);
    json_set(model, "desk_url",
             json_str(ctx->arena, str_format(ctx->arena, "/desk/proofreading/%.*s",
                                             STR_ARG(proof_list_word(kind)))));
    json_set(model, "may_change", json_bool(ctx->arena, may));
    json_set(model, "text", json_str(ctx->arena, now.text));
    TRY(put_versions(ctx, kind, &list, model));
    json_set(model, "next",
             list.len == PROOF_VERSIONS_MAX && list.items[list.len - 1].n > 1
                 ? json_str(ctx->arena, str_from_int(ctx->arena, list.items[list.len - 1].n))
                 : json_null(ctx->arena));
    return res_view(ctx, req, res, model);
}

static Err put_parts(Ctx *ctx, Str before, Str after, Json *model) {
    static const char *const names[] = { "same", "del", "ins" };
    Json *parts = json_arr(ctx->arena);
    DiffList list;

    TRY(diff_text(ctx->arena, before, after, &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *part = json_obj(ctx->arena);
        for (size_t kind = 0; kind < COUNT_OF(names); kind++)
            json_set(part, names[kind],
                     list.items[i].kind == (DiffKind)kind ? json_str(ctx->arena, list.items[i].text)
                                                          : json_null(ctx->arena));
        json_push(parts, part);
    }
    json_set(model, "parts", parts);
    return OK;
}

static Err show_version(Ctx *ctx, const Request *req, Response *res) {
    ProofListKind kind = kind_of(req);
    ProofVersion version, before = { 0 };
    Site site;
    Str name;

    TRY(site_get(ctx, &site));
    TRY(proof_list_version(ctx, kind, req_int(req, "n"), &version));
    if (version.n > 1)
        TRY(proof_list_version(ctx, kind, version.n - 1, &before));
    TRY(person_names(ctx, &version.by_id, 1, &name));
    Json *model = begin_model(ctx, kind, version.n);
    TRY(put_made(ctx, &site, kind, &version, name, model));
    json_set(model, "list_url", json_str(ctx->arena, url_of(ctx, kind, 0, "")));
    json_set(model, "text", json_str(ctx->arena, version.text));
    json_set(model, "has_before", json_bool(ctx->arena, before.n > 0));
    json_set(model, "before_n", json_int(ctx->arena, before.n));
    TRY(put_parts(ctx, before.text, version.text, model));
    return res_view(ctx, req, res, model);
}

static Err answer_file(Ctx *ctx, Response *res, Str name, Str text) {
    TRY(res_header(res, "Content-Disposition",
                   str_format(ctx->arena, "attachment; filename=\"%.*s.proof\"", STR_ARG(name))));
    return res_bytes(res, 200, "text/plain; charset=utf-8", text);
}

static Err export(Ctx *ctx, const Request *req, Response *res) {
    Str word = proof_list_word(kind_of(req));
    ProofVersion version;

    TRY(proof_list_version(ctx, kind_of(req), req_int(req, "n"), &version));
    return answer_file(ctx, res,
                       str_format(ctx->arena, "%.*s-%lld", STR_ARG(word), (long long)version.n),
                       version.text);
}

/* ---- the desk ---- */

static Err show_edit(Ctx *ctx, const Request *req, Response *res) {
    ProofListKind kind = kind_of(req);
    ProofVersion now;

    TRY(proof_list_now(ctx, kind, &now));
    Json *model = begin_model(ctx, kind, now.n), *form = json_obj(ctx->arena),
         *values = json_obj(ctx->arena);
    Str first =
        kind == PROOF_OWN_NAMES ? S("liandong-names 1\n") : S("liandong-proof 1\nlang zh\n");
    json_set(values, "text", json_str(ctx->arena, now.n ? now.text : first));
    json_set(form, "values", values);
    json_set(model, "form", form);
    json_set(model, "n", json_int(ctx->arena, now.n));
    json_set(model, "version", json_int(ctx->arena, now.n + 1)); /* a list without one has 1 */
    json_set(model, "list_url", json_str(ctx->arena, url_of(ctx, kind, 0, "")));
    json_set(model, "other_url",
             json_str(ctx->arena, kind == PROOF_OWN_NAMES ? S("/desk/proofreading/rules")
                                                          : S("/desk/proofreading/names")));
    res_version(res, now.n + 1);
    return res_view(ctx, req, res, model);
}

static Err answer(Ctx *ctx, const Request *req, Response *res, ProofListKind kind, int64_t n) {
    Json *model = json_obj(ctx->arena);
    Str url = url_of(ctx, kind, n, "");

    json_set(model, "kind", json_str(ctx->arena, proof_list_word(kind)));
    json_set(model, "n", json_int(ctx->arena, n));
    json_set(model, "url", json_str(ctx->arena, url));
    return res_done(ctx, req, res, url, model);
}

static Err change(Ctx *ctx, const Request *req, Response *res) {
    ProofListKind kind = kind_of(req);
    int64_t n;

    TRY(proof_list_change(ctx, kind, req_version(req) - 1, req_text(req, "text"),
                          req_text(req, "note"), "text", &n));
    return answer(ctx, req, res, kind, n);
}

static Err import(Ctx *ctx, const Request *req, Response *res) {
    ProofListKind kind = kind_of(req);
    Upload file;
    int64_t n;

    if (!req_file(req, "file", &file))
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    TRY(proof_list_change(ctx, kind, -1, file.bytes, req_text(req, "note"), "file", &n));
    return answer(ctx, req, res, kind, n);
}

static Err export_register(Ctx *ctx, const Request *req, Response *res) {
    Str text;

    (void)req;
    TRY(proof_register_names(ctx, &text));
    return answer_file(ctx, res, S("register"), text);
}

/* R14: what is sent here is the alliance's own list, never a text to look at; proof_test.c looks that it stays so. */
const Route proof_list_routes[] = {
    { "GET", "/proofreading/{kind}", CAP_READ, list_fields, show_list, &list_model,
      .summary = N_("The alliance's own rules or names for its drafts, with all their versions.") },
    { "GET", "/proofreading/{kind}/{n}", CAP_READ, version_fields, show_version, &version_model,
      .summary = N_("One version of them: what changed, who changed it and why.") },
    { "GET", "/proofreading/{kind}/{n}/file", CAP_READ, version_fields, export, NULL, ROUTE_RAW,
      .summary = N_("One version of them as a file, for another alliance.") },
    { "GET", "/desk/proofreading/register", CAP_RULES, NULL, export_register, NULL, ROUTE_RAW,
      .summary = N_("The people whom the register's cards name, as a list of names.") },
    { "GET", "/desk/proofreading/{kind}", CAP_RULES, kind_fields, show_edit, &edit_model,
      .summary = N_("The form of the alliance's own rules or names.") },
    { "POST", "/proofreading/{kind}", CAP_RULES, change_fields, change, &done_model,
      ROUTE_IF_MATCH | ROUTE_LONG, .form_handler = show_edit,
      .summary = N_("Makes a new version of the alliance's own rules or names.") },
    { "POST", "/proofreading/{kind}/import", CAP_RULES, import_fields, import, &done_model,
      ROUTE_UPLOAD | ROUTE_LONG, .form_handler = show_edit,
      .summary = N_("Makes a new version of them from a file.") },
    { 0 },
};
