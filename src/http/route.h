/* http/route.h - the route table: what a request may ask, who may ask it, and what the answer holds. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/ctx.h"
#include "base/json.h"

typedef struct Request Request;
typedef struct Response Response;

/* ---- fields ---- */

typedef enum FieldType {
    FIELD_END = 0,
    FIELD_ID,     /* 1..19 digits, a positive int64 */
    FIELD_INT,    /* .min .. .max */
    FIELD_TEXT,   /* UTF-8 without controls but tab and line breaks; CR LF becomes LF; trimmed */
    FIELD_LINE,   /* the same without line breaks */
    FIELD_WORD,   /* ASCII letters, digits, - _ . @ only */
    FIELD_ENUM,   /* one of .words, separated by spaces */
    FIELD_BOOL,   /* "1" "true" "on" are true; "" "0" "false" and absent are false */
    FIELD_DATE,   /* YYYY-MM-DD */
    FIELD_SECRET, /* like LINE, never logged, never printed back */
    FIELD_CURSOR, /* opaque, made by list_cursor */
    FIELD_LIST,   /* several of the same name, each a LINE */
    FIELD_FILE    /* an uploaded file (multipart), at most .max bytes */
} FieldType;

typedef enum FieldPlace { IN_PATH = 1, IN_QUERY, IN_BODY } FieldPlace;

typedef struct Field {
    const char *name;
    FieldType type;
    FieldPlace place;
    bool is_required;  /* FIELD_TEXT and FIELD_LINE: not empty */
    int64_t min, max;  /* INT: bounds; FILE: max bytes */
    size_t max_chars;  /* texts: Unicode scalar values; default 200 for LINE, 20,000 for TEXT */
    const char *words; /* ENUM */
    const char *label; /* N_() name for people; used in messages and OpenAPI */
} Field;

/* ---- capabilities ---- */

enum {
    CAP_UNSET = 0,     /* a row without a capability stops the program at start */
    CAP_READ = 1,      /* anyone, no sign-in */
    CAP_SIGNED_IN = 2, /* any person who is signed in */
    CAP_FIRST_OWN = 8, /* the product's own begin here: features/identity/cap.h */
    CAP_PER_OUTLET = 1 << 16
};
/* A capability needed for the outlet that the route's resolver names (404 when not held there). */
#define OUTLET(cap) ((cap) | CAP_PER_OUTLET)

/* ---- models ---- */

typedef struct Model {
    const char *name; /* of the template: "article/one" */
    const char *
        keys; /* "id title bylines[outlet person role] correction?{text}": see docs/developers.md */
} Model;
#define KEYS(...) MODEL_KEYS_(__VA_ARGS__)
#define MODEL_KEYS_(...) #__VA_ARGS__

typedef enum RouteFlag {
    ROUTE_CACHED = 1, /* readers' page: kept in the page cache under the tags that res_tag names */
    ROUTE_IF_MATCH = 2,      /* demands If-Match or the form's `version` */
    ROUTE_UPLOAD = 4,        /* multipart up to http.upload_bytes */
    ROUTE_NO_CSRF = 8,       /* programs only: a bearer token or nothing */
    ROUTE_STEP_UP = 16,      /* a password at most 15 minutes old */
    ROUTE_NO_KEY = 32,       /* Idempotency-Key is not kept (identity-free lane) */
    ROUTE_RAW = 64,          /* answers bytes of its own type, no template (feeds, tiles, media) */
    ROUTE_RATE_SIGNIN = 128, /* counted by the sign-in delay */
    ROUTE_LONG = 256         /* an import: the arena has the budget arena.import_bytes */
} RouteFlag;

/*
 * The handler reads typed parameters, calls one service function, builds a model and answers. It may be
 * run twice (ERR_BUSY with retry), so it has no effect outside its transaction.
 */
typedef Err (*Handler)(Ctx *ctx, const Request *req, Response *res);
/* For OUTLET() rows: which outlet the request speaks of, from its path or body. ERR_NOT_FOUND when none. */
typedef Err (*OutletOf)(Ctx *ctx, const Request *req, int64_t *ret_outlet_id);

typedef struct Route {
    const char *method; /* GET POST PUT DELETE; HEAD and OPTIONS are derived */
    /*
     * "/articles/{id}/versions/{n}". A segment may mix text and names: "/articles/{id}/diff/{a}..{b}"; a
     * last segment "{name*}" takes the rest of the path with its slashes. Text wins over names.
     */
    const char *pattern;
    int cap;
    const Field *fields; /* ends with { 0 }; NULL for none */
    Handler handler;
    const Model *model; /* NULL for ROUTE_RAW and redirects only */
    unsigned flags;
    OutletOf outlet_of;  /* OUTLET() rows */
    const char *summary; /* one English sentence for OpenAPI and --help */
    /*
     * The handler of the GET row whose page holds this row's form. A browser whose POST was refused with
     * ERR_INVALID, ERR_LIMIT, ERR_CONFLICT or ERR_REFUSED sees that page again under the error's status: the
     * GET handler runs with the fields of this path. Both ways the page's model holds
     *   form { values { FIELD: text }, errors { FIELD: message or null }, error { field, message, rule } or null }
     * with every IN_BODY field of the POST rows that name the handler: what the handler itself put under "form"
     * "values" (the stored text of an edit form), else "", else after an error what was typed. FIELD_SECRET and
     * FIELD_FILE are never given back. A template writes value="{{form.values.title}}" and {{#form.error}}.
     */
    Handler form_handler;
} Route;

/*
 * Besides its own fields every request may carry `lang` (query), and every form `csrf`, `version` and
 * `idempotency_key`. A field that the row does not name is ERR_INVALID; in the query of a page read by a
 * browser it is ignored instead (other programs append their own to links). The same name twice is
 * ERR_INVALID unless FIELD_LIST. A path field that does not fit its type is ERR_NOT_FOUND.
 */

/* ---- reading a request: fields of the row only, already checked ---- */

int64_t req_id(const Request *req, const char *field);  /* 0 when absent */
int64_t req_int(const Request *req, const char *field); /* .min when absent, or 0 */
bool req_bool(const Request *req, const char *field);
Str req_text(const Request *req, const char *field); /* empty when absent */
/* False also where the row names no such field, for a handler that serves several rows. */
bool req_has(const Request *req, const char *field);
StrList req_list(const Request *req, const char *field);
typedef struct Upload {
    Str file_name; /* as sent: data only, never a path */
    Str type;      /* as sent: not trusted */
    Str bytes;
} Upload;
bool req_file(const Request *req, const char *field, Upload *ret);
/* FIELD_CURSOR: two numbers of the last row shown; 0, 0 when absent. */
void req_cursor(const Request *req, const char *field, int64_t *ret_a, int64_t *ret_b);
Str req_header(const Request *req, const char *name);
Str req_path(const Request *req);
/* The body as it came, for ROUTE_RAW rows without IN_BODY fields (any type of content). */
Str req_body(const Request *req);
Str req_content_type(const Request *req); /* without parameters, lower case */
/*
 * For a `next` that the reader's address carries: the path when it is safe to send a browser there (one of this
 * site, security-checklist 16), else `otherwise`.
 */
Str safe_path(Str path, Str otherwise);
/* Scheme and authority as the reader sees them: "https://news.example". */
Str req_origin(const Request *req);
bool req_wants_json(const Request *req);
bool req_is_fragment(const Request *req); /* htmx asked for the part without its frame */
/* The version that If-Match or the form's `version` names; 0 when absent. */
int64_t req_version(const Request *req);

/* ---- answering: exactly one of these ---- */

/* 200 with the row's model: JSON or its template. */
CHECKED Err res_view(Ctx *ctx, const Request *req, Response *res, Json *model);
/* The same with another status (201, 410, ...) or another model than the row's. */
CHECKED Err res_view_as(Ctx *ctx, const Request *req, Response *res, int status, const Model *model,
                        Json *value);
/* 303 to a same-origin path for browsers; for programs 201 (or 200) with the model and Location. */
CHECKED Err res_created(Ctx *ctx, const Request *req, Response *res, Str location, Json *model);
CHECKED Err res_done(Ctx *ctx, const Request *req, Response *res, Str location, Json *model);
CHECKED Err res_redirect(Ctx *ctx, Response *res, int status, Str path);
/* Bytes of a type; the body lives in ctx->arena or for ever. */
CHECKED Err res_bytes(Response *res, int status, const char *content_type, Str body);

/* Names and values are refused when they hold CR, LF or NUL; the one way to write a header. */
CHECKED Err res_header(Response *res, const char *name, Str value);
/* Version of what is shown: becomes the ETag that If-Match is compared with. */
void res_version(Response *res, int64_t version);
/* Tags of a cached page: "article:7", "outlet:3", "home". At most 8. */
void res_tag(Response *res, Str tag);
/* Opaque cursor of the next page: sets Link: rel="next" and the model's "next" (give it to the model). */
Str list_cursor(Arena *arena, int64_t a, int64_t b);
void res_next(Ctx *ctx, const Request *req, Response *res, Str cursor);
/* The token of the browser's session, for those who end or renew it; empty without one. */
Str req_session(const Request *req);
/* Starts or ends the session of the browser (set by identity's routes). */
void res_session(Response *res, Str token);
void res_session_end(Response *res);
/* For an answer that is a page of the session it renews: what the forms of that page must carry from now on. */
void res_session_csrf(Response *res, Str csrf);
/* ROUTE_RATE_SIGNIN: the account's attempt stays counted although it did not fail, for a second step is owed. */
void res_keep_rate(Response *res);
/*
 * The form that a step-up interrupted. Where a browser's form needs a fresh password, the page of GET
 * /account/confirm is answered with it (403), its form.values holding `act` (the path) and `form` (the fields,
 * urlencoded); the row that confirms has both as IN_BODY fields and gives them to the one function below. A form
 * with a secret or a file, or larger than PENDING_BYTES_MAX, is not kept: then the browser is sent there as by a
 * link.
 *
 * *ret is what finishes the act: { action, what, fields[name value], shown[label value] }, or null when there is
 * none, or the path is not one of a POST row that demands a step-up. Only fields of that row are in it.
 */
enum { PENDING_BYTES_MAX = 256 << 10 };
CHECKED Err req_pending(Ctx *ctx, const Request *req, Json **ret);

#endif
