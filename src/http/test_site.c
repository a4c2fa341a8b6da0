/* http/test_site.c - a small site for the tests of this room: notes in a table, two people, three templates. */
#include "http/test_site.h"

#include <unistd.h>

#include "base/log.h"

SiteSwitches site_switches;

static const Migration migrations[] = {
    { "http_test", 9, 1,
      "-- store: system  file: record\n"
      "CREATE TABLE note (id {{PK}}, title TEXT NOT NULL, text TEXT NOT NULL, version BIGINT NOT "
      "NULL);\n"
      "CREATE TABLE answer_key (key TEXT NOT NULL, route TEXT NOT NULL, body_hash TEXT NOT NULL,\n"
      "  status BIGINT NOT NULL, type TEXT NOT NULL, location TEXT NOT NULL, body TEXT NOT NULL,\n"
      "  PRIMARY KEY (key, route));\n" },
};

static const ViewSource views[] = {
    { S_INIT("frame/page"),
      S_INIT("<!doctype html><html lang=\"{{page.html_lang}}\"><title>{{page.title}}"
             "</title><p>{{page.who}}</p><a href=\"{{page.other_lang_url}}\">x</a>"
             "<main>{{{body}}}</main></html>") },
    { S_INIT("error/page"),
      S_INIT("<h1>{{status}} {{title}}</h1><p>{{detail}}</p><p>{{request}}</p>"
             "{{#rule}}<a href=\"{{refusal_url}}\">R{{rule}}</a>{{/rule}}") },
    { S_INIT("note/list"), S_INIT("<h1>{{title}}</h1>{{#notes}}<li>{{id}} {{title}}</li>{{/notes}}"
                                  "<p>{{#page.csrf}}token{{/page.csrf}}</p>") },
    { S_INIT("note/one"), S_INIT("<h1>{{title}}</h1><p>{{text}}</p>") },
    { S_INIT("note/form"),
      S_INIT("<form method=\"post\" action=\"/notes\">{{#form.error}}<b>{{field}}: {{message}}</b>"
             "{{/form.error}}<input name=\"title\" value=\"{{form.values.title}}\">"
             "{{#form.errors.title}}<i>{{form.errors.title}}</i>{{/form.errors.title}}"
             "<textarea name=\"text\">{{form.values.text}}</textarea>"
             "<input name=\"secret\" value=\"\"></form>") },
    { S_INIT("confirm/page"),
      S_INIT("<p>act={{form.values.act}}</p><p>form={{form.values.form}}</p>"
             "<p>next={{form.values.next}}</p>") },
    { S_INIT("confirm/again"),
      S_INIT(
          "<p>{{what}}</p><form action=\"{{action}}\">{{page.csrf}}{{#fields}}[{{name}}={{value}}]"
          "{{/fields}}</form>{{#shown}}({{label}}: {{value}}){{/shown}}") },
};

static const Field release_fields[] = {
    { "no", FIELD_WORD, IN_PATH },
    { "note", FIELD_TEXT, IN_BODY, .label = "Jotting" },
    { 0 },
};
static const Field confirm_fields[] = {
    { "act", FIELD_LINE, IN_BODY, .max_chars = 2000 },
    { "form", FIELD_TEXT, IN_BODY, .max_chars = PENDING_BYTES_MAX },
    { "next", FIELD_LINE, IN_BODY, .max_chars = 2000 },
    { 0 },
};
static const Model confirm_model = { "confirm/page", KEYS(title) };
static const Model again_model = { "confirm/again",
                                   KEYS(action what fields[name value] shown[label value]) };

/* ---- handlers ---- */

static Err list_notes(Ctx *ctx, Json **ret) {
    Json *list = json_arr(ctx->arena);
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT id, title FROM note ORDER BY id LIMIT 100", NO_ARGS));
    while (db_next(&rows)) {
        Json *note = json_obj(ctx->arena);
        json_set(note, "id", json_id(ctx->arena, db_int(&rows, 0)));
        json_set(note, "title", json_str(ctx->arena, db_text(&rows, 1)));
        json_push(list, note);
    }
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

/* The password itself is identity's business: here every one is right. */
static Err get_confirm(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title", json_str(ctx->arena, S("Confirm")));
    return res_view(ctx, req, res, model);
}

static Err post_confirm(Ctx *ctx, const Request *req, Response *res) {
    Json *pending;

    TRY(req_pending(ctx, req, &pending));
    if (pending->type != JSON_OBJECT)
        return res_redirect(ctx, res, 303, S("/"));
    res_session(res, S("s-anna-fresh"));
    res_session_csrf(res, S("csrf-fresh"));
    return res_view(ctx, req, res, pending);
}

static Err get_home(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *notes;

    TRY(list_notes(ctx, &notes));
    json_set(model, "title", json_str(ctx->arena, S("所有笔记 <All>")));
    json_set(model, "notes", notes);
    res_tag(res, S("home"));
    return res_view(ctx, req, res, model);
}

static Err get_note(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT title, text, version FROM note WHERE id = $1",
                 ARGS(INT(req_id(req, "id")))));
    if (!db_next(&rows)) {
        TRY(db_end(&rows));
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    }
    json_set(model, "title", json_str(ctx->arena, db_text(&rows, 0)));
    json_set(model, "text", json_str(ctx->arena, db_text(&rows, 1)));
    res_version(res, db_int(&rows, 2));
    TRY(db_end(&rows));
    res_tag(res, str_format(ctx->arena, "note:%lld", (long long)req_id(req, "id")));
    return res_view(ctx, req, res, model);
}

static Err get_form(Ctx *ctx, const Request *req, Response *res) {
    return res_view(ctx, req, res, json_obj(ctx->arena));
}

static Err post_note(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = id_next(ctx);
    Str tags[] = { S("home") };
    DB_TX(tx);

    if (str_eq(req_text(req, "title"), S("forbidden")))
        return REFUSE(7, N_("This rule says no."));
    TRY(db_begin(ctx, &tx));
    TRY(db_exec(ctx, "INSERT INTO note (id, title, text, version) VALUES ($1, $2, $3, 1)",
                ARGS(INT(id), TXT(req_text(req, "title")), TXT(req_text(req, "text")))));
    if (site_switches.server) /* too early on purpose: as an event inside the transaction does it */
        http_cache_drop(site_switches.server, tags, 1);
    TRY(db_commit(&tx));
    Json *model = json_obj(ctx->arena);
    json_set(model, "title", json_str(ctx->arena, req_text(req, "title")));
    json_set(model, "text", json_str(ctx->arena, req_text(req, "text")));
    return res_created(ctx, req, res, str_format(ctx->arena, "/notes/%lld", (long long)id), model);
}

static Err put_note(Ctx *ctx, const Request *req, Response *res) {
    int64_t changed;

    TRY(db_exec_count(
        ctx, "UPDATE note SET title = $1, version = version + 1 WHERE id = $2 AND version = $3",
        ARGS(TXT(req_text(req, "title")), INT(req_id(req, "id")), INT(req_version(req))),
        &changed));
    if (!changed)
        return FAIL(ERR_CONFLICT, NULL, N_("Somebody changed it meanwhile."));
    Json *model = json_obj(ctx->arena);
    json_set(model, "title", json_str(ctx->arena, req_text(req, "title")));
    json_set(model, "text", json_null(ctx->arena));
    return res_done(ctx, req, res, S("/"), model);
}

static Err post_upload(Ctx *ctx, const Request *req, Response *res) {
    Upload file = { 0 };
    Json *model = json_obj(ctx->arena);

    (void)req_file(req, "file", &file);
    json_set(model, "title", json_str(ctx->arena, file.file_name));
    json_set(model, "text",
             json_str(ctx->arena, str_from_int(ctx->arena, (int64_t)file.bytes.len)));
    return res_view(ctx, req, res, model);
}

static Err post_signin(Ctx *ctx, const Request *req, Response *res) {
    if (!str_eq(req_text(req, "password"), S("right password")))
        return FAIL(ERR_UNAUTHENTICATED, NULL, N_("Name or password are wrong."));
    res_session(res, S("s-anna"));
    return res_redirect(ctx, res, 303, safe_path(req_text(req, "next"), S("/")));
}

static Err post_signout(Ctx *ctx, const Request *req, Response *res) {
    (void)req;
    res_session_end(res);
    return res_redirect(ctx, res, 303, S("/"));
}

static Err get_desk(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title", json_id(ctx->arena, ctx->outlet_id));
    json_set(model, "text", json_str(ctx->arena, ctx->person_name));
    return res_view(ctx, req, res, model);
}

static Err get_slow(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    (void)req;
    atomic_fetch_add(&site_switches.slow_runs, 1);
    while (atomic_load(&site_switches.is_held))
        usleep(1000);
    usleep((useconds_t)atomic_load(&site_switches.pause_ms) * 1000);
    return res_bytes(res, 200, "text/plain", S("slow\n"));
}

static Err get_rest(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    return res_bytes(res, 200, "text/plain", req_text(req, "rest"));
}

static Err post_raw(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    return res_bytes(res, 200, "application/octet-stream", req_body(req));
}

static Err get_silent(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    (void)req;
    (void)res;
    return OK;
}

static Err outlet_of(Ctx *ctx, const Request *req, int64_t *ret) {
    (void)ctx;
    if (str_eq(req_text(req, "no"), S("gone")))
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    *ret = str_eq(req_text(req, "no"), S("one")) ? 1 : 2;
    return OK;
}

/* ---- the table ---- */

static const Model list_model = { "note/list", KEYS("title", "notes[id,title]") };
static const Model one_model = { "note/one", KEYS("title", "text") };
static const Model form_model = { "note/form", "" };

static const Field note_fields[] = { { "id", FIELD_ID, IN_PATH }, { 0 } };
static const Field new_fields[] = {
    { "title", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = 20 },
    { "text", FIELD_TEXT, IN_BODY },
    { "secret", FIELD_SECRET, IN_BODY },
    { 0 },
};
static const Field put_fields[] = {
    { "id", FIELD_ID, IN_PATH },
    { "title", FIELD_LINE, IN_BODY, .is_required = true },
    { 0 },
};
static const Field upload_fields[] = {
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 4 << 20 },
    { 0 },
};
static const Field signin_fields[] = {
    { "login", FIELD_LINE, IN_BODY, .is_required = true },
    { "password", FIELD_SECRET, IN_BODY, .is_required = true },
    { "next", FIELD_LINE, IN_BODY },
    { 0 },
};
static const Field desk_fields[] = { { "no", FIELD_WORD, IN_PATH }, { 0 } };
static const Field rest_fields[] = { { "rest", FIELD_LINE, IN_PATH }, { 0 } };

static const Route routes[] = {
    { "GET", "/", CAP_READ, NULL, get_home, &list_model, ROUTE_CACHED, NULL, "All notes.", NULL },
    { "GET", "/notes/{id}", CAP_READ, note_fields, get_note, &one_model, ROUTE_CACHED, NULL,
      "One note.", NULL },
    { "GET", "/notes/new", CAP_SIGNED_IN, NULL, get_form, &form_model, 0, NULL, "The form.", NULL },
    { "POST", "/notes", CAP_SIGNED_IN, new_fields, post_note, &one_model, 0, NULL, "A new note.",
      get_form },
    { "PUT", "/notes/{id}", CAP_EDIT_NOTES, put_fields, put_note, &one_model, ROUTE_IF_MATCH, NULL,
      "Changes a note.", NULL },
    { "POST", "/upload", CAP_READ, upload_fields, post_upload, &one_model, ROUTE_UPLOAD, NULL,
      "A file.", NULL },
    { "POST", "/signin", CAP_READ, signin_fields, post_signin, NULL, ROUTE_RATE_SIGNIN, NULL,
      "Signs in.", NULL },
    { "POST", "/signout", CAP_SIGNED_IN, NULL, post_signout, NULL, 0, NULL, "Signs out.", NULL },
    { "GET", "/outlets/{no}/desk", OUTLET(CAP_DESK), desk_fields, get_desk, &one_model, 0,
      outlet_of, "A desk.", NULL },
    { "POST", "/outlets/{no}/release", OUTLET(CAP_DESK), release_fields, get_desk, &one_model,
      ROUTE_STEP_UP, outlet_of, "A step that needs a fresh password.", NULL },
    { "GET", "/account/confirm", CAP_SIGNED_IN, NULL, get_confirm, &confirm_model, 0, NULL,
      "Asks for the password.", NULL },
    { "POST", "/account/confirm", CAP_SIGNED_IN, confirm_fields, post_confirm, &again_model, 0,
      NULL, "Takes it.", get_confirm },
    { "GET", "/slow", CAP_READ, NULL, get_slow, NULL, ROUTE_RAW, NULL, "Sleeps.", NULL },
    { "GET", "/rest/{rest*}", CAP_READ, rest_fields, get_rest, NULL, ROUTE_RAW, NULL, "A tail.",
      NULL },
    { "POST", "/raw", CAP_READ, NULL, post_raw, NULL, ROUTE_RAW | ROUTE_NO_CSRF, NULL, "An echo.",
      NULL },
    { "GET", "/silent", CAP_READ, NULL, get_silent, NULL, ROUTE_RAW, NULL, "A fault of ours.",
      NULL },
    { 0 },
};
static const Route *tables[] = { routes, NULL };

/* ---- hooks ---- */

static void become_anna(Ctx *ctx, bool is_fresh) {
    ctx->actor = ACTOR_PERSON;
    ctx->person_id = 1;
    ctx->person_name = S("Anna");
    ctx->is_stepped_up = is_fresh;
}

static Err hook_session(Ctx *ctx, Str token, Str *ret_csrf) {
    if (!str_starts(token, S("s-anna")))
        return OK;
    become_anna(ctx, str_eq(token, S("s-anna-fresh")));
    *ret_csrf = S("csrf-anna");
    return OK;
}

static Err hook_bearer(Ctx *ctx, Str token) {
    if (!str_eq(token, S("t-anna")))
        return FAIL(ERR_UNAUTHENTICATED, NULL, N_("This token is not known or has ended."));
    become_anna(ctx, true);
    return OK;
}

static Err hook_may(Ctx *ctx, int cap, bool is_per_outlet, bool *ret) {
    *ret = cap == CAP_EDIT_NOTES || (cap == CAP_DESK && is_per_outlet && ctx->outlet_id == 1);
    ctx->role = S("编辑");
    return OK;
}

static Err hook_key_find(Ctx *ctx, Str key, Str route, Str body_hash, bool *ret_found,
                         int *ret_status, Str *ret_type, Str *ret_location, Str *ret_body) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT body_hash, status, type, location, body FROM answer_key WHERE key = $1 "
                 "AND route = $2",
                 ARGS(TXT(key), TXT(route))));
    *ret_found = db_next(&rows);
    if (!*ret_found)
        return db_end(&rows);
    if (!str_eq(db_text(&rows, 0), body_hash))
        return FAIL(ERR_INVALID, "idempotency_key", N_("This key came with another body before."));
    *ret_status = (int)db_int(&rows, 1);
    *ret_type = db_text(&rows, 2);
    *ret_location = db_text(&rows, 3);
    *ret_body = db_text(&rows, 4);
    return db_end(&rows);
}

static Err hook_key_store(Ctx *ctx, Str key, Str route, Str body_hash, int status, Str type,
                          Str location, Str body) {
    return db_exec(ctx,
                   "INSERT INTO answer_key (key, route, body_hash, status, type, location, body)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   ARGS(TXT(key), TXT(route), TXT(body_hash), INT(status), TXT(type), TXT(location),
                        TXT(body)));
}

static Err hook_frame(Ctx *ctx, const Request *req, Json *page) {
    (void)req;
    json_set(page, "who",
             json_str(ctx->arena, ctx->actor == ACTOR_PERSON ? ctx->person_name : S("")));
    return OK;
}

/* ---- the site ---- */

static void must(Err err) {
    if (err.code != ERR_OK) {
        log_err(NULL, "test.site", err);
        log_fatal("the test's site", err.msgid);
    }
}

static const HttpAsset assets[] = {
    { "site.css", "text/css; charset=utf-8",
      S_INIT(
          "body { margin: 0 } h1 { margin: 0 } h2 { margin: 0 } h3 { margin: 0 } h4 { margin: 0 }"),
      "0123abcd" },
};

Site site_new(const char *const *settings) {
    Site site = { .world = world_new(), .arena = arena_new(0) };
    ConfigFlag flags[SITE_SETTINGS_MAX];
    size_t count = 0;
    Config *config;
    ViewSet *set;

    world_migrate(&site.world, migrations, COUNT_OF(migrations));
    for (; settings && settings[count]; count++) {
        Str text = str_from_c(settings[count]);
        size_t equals = str_find_char(text, '=', 0);
        flags[count] = (ConfigFlag){ str_slice(text, 0, equals),
                                     str_slice(text, equals + 1, text.len), STR_EMPTY };
    }
    must(config_load(site.arena, STR_EMPTY, S("test"), NULL, flags, count, &config));
    must(view_set_new(site.arena, views, COUNT_OF(views), &set));
    site.app = arena_alloc(site.arena, sizeof *site.app);
    *site.app = (HttpApp){
        .config = config,
        .store = site.world.store,
        .ids = site.world.ctx->ids,
        .clock = clock_system(),
        .chance = chance_system(),
        .views = set,
        .tables = tables,
        .hooks = { hook_session, hook_bearer, hook_may, hook_key_find, hook_key_store, NULL,
                   hook_frame },
        .assets = assets,
        .asset_count = COUNT_OF(assets),
        .page_keys = "who",
        .temp_folder = str_from_c(site.world.folder),
    };
    must(core_new(site.arena, site.app, &site.core));
    site.core->cache = cache_new(site.core->arena, 0, NULL);
    return site;
}

void site_free(Site *site) {
    core_free(site->core);
    view_set_free((ViewSet *)(uintptr_t)site->app->views);
    arena_free(site->arena);
    world_free(&site->world);
    site_switches.server = NULL;
}

Outgoing site_send(Site *site, const char *message) {
    Str rest = str_from_c(message), line;
    Incoming in = { .way = WAY_NET, .is_loopback = true, .peer = S("\x7f\x00\x00\x01") };
    Outgoing out;
    size_t end = str_find(rest, S("\r\n\r\n"), 0);
    Ctx ctx = *site->world.ctx;

    in.body = end == SIZE_MAX ? STR_EMPTY : str_slice(rest, end + 4, rest.len);
    rest = str_slice(rest, 0, end);
    size_t first = str_find(rest, S("\r\n"), 0);
    line = str_slice(rest, 0, first);
    rest = first == SIZE_MAX ? STR_EMPTY : str_slice(rest, first + 2, rest.len);
    size_t one = str_find_char(line, ' ', 0), two = str_find_char(line, ' ', one + 1);
    in.method = str_slice(line, 0, one);
    in.version = S("HTTP/1.1");
    incoming_target(&in, str_slice(line, one + 1, two));
    while (rest.len > 0) {
        end = str_find(rest, S("\r\n"), 0);
        line = str_slice(rest, 0, end);
        rest = end == SIZE_MAX ? STR_EMPTY : str_slice(rest, end + 2, rest.len);
        size_t colon = str_find_char(line, ':', 0);
        headers_add(site->arena, &in.headers, str_slice(line, 0, colon),
                    str_trim(str_slice(line, colon + 1, line.len)));
    }
    Wishes wishes = run_wishes(&in);
    ctx.lang = wishes.lang;
    ctx.chance = chance_system();
    run_request(site->core, &ctx, &in, wishes, &out);
    return out;
}

const char *site_header(Site *site, const Outgoing *out, const char *name) {
    return str_to_c(site->arena, headers_get(&out->headers, str_from_c(name)));
}

bool site_has(const Outgoing *out, const char *text) {
    return str_contains(out->body, str_from_c(text));
}
