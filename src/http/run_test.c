/* http/run_test.c - a request from its route to its answer: fields, rights, forms, keys, run again. */
#include "base/test_support.h"
#include "http/test_site.h"

#define HOST "host: localhost\r\n"
#define ANNA HOST "cookie: __Host-liandong=s-anna\r\n"
#define FORM "content-type: application/x-www-form-urlencoded\r\n"
#define JSON "accept: application/json\r\n"

static const char *const no_settings[] = { NULL };

static Site the_site;

static int open_site(void **state) {
    the_site = site_new(no_settings);
    *state = &the_site;
    return 0;
}

static int close_site(void **state) {
    site_free(*state);
    return 0;
}

/* ---- forms of answers ---- */

static void one_handler_answers_people_and_programs(void **state) {
    Site *site = *state;
    Outgoing page = site_send(site, "GET / HTTP/1.1\r\n" HOST "accept: text/html\r\n\r\n");

    assert_int_equal(page.status, 200);
    assert_true(
        site_has(&page, "<!doctype html><html lang=\"zh-CN\"><title>所有笔记 &lt;All&gt;</title>"));
    assert_true(site_has(&page, "<h1>所有笔记 &lt;All&gt;</h1>"));
    assert_string_equal(site_header(site, &page, "content-type"), "text/html; charset=utf-8");

    Outgoing json = site_send(site, "GET / HTTP/1.1\r\n" HOST JSON "\r\n");
    assert_str(json.body, S("{\"title\":\"所有笔记 <All>\",\"notes\":[]}\n"));
    assert_string_equal(site_header(site, &json, "content-type"), "application/json");

    Outgoing part = site_send(site, "GET / HTTP/1.1\r\n" HOST "hx-request: true\r\n\r\n");
    assert_true(str_starts(part.body, S("<h1>")));
}

static void the_language_is_the_parameter_else_the_browsers(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "GET /?lang=en HTTP/1.1\r\n" HOST "\r\n");

    assert_true(site_has(&out, "lang=\"en\""));
    assert_true(site_has(&out, "href=\"/?lang=zh\""));
    out = site_send(site, "GET / HTTP/1.1\r\n" HOST "accept-language: en-GB,zh;q=0.5\r\n\r\n");
    assert_true(site_has(&out, "lang=\"en\""));
}

static void every_page_carries_the_security_headers(void **state) {
    Site *site = *state;
    const char *pages[] = { "GET / HTTP/1.1\r\n" HOST "\r\n",
                            "GET /nothing HTTP/1.1\r\n" HOST "\r\n" };

    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        Outgoing out = site_send(site, pages[i]);
        Str csp = headers_get(&out.headers, S("content-security-policy"));
        assert_true(str_contains(csp, S("script-src 'self';")) && !str_contains(csp, S("unsafe")));
        assert_true(str_contains(csp, S("object-src 'none'")) &&
                    str_contains(csp, S("base-uri 'none'")));
        assert_true(str_contains(csp, S("frame-ancestors 'none'")));
        assert_string_equal(site_header(site, &out, "x-content-type-options"), "nosniff");
        assert_string_equal(site_header(site, &out, "referrer-policy"), "same-origin");
        assert_string_equal(site_header(site, &out, "cross-origin-opener-policy"), "same-origin");
    }
}

static void readers_may_keep_pages_and_people_who_signed_in_may_not(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "GET / HTTP/1.1\r\n" HOST "\r\n");

    assert_string_equal(site_header(site, &out, "cache-control"), "no-cache");
    assert_true(out.is_cacheable);
    assert_true(strlen(site_header(site, &out, "etag")) > 20);
    assert_string_equal(site_header(site, &out, "set-cookie"), "");
    out = site_send(site, "GET / HTTP/1.1\r\n" ANNA "\r\n");
    assert_string_equal(site_header(site, &out, "cache-control"), "private, no-store");
    assert_false(out.is_cacheable);
    assert_true(site_has(&out, "<p>Anna</p>"));
    assert_true(site_has(&out, "<p>token</p>"));
}

/* ---- routes ---- */

static void unknown_paths_and_methods_are_told_apart(void **state) {
    static const struct {
        const char *line;
        int status;
        const char *allow;
    } cases[] = {
        { "GET /nothing", 404, "" },
        { "GET /notes/abc", 404, "" },
        { "GET /notes/0", 404, "" },
        { "GET /notes/99999999999999999999", 404, "" },
        { "DELETE /", 405, "GET, HEAD, OPTIONS" },
        { "TRACE /", 405, "GET, HEAD, OPTIONS" },
        { "BREW /", 501, "" },
        { "OPTIONS /notes/7", 204, "GET, HEAD, PUT, OPTIONS" },
        { "HEAD /", 200, "" },
        { "GET /%", 400, "" },
        { "GET /notes/%2e%2e/x", 400, "" },
        { "GET /rest/a/b%20c/%E4%BD%A0", 200, "" },
        { "GET /rest/a//b", 404, "" },
        { "GET /silent", 500, "" },
    };
    Site *site = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *text =
            str_to_c(site->arena,
                     str_format(site->arena, "%s HTTP/1.1\r\n" HOST JSON "\r\n", cases[i].line));
        Outgoing out = site_send(site, text);
        if (out.status != cases[i].status)
            fail_msg("%s: %d, not %d", cases[i].line, out.status, cases[i].status);
        assert_string_equal(site_header(site, &out, "allow"), cases[i].allow);
    }
    Outgoing out = site_send(site, "GET /notes/?lang=en HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(out.status, 404); /* there is no GET /notes */
    out = site_send(site, "GET /notes/new/?lang=en HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(out.status, 308);
    assert_string_equal(site_header(site, &out, "location"), "/notes/new?lang=en");
}

static void an_error_is_a_problem_document_or_a_page(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "GET /nothing?lang=en HTTP/1.1\r\n" HOST JSON "\r\n");

    assert_string_equal(site_header(site, &out, "content-type"), "application/problem+json");
    assert_true(site_has(&out, "\"type\":\"urn:liandong:problem:not-found\",\"status\":404,"));
    assert_true(site_has(&out, "\"request\":\""));
    out = site_send(site, "GET /nothing HTTP/1.1\r\n" HOST "\r\n");
    assert_true(site_has(&out, "<h1>404 "));
    out = site_send(site, "GET /silent HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(out.status, 500);
    assert_false(site_has(&out, "handler")); /* what only we should know stays in the log */
}

/* ---- who may ---- */

static void a_reader_is_sent_to_sign_in_and_a_program_told_so(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "GET /notes/new?a=1&lang=en HTTP/1.1\r\n" HOST "\r\n");

    assert_int_equal(out.status, 303);
    assert_string_equal(site_header(site, &out, "location"),
                        "/signin?next=%2Fnotes%2Fnew%3Fa%3D1%26lang%3Den&lang=en");
    out = site_send(site, "GET /notes/new HTTP/1.1\r\n" HOST JSON "\r\n");
    assert_int_equal(out.status, 401);
    assert_string_equal(site_header(site, &out, "www-authenticate"), "Bearer");
    out = site_send(site, "GET /notes/new HTTP/1.1\r\n" HOST "hx-request: true\r\n\r\n");
    assert_int_equal(out.status, 401);
    assert_string_equal(site_header(site, &out, "hx-redirect"), "/signin?next=%2Fnotes%2Fnew");
    out = site_send(site, "GET /notes/new HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n" JSON
                          "\r\n");
    assert_int_equal(out.status, 200);
    out = site_send(site, "GET /notes/new HTTP/1.1\r\n" HOST "authorization: Bearer wrong\r\n\r\n");
    assert_int_equal(out.status, 401);
}

static void a_token_is_not_taken_from_a_cookie_nor_a_session_from_two(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "GET /notes/new HTTP/1.1\r\n" HOST JSON
                                   "cookie: __Host-liandong=t-anna\r\n\r\n");

    assert_int_equal(out.status, 401);
    out = site_send(site, "GET /notes/new HTTP/1.1\r\n" HOST JSON
                          "cookie: __Host-liandong=s-anna; __Host-liandong=s-anna\r\n\r\n");
    assert_int_equal(out.status, 401);
}

static void an_outlet_of_others_does_not_exist(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "GET /outlets/one/desk HTTP/1.1\r\n" ANNA JSON "\r\n");

    assert_str(out.body, S("{\"title\":\"1\",\"text\":\"Anna\"}\n"));
    out = site_send(site, "GET /outlets/two/desk HTTP/1.1\r\n" ANNA JSON "\r\n");
    assert_int_equal(out.status, 404);
    Outgoing none = site_send(site, "GET /outlets/gone/desk HTTP/1.1\r\n" ANNA JSON "\r\n");
    assert_int_equal(none.status, 404);
    assert_int_equal(none.body.len, out.body.len);
}

static void a_decision_needs_a_fresh_password(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "POST /outlets/one/release HTTP/1.1\r\n" ANNA
                                   "content-type: multipart/form-data; boundary=x\r\n"
                                   "referer: http://localhost/outlets/one/desk\r\n\r\n"
                                   "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n"
                                   "csrf-anna\r\n--x--\r\n");

    assert_int_equal(out.status, 303); /* a form that cannot be kept */
    assert_string_equal(site_header(site, &out, "location"),
                        "/account/confirm?next=%2Foutlets%2Fone%2Fdesk");
    out = site_send(site,
                    "POST /outlets/one/release HTTP/1.1\r\n" ANNA FORM JSON "\r\ncsrf=csrf-anna");
    assert_int_equal(out.status, 403);
    out = site_send(site, "POST /outlets/one/release HTTP/1.1\r\n" HOST FORM JSON
                          "cookie: __Host-liandong=s-anna-fresh\r\n\r\ncsrf=csrf-anna");
    assert_int_equal(out.status, 200);
}

static void what_was_typed_survives_the_question_for_the_password(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "POST /outlets/one/release?lang=en HTTP/1.1\r\n" ANNA FORM
                                   "referer: http://localhost/outlets/one/desk\r\n\r\n"
                                   "csrf=csrf-anna&note=a%26b+%3C1%3E%0D%0A&version=3");

    assert_int_equal(out.status, 403);
    assert_true(str_contains(out.body, S("act=/outlets/one/release?lang=en</p>")));
    assert_true(str_contains(out.body, S("form=note=a%26b%20%3C1%3E%0D%0A&amp;version=3</p>")));
    assert_true(str_contains(out.body, S("next=/outlets/one/desk</p>")));
    assert_false(str_contains(out.body, S("csrf-anna")));
    out = site_send(site, "POST /outlets/one/release HTTP/1.1\r\n" HOST FORM
                          "cookie: __Host-liandong=s-anna\r\norigin: http://evil.example\r\n\r\n"
                          "csrf=csrf-anna&note=x");
    assert_true(out.status == 403 &&
                !str_contains(out.body, S("act="))); /* from elsewhere: refused */
}

static void the_interrupted_form_is_finished_with_the_new_token(void **state) {
    Site *site = *state;
    Outgoing out =
        site_send(site, "POST /account/confirm HTTP/1.1\r\n" ANNA FORM "\r\n"
                        "csrf=csrf-anna&act=%2Foutlets%2Fone%2Frelease&form="
                        "note%3Da%2526b%26version%3D3%26csrf%3Dold%26outlet_id%3D7%26note%3D%25ff");

    assert_int_equal(out.status, 200);
    assert_true(str_contains(out.body, S("<form action=\"/outlets/one/release\">csrf-fresh"
                                         "[note=a&amp;b][version=3]</form>(Jotting: a&amp;b)")));
    assert_true(str_contains(out.body, S("A step that needs a fresh password.")));
}

/* No other act, and no other place, can be put behind the button. */
static void sec_16_only_a_row_that_asked_for_the_password_is_finished(void **state) {
    static const char *const acts[] = {
        "",
        "/notes",
        "/nowhere",
        "/outlets/one/desk",
        "/account/confirm",
        "//evil.example/outlets/one/release",
        "https:%2F%2Fevil.example/",
        "/\\evil.example",
        "/outlets/one/../one/release",
        "/outlets/%252e%252e/release",
        "javascript:alert(1)",
        "outlets/one/release",
    };
    Site *site = *state;

    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        Str text = str_format(site->arena,
                              "POST /account/confirm HTTP/1.1\r\n" ANNA FORM
                              "\r\ncsrf=csrf-anna&act=%s&form=note%%3Dx",
                              acts[i]);
        Outgoing out = site_send(site, text.ptr);
        assert_int_equal(out.status, 303);
    }
}

/* ---- security-checklist 38 ---- */

static void a_form_from_elsewhere_changes_nothing(void **state) {
    static const struct {
        const char *headers, *body;
        int status;
    } cases[] = {
        { "", "title=a&csrf=csrf-anna", 303 },
        { "x-csrf-token: csrf-anna\r\n", "title=a", 303 },
        { "sec-fetch-site: same-origin\r\n", "title=a&csrf=csrf-anna", 303 },
        { "origin: http://localhost\r\n", "title=a&csrf=csrf-anna", 303 },
        { "", "title=a", 403 },
        { "", "title=a&csrf=", 403 },
        { "", "title=a&csrf=csrf-ann", 403 },
        { "sec-fetch-site: cross-site\r\n", "title=a&csrf=csrf-anna", 403 },
        { "sec-fetch-site: same-site\r\n", "title=a&csrf=csrf-anna", 403 },
        { "origin: http://evil.example\r\n", "title=a&csrf=csrf-anna", 403 },
        { "origin: null\r\n", "title=a&csrf=csrf-anna", 403 },
    };
    Site *site = *state;
    int64_t rows = 0;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str text = str_format(site->arena, "POST /notes HTTP/1.1\r\n" ANNA FORM "%s\r\n%s",
                              cases[i].headers, cases[i].body);
        Outgoing out = site_send(site, str_to_c(site->arena, text));
        if (out.status != cases[i].status)
            fail_msg("case %zu: %d, not %d", i, out.status, cases[i].status);
        rows += cases[i].status == 303;
        assert_int_equal(world_count(&site->world, "note"), rows);
    }
    /* A sign-in has no session yet: only the browser's own words protect it. */
    Outgoing out =
        site_send(site, "POST /signin HTTP/1.1\r\n" HOST FORM "sec-fetch-site: cross-site\r\n\r\n"
                        "login=anna&password=right+password");
    assert_int_equal(out.status, 403);
}

/* ---- fields ---- */

static void fields_are_refused_by_name(void **state) {
    static const struct {
        const char *body, *field;
        int status;
    } cases[] = {
        { "{\"title\":\"a\"}", "", 201 },
        { "{\"title\":\"a\",\"text\":null}", "", 201 },
        { "{}", "title", 422 },
        { "{\"title\":\"  \"}", "title", 422 },
        { "{\"title\":\"123456789012345678901\"}", "title", 422 },
        { "{\"title\":\"a\\nb\"}", "title", 422 },
        { "{\"title\":\"a\\u0007b\"}", "title", 422 },
        { "{\"title\":{\"x\":1}}", "title", 422 },
        { "{\"title\":[\"a\",\"b\"]}", "title", 422 },
        { "{\"title\":\"a\",\"outlet_id\":\"7\"}", "outlet_id", 422 },
        { "{\"title\":\"a\",\"version\":\"x\"}", "version", 422 },
        { "[1]", NULL, 400 },
        { "{\"title\":", NULL, 400 },
        { "{\"title\":\"a\",\"title\":\"b\"}", NULL, 400 },
    };
    Site *site = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str text = str_format(site->arena,
                              "POST /notes HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n"
                              "content-type: application/json\r\n\r\n%s",
                              cases[i].body);
        Outgoing out = site_send(site, str_to_c(site->arena, text));
        if (out.status != cases[i].status)
            fail_msg("%s: %d, not %d: %.*s", cases[i].body, out.status, cases[i].status,
                     STR_ARG(out.body));
        if (cases[i].status < 400)
            continue;
        Str field = cases[i].field ? str_format(site->arena, "\"field\":\"%s\"", cases[i].field)
                                   : STR_EMPTY;
        assert_true(field.len == 0 ? !site_has(&out, "\"field\"") : str_contains(out.body, field));
    }
    Outgoing out =
        site_send(site, "POST /notes HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n"
                        "content-type: text/plain\r\n\r\ntitle=a");
    assert_int_equal(out.status, 415);
    out =
        site_send(site, "POST /notes HTTP/1.1\r\n" HOST FORM "authorization: Bearer t-anna\r\n\r\n"
                        "title=%FF");
    assert_int_equal(out.status, 422);
    out = site_send(site, "POST /notes HTTP/1.1\r\n" HOST FORM
                          "authorization: Bearer t-anna\r\n\r\ntitle=%F");
    assert_int_equal(out.status, 400);
}

static void unknown_parameters_stop_programs_but_not_readers(void **state) {
    Site *site = *state;

    assert_int_equal(site_send(site, "GET /?from=timeline HTTP/1.1\r\n" HOST "\r\n").status, 200);
    assert_int_equal(site_send(site, "GET /?from=timeline HTTP/1.1\r\n" HOST JSON "\r\n").status,
                     422);
}

static void an_upload_arrives_whole(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "POST /upload HTTP/1.1\r\n" HOST JSON
                                   "content-type: multipart/form-data; boundary=xx\r\n\r\n"
                                   "--xx\r\ncontent-disposition: form-data; name=\"file\"; "
                                   "filename=\"../a%22b.png\"\r\ncontent-type: image/png\r\n\r\n"
                                   "12\r\n--x\r\n--xx--\r\n");

    assert_str(out.body, S("{\"title\":\"../a\\\"b.png\",\"text\":\"7\"}\n"));
}

/* ---- the form shown again ---- */

static void a_refused_form_comes_back_with_what_was_typed(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "POST /notes?lang=en HTTP/1.1\r\n" ANNA FORM "\r\n"
                                   "csrf=csrf-anna&title=&text=%22%3Cb%3E%26&secret=pass");

    assert_int_equal(out.status, 422);
    assert_true(site_has(&out, "<b>title: Fill in this field.</b>"));
    assert_true(site_has(&out, "<i>Fill in this field.</i>"));
    assert_true(site_has(&out, "<textarea name=\"text\">&quot;&lt;b&gt;&amp;</textarea>"));
    assert_false(site_has(&out, "pass"));
    assert_false(out.is_cacheable);
    assert_true(site_has(&out, "href=\"/notes/new?lang=zh\""));

    out =
        site_send(site, "POST /notes HTTP/1.1\r\n" ANNA FORM "\r\ncsrf=csrf-anna&title=forbidden");
    assert_int_equal(out.status, 403);
    assert_true(site_has(&out, "value=\"forbidden\""));
    out = site_send(site, "GET /notes/new HTTP/1.1\r\n" ANNA "\r\n");
    assert_true(site_has(&out, "name=\"title\" value=\"\""));
}

static void a_refusal_names_its_rule(void **state) {
    Site *site = *state;
    Outgoing out = site_send(site, "POST /notes HTTP/1.1\r\n" ANNA FORM JSON "\r\n"
                                   "csrf=csrf-anna&title=forbidden");

    assert_int_equal(out.status, 403);
    assert_true(site_has(&out, "\"rule\":7"));
    assert_true(site_has(&out, "\"refusal_url\":\"/refusals/R7\""));
}

/* ---- preconditions ---- */

static int put_status(Site *site, const char *headers) {
    Str text = str_format(site->arena,
                          "PUT /notes/7 HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n"
                          "content-type: application/json\r\n%s\r\n{\"title\":\"b\"}",
                          headers);

    return site_send(site, str_to_c(site->arena, text)).status;
}

static void a_change_names_the_version_it_changes(void **state) {
    Site *site = *state;

    assert_int_equal(db_exec(site->world.ctx,
                             "INSERT INTO note (id, title, text, version)"
                             " VALUES (7, 'a', 'b', 3)",
                             NO_ARGS)
                         .code,
                     ERR_OK);
    Outgoing out = site_send(site, "GET /notes/7 HTTP/1.1\r\n" HOST JSON "\r\n");
    const char *etag = site_header(site, &out, "etag");
    assert_true(strncmp(etag, "\"3-", 3) == 0);
    assert_int_equal(put_status(site, ""), 428);
    assert_int_equal(put_status(site, "if-match: \"2\"\r\n"), 412);
    assert_int_equal(
        put_status(site, str_to_c(site->arena, str_format(site->arena, "if-match: %s\r\n", etag))),
        200);
    assert_int_equal(put_status(site, "if-match: \"3\"\r\n"), 412);
    /* A form names it in a field; a lost race is 409 then. */
    out = site_send(site, "PUT /notes/7 HTTP/1.1\r\n" ANNA FORM JSON
                          "\r\ncsrf=csrf-anna&title=c&version=3");
    assert_int_equal(out.status, 409);
    out = site_send(site, "PUT /notes/7 HTTP/1.1\r\n" ANNA FORM JSON
                          "\r\ncsrf=csrf-anna&title=c&version=4");
    assert_int_equal(out.status, 200);
}

/* ---- sessions ---- */

static const char *sign_in(Site *site, const char *headers, Outgoing *out) {
    Str text = str_format(site->arena,
                          "POST /signin HTTP/1.1\r\n" FORM "%s\r\n"
                          "login=anna&password=right+password&next=%%2Fnotes%%2Fnew",
                          headers);

    *out = site_send(site, str_to_c(site->arena, text));
    return site_header(site, out, "set-cookie");
}

static void the_cookie_is_bound_to_host_https_or_loopback(void **state) {
    Site *site = *state;
    Outgoing out;

    assert_string_equal(
        sign_in(site, HOST, &out),
        "__Host-liandong=s-anna; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
    assert_string_equal(site_header(site, &out, "location"), "/notes/new");
    assert_string_equal(sign_in(site, "host: news.example\r\n", &out), "");
    assert_int_equal(out.status, 403);
    out = site_send(site, "POST /signout HTTP/1.1\r\n" ANNA FORM "\r\ncsrf=csrf-anna");
    assert_string_equal(site_header(site, &out, "set-cookie"),
                        "__Host-liandong=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

static void a_plain_cookie_needs_the_insecure_setting(void **state) {
    static const char *const settings[] = { "site.insecure=true", NULL };
    Site site = site_new(settings);
    Outgoing out;

    (void)state;
    assert_string_equal(sign_in(&site, "host: news.example\r\n", &out),
                        "liandong_plain=s-anna; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax");
    out = site_send(&site, "GET /notes/new HTTP/1.1\r\nhost: news.example\r\n"
                           "cookie: liandong_plain=s-anna\r\n\r\n");
    assert_int_equal(out.status, 200);
    site_free(&site);
}

static void where_to_go_after_signing_in_stays_on_this_site(void **state) {
    Site *site = *state;
    const char *bad[] = {
        "//evil.example",      "%2F%2Fevil.example",      "/%5Cevil.example",
        "javascript:alert(1)", "/%252f%252fevil.example", "https://evil.example/"
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Str text = str_format(site->arena,
                              "POST /signin HTTP/1.1\r\n" HOST FORM "\r\n"
                              "login=a%zu&password=right+password&next=%s",
                              i, bad[i]);
        Outgoing out = site_send(site, str_to_c(site->arena, text));
        assert_string_equal(site_header(site, &out, "location"), "/");
    }
}

static void failed_sign_ins_are_delayed(void **state) {
    Site *site = *state;
    Outgoing out;

    for (int i = 0; i < 3; i++) {
        out = site_send(site, "POST /signin HTTP/1.1\r\n" HOST FORM "\r\nlogin=Bob&password=x");
        assert_int_equal(out.status, 401);
    }
    out = site_send(site, "POST /signin HTTP/1.1\r\n" HOST FORM JSON
                          "\r\nlogin=bob&password=right+password");
    assert_int_equal(out.status, 429);
    assert_string_equal(site_header(site, &out, "retry-after"), "1");
    assert_string_equal(
        sign_in(site, HOST, &out),
        "__Host-liandong=s-anna; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
}

/* ---- acts ---- */

static void the_same_key_gives_the_first_answer_again(void **state) {
    static const char message[] = "POST /notes HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n"
                                  "idempotency-key: k1\r\ncontent-type: application/json\r\n\r\n"
                                  "{\"title\":\"once\"}";
    Site *site = *state;
    Outgoing first = site_send(site, message);

    assert_int_equal(first.status, 201);
    const char *location = site_header(site, &first, "location");
    Str body = str_dup(site->arena, first.body);
    Outgoing again = site_send(site, message);
    assert_int_equal(again.status, 201);
    assert_string_equal(site_header(site, &again, "location"), location);
    assert_str(again.body, body);
    assert_string_equal(site_header(site, &again, "idempotency-replayed"), "true");
    assert_int_equal(world_count(&site->world, "note"), 1);
    Outgoing other =
        site_send(site, "POST /notes HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n"
                        "idempotency-key: k1\r\ncontent-type: application/json\r\n\r\n"
                        "{\"title\":\"other\"}");
    assert_int_equal(other.status, 422);
}

static void act_and_key_are_stored_together_or_not_at_all(void **state) {
    Site *site = *state;

    for (int step = 0;; step++) {
        Str text = str_format(site->arena,
                              "POST /notes HTTP/1.1\r\n" HOST "authorization: Bearer t-anna\r\n"
                              "idempotency-key: step%d\r\ncontent-type: application/json\r\n\r\n"
                              "{\"title\":\"once\"}",
                              step);
        int64_t before = world_count(&site->world, "note");
        db_fail_at(site->world.ctx->db, step);
        Outgoing out = site_send(site, str_to_c(site->arena, text));
        db_fail_at(site->world.ctx->db, -1);
        bool is_done = out.status == 201;
        assert_true(is_done || out.status == 503);
        assert_int_equal(world_count(&site->world, "note"), before + is_done);
        assert_int_equal(world_count(&site->world, "answer_key"), before + is_done);
        if (is_done) {
            assert_true(step >= 3);
            return;
        }
    }
}

static void a_lost_batch_runs_the_whole_handler_again(void **state) {
    Site *site = *state;

    db_busy_at(site->world.ctx->db, 0);
    Outgoing out =
        site_send(site, "POST /notes HTTP/1.1\r\n" ANNA FORM "\r\ncsrf=csrf-anna&title=a");
    db_busy_at(site->world.ctx->db, -1);
    assert_int_equal(out.status, 303);
    assert_int_equal(world_count(&site->world, "note"), 1);
    assert_int_equal(atomic_load(&site->core->metrics->run_again), 1);
}

static void the_call_without_a_socket_asks_the_same_table(void **state) {
    Site *site = *state;
    HttpCall call = { S("POST"), S("/notes"), S("{\"title\":\"x\"}"), STR_EMPTY };
    int status;
    Str body;
    Ctx ctx = *site->world.ctx;

    ctx.actor = ACTOR_OPERATOR;
    assert_int_equal(http_call(site->app, &ctx, &call, &status, &body).code, ERR_OK);
    assert_int_equal(status, 403); /* the operator is no person */
    ctx.actor = ACTOR_PERSON;
    assert_int_equal(http_call(site->app, &ctx, &call, &status, &body).code, ERR_OK);
    assert_int_equal(status, 201);
    assert_true(str_contains(body, S("\"title\":\"x\"")));
    call = (HttpCall){ S("GET"), S("/openapi.json"), STR_EMPTY, STR_EMPTY };
    assert_int_equal(http_call(site->app, &ctx, &call, &status, &body).code, ERR_OK);
    assert_true(str_contains(body, S("\"/notes/{id}\":{\"get\":{")));
}

int main(void) {
#define SITE_TEST(name) cmocka_unit_test_setup_teardown(name, open_site, close_site)
    const struct CMUnitTest tests[] = {
        SITE_TEST(one_handler_answers_people_and_programs),
        SITE_TEST(the_language_is_the_parameter_else_the_browsers),
        SITE_TEST(every_page_carries_the_security_headers),
        SITE_TEST(readers_may_keep_pages_and_people_who_signed_in_may_not),
        SITE_TEST(unknown_paths_and_methods_are_told_apart),
        SITE_TEST(an_error_is_a_problem_document_or_a_page),
        SITE_TEST(a_reader_is_sent_to_sign_in_and_a_program_told_so),
        SITE_TEST(a_token_is_not_taken_from_a_cookie_nor_a_session_from_two),
        SITE_TEST(an_outlet_of_others_does_not_exist),
        SITE_TEST(a_decision_needs_a_fresh_password),
        SITE_TEST(what_was_typed_survives_the_question_for_the_password),
        SITE_TEST(the_interrupted_form_is_finished_with_the_new_token),
        SITE_TEST(sec_16_only_a_row_that_asked_for_the_password_is_finished),
        SITE_TEST(a_form_from_elsewhere_changes_nothing),
        SITE_TEST(fields_are_refused_by_name),
        SITE_TEST(unknown_parameters_stop_programs_but_not_readers),
        SITE_TEST(an_upload_arrives_whole),
        SITE_TEST(a_refused_form_comes_back_with_what_was_typed),
        SITE_TEST(a_refusal_names_its_rule),
        SITE_TEST(a_change_names_the_version_it_changes),
        SITE_TEST(the_cookie_is_bound_to_host_https_or_loopback),
        cmocka_unit_test(a_plain_cookie_needs_the_insecure_setting),
        SITE_TEST(where_to_go_after_signing_in_stays_on_this_site),
        SITE_TEST(failed_sign_ins_are_delayed),
        SITE_TEST(the_same_key_gives_the_first_answer_again),
        SITE_TEST(act_and_key_are_stored_together_or_not_at_all),
        SITE_TEST(a_lost_batch_runs_the_whole_handler_again),
        SITE_TEST(the_call_without_a_socket_asks_the_same_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
