/* http/form_test.c - names and values of queries, forms, multipart bodies and JSON objects. */
#include "base/test_support.h"
#include "http/form.h"

#define TYPE S("multipart/form-data; boundary=xx")
#define FIELD(name) "--xx\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void assert_pair(const ParamList *list, size_t index, Str name, Str value) {
    assert_true(index < list->len);
    assert_str(list->items[index].name, name);
    assert_str(list->items[index].value, value);
}

/* ---- urlencoded ---- */

static void pairs_are_decoded_in_their_order(void **state) {
    ParamList list = { 0 };

    assert_int_equal(
        form_read_urlencoded(*state, S("a=1&b=%E4%B8%AD+x&a=2&c&=d&e=f=g"), &list).code, ERR_OK);
    assert_int_equal(list.len, 6);
    assert_pair(&list, 0, S("a"), S("1"));
    assert_pair(&list, 1, S("b"), S("中 x"));
    assert_pair(&list, 2, S("a"), S("2"));
    assert_pair(&list, 3, S("c"), S(""));
    assert_pair(&list, 4, S(""), S("d"));
    assert_pair(&list, 5, S("e"), S("f=g"));
}

static void empty_pairs_are_passed_over(void **state) {
    ParamList list = { 0 };

    assert_int_equal(form_read_urlencoded(*state, S(""), &list).code, ERR_OK);
    assert_int_equal(form_read_urlencoded(*state, S("&&&"), &list).code, ERR_OK);
    assert_int_equal(list.len, 0);
    assert_int_equal(form_read_urlencoded(*state, S("&&a=1&"), &list).code, ERR_OK);
    assert_int_equal(list.len, 1);
}

static void a_bad_percent_is_an_error_without_a_field(void **state) {
    ParamList list = { 0 };
    Err err = form_read_urlencoded(*state, S("a=1&b=%4"), &list);

    assert_int_equal(err.code, ERR_INVALID);
    assert_null(err.field);
    assert_int_equal(form_read_urlencoded(*state, S("%zz=1"), &list).code, ERR_INVALID);
}

static void a_request_has_at_most_1000_names(void **state) {
    Arena *arena = *state;
    Buf buf = buf_new(arena, 0);
    ParamList list = { 0 };

    for (int i = 0; i < FORM_PARAMS_MAX; i++)
        buf_add(&buf, S("a=1&"));
    assert_int_equal(form_read_urlencoded(arena, buf_str(&buf), &list).code, ERR_OK);
    assert_int_equal(list.len, FORM_PARAMS_MAX);
    Err err = form_read_urlencoded(arena, S("b"), &list);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_null(err.field);
}

/* ---- multipart ---- */

static void parts_are_read_with_name_file_and_type(void **state) {
    ParamList list = { 0 };
    Str body = S("preamble\r\n" FIELD(
        "a") "1\r\n2\r\n"
             "--xx\r\ncontent-disposition: form-data; name=f; filename=\"a \\\"b%22.png\"\r\n"
             "Content-Type: image/png\r\nX-Other: y\r\n\r\n\0PNG\r\n--x\r\n--xx--\r\nepilogue");

    assert_int_equal(form_read_multipart(*state, TYPE, body, &list).code, ERR_OK);
    assert_int_equal(list.len, 2);
    assert_pair(&list, 0, S("a"), S("1\r\n2"));
    assert_false(list.items[0].is_file);
    assert_pair(&list, 1, S("f"), S("\0PNG\r\n--x"));
    assert_true(list.items[1].is_file);
    assert_str(list.items[1].file_name, S("a \"b\".png"));
    assert_str(list.items[1].type, S("image/png"));
}

static void an_empty_value_is_a_value(void **state) {
    ParamList list = { 0 };

    assert_int_equal(
        form_read_multipart(*state, TYPE, S(FIELD("a") "\r\n" FIELD("b") "x\r\n--xx--"), &list)
            .code,
        ERR_OK);
    assert_int_equal(list.len, 2);
    assert_pair(&list, 0, S("a"), S(""));
    assert_pair(&list, 1, S("b"), S("x"));
}

static void a_broken_multipart_body_is_refused_whole(void **state) {
    static const struct {
        const char *type, *body;
    } bad[] = {
        { "multipart/form-data", FIELD("a") "1\r\n--xx--" },            /* no boundary */
        { "multipart/form-data; boundary=", FIELD("a") "1\r\n--xx--" }, /* an empty one */
        { "multipart/form-data; boundary=xx; boundary=xx", FIELD("a") "1\r\n--xx--" },
        { "multipart/form-data; boundary=\"x\x01\"", FIELD("a") "1\r\n--xx--" },
        { "multipart/form-data; boundary=xx", "" },
        { "multipart/form-data; boundary=xx", "no boundary at all" },
        { "multipart/form-data; boundary=xx", FIELD("a") "1" },            /* no end */
        { "multipart/form-data; boundary=xx", FIELD("a") "1\r\n--xx" },    /* not the last one */
        { "multipart/form-data; boundary=xx", "--xx\r\n\r\n1\r\n--xx--" }, /* no name */
        { "multipart/form-data; boundary=xx",
          "--xx\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xx--" },
        { "multipart/form-data; boundary=xx",
          "--xx\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--xx--" },
        { "multipart/form-data; boundary=xx",
          "--xx\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--xx--" },
        { "multipart/form-data; boundary=xx",
          "--xx\r\nContent-Disposition: form-data; name=a\r\n"
          "Content-Disposition: form-data; name=b\r\n\r\n1\r\n--xx--" },
        { "multipart/form-data; boundary=xx", "--xx\r\nno colon\r\n\r\n1\r\n--xx--" },
        { "multipart/form-data; boundary=xx", "--xxy" FIELD("a") "1\r\n--xx--" },
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        ParamList list = { 0 };
        Err err =
            form_read_multipart(*state, str_from_c(bad[i].type), str_from_c(bad[i].body), &list);
        if (err.code != ERR_INVALID || err.field)
            fail_msg("case %zu is not refused as a whole", i);
    }
}

static void a_boundary_has_1_to_70_signs(void **state) {
    Arena *arena = *state;
    char signs[FORM_BOUNDARY_MAX + 1];

    memset(signs, 'b', sizeof signs);
    for (size_t len = FORM_BOUNDARY_MAX; len <= FORM_BOUNDARY_MAX + 1; len++) {
        ParamList list = { 0 };
        Str type = str_format(arena, "multipart/form-data; boundary=%.*s", (int)len, signs);
        Str body = str_format(arena, "--%.*s--", (int)len, signs);
        assert_int_equal(form_read_multipart(arena, type, body, &list).code,
                         len == FORM_BOUNDARY_MAX ? ERR_OK : ERR_INVALID);
    }
}

static void a_form_has_at_most_200_parts(void **state) {
    Arena *arena = *state;
    Buf buf = buf_new(arena, 0);

    for (int i = 0; i < FORM_PARTS_MAX; i++)
        buf_add(&buf, S(FIELD("a") "1\r\n"));
    size_t most = buf.len;
    for (int more = 0; more < 2; more++) {
        ParamList list = { 0 };
        buf_truncate(&buf, most);
        if (more)
            buf_add(&buf, S(FIELD("a") "1\r\n"));
        buf_add(&buf, S("--xx--"));
        assert_int_equal(form_read_multipart(arena, TYPE, buf_str(&buf), &list).code,
                         more ? ERR_LIMIT : ERR_OK);
    }
}

static void the_headers_of_a_part_are_bounded(void **state) {
    Arena *arena = *state;
    char fill[FORM_PART_HEAD_MAX];
    ParamList list = { 0 };

    memset(fill, 'f', sizeof fill);
    Str body = str_format(arena,
                          "--xx\r\nContent-Disposition: form-data; name=a\r\nx: %.*s\r\n\r\n1\r\n"
                          "--xx--",
                          (int)sizeof fill, fill);
    assert_int_equal(form_read_multipart(arena, TYPE, body, &list).code, ERR_LIMIT);
}

/* A megabyte that looks like boundaries all over costs no more than its bytes. */
static void hostile_megabytes_are_read_in_linear_time(void **state) {
    Arena *arena = *state;
    Buf buf = buf_new(arena, 4 << 20);
    ParamList list = { 0 };

    buf_add(&buf, S(FIELD("a")));
    while (buf.len < 1 << 20)
        buf_add(&buf, S("\r\n--x\r\n-"));
    buf_add(&buf, S("\r\n--xx--"));
    assert_int_equal(form_read_multipart(arena, TYPE, buf_str(&buf), &list).code, ERR_OK);
    assert_int_equal(list.len, 1);
}

/* ---- JSON ---- */

static void members_become_pairs(void **state) {
    Arena *arena = *state;
    Json *object = json_obj(arena), *list = json_arr(arena);
    ParamList params = { 0 };

    json_push(list, json_str(arena, S("x")));
    json_push(list, json_null(arena));
    json_push(list, json_int(arena, 7));
    json_set(object, "text", json_str(arena, S("中")));
    json_set(object, "number", json_int(arena, INT64_MIN));
    json_set(object, "yes", json_bool(arena, true));
    json_set(object, "no", json_bool(arena, false));
    json_set(object, "nothing", json_null(arena));
    json_set(object, "list", list);
    json_set(object, "real", json_real(arena, 1.5));
    json_set(object, "inside", json_obj(arena));
    assert_int_equal(form_read_json(arena, object, &params).code, ERR_OK);
    assert_int_equal(params.len, 8);
    assert_pair(&params, 0, S("text"), S("中"));
    assert_pair(&params, 1, S("number"), S("-9223372036854775808"));
    assert_pair(&params, 2, S("yes"), S("1"));
    assert_pair(&params, 3, S("no"), S("0"));
    assert_pair(&params, 4, S("list"), S("x"));
    assert_pair(&params, 5, S("list"), S("7"));
    assert_true(params.items[6].is_wrong);
    assert_true(params.items[7].is_wrong);
}

static void only_an_object_is_a_form(void **state) {
    Arena *arena = *state;
    ParamList params = { 0 };

    assert_int_equal(form_read_json(arena, json_arr(arena), &params).code, ERR_INVALID);
    assert_int_equal(form_read_json(arena, json_null(arena), &params).code, ERR_INVALID);
    assert_int_equal(params.len, 0);
}

/* ---- header values ---- */

static void media_types_and_parameters_are_found(void **state) {
    Arena *arena = *state;
    Str value;

    assert_str(media_type(arena, S(" Text/HTML ; charset=x")), S("text/html"));
    assert_str(media_type(arena, S("")), S(""));
    assert_true(media_parameter(arena, S("a/b; x=1; Boundary=\"q;\\\"r\""), S("boundary"), &value));
    assert_str(value, S("q;\"r"));
    assert_true(media_parameter(arena, S("a/b;x = y ;z"), S("x"), &value));
    assert_str(value, S("y"));
    assert_false(media_parameter(arena, S("a/b"), S("x"), &value));
    assert_false(media_parameter(arena, S("a/b; x=1; X=1"), S("x"), &value));
    assert_false(media_parameter(arena, S("a/b; x=\"1"), S("x"), &value)); /* never closed */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(pairs_are_decoded_in_their_order),
        WITH_ARENA(empty_pairs_are_passed_over),
        WITH_ARENA(a_bad_percent_is_an_error_without_a_field),
        WITH_ARENA(a_request_has_at_most_1000_names),
        WITH_ARENA(parts_are_read_with_name_file_and_type),
        WITH_ARENA(an_empty_value_is_a_value),
        WITH_ARENA(a_broken_multipart_body_is_refused_whole),
        WITH_ARENA(a_boundary_has_1_to_70_signs),
        WITH_ARENA(a_form_has_at_most_200_parts),
        WITH_ARENA(the_headers_of_a_part_are_bounded),
        WITH_ARENA(hostile_megabytes_are_read_in_linear_time),
        WITH_ARENA(members_become_pairs),
        WITH_ARENA(only_an_object_is_a_form),
        WITH_ARENA(media_types_and_parameters_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
