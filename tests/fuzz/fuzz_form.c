/*
 * tests/fuzz/fuzz_form.c - pairs that were read are written and read as the same; parts lie in the body.
 */
#include "base/percent.h"
#include "fuzz.h"
#include "http/form.h"

static void must_come_back(Arena *arena, Str text) {
    ParamList list = { 0 }, again = { 0 };
    Buf buf = buf_new(arena, 0);

    if (form_read_urlencoded(arena, text, &list).code != ERR_OK)
        return;
    MUST(list.len <= FORM_PARAMS_MAX);
    for (size_t i = 0; i < list.len; i++) {
        buf_add(&buf, percent_encode(arena, list.items[i].name));
        buf_add_char(&buf, '=');
        buf_add(&buf, percent_encode(arena, list.items[i].value));
        buf_add_char(&buf, '&');
    }
    MUST(form_read_urlencoded(arena, buf_str(&buf), &again).code == ERR_OK);
    MUST(again.len == list.len);
    for (size_t i = 0; i < list.len; i++)
        MUST(str_eq(again.items[i].name, list.items[i].name) &&
             str_eq(again.items[i].value, list.items[i].value));
}

static void must_lie_in(Arena *arena, Str type, Str body) {
    ParamList list = { 0 };
    Str boundary;
    size_t bytes = 0;

    if (form_read_multipart(arena, type, body, &list).code != ERR_OK)
        return;
    MUST(media_parameter(arena, type, S("boundary"), &boundary));
    MUST(list.len <= FORM_PARTS_MAX && boundary.len > 0 && boundary.len <= FORM_BOUNDARY_MAX);
    Str delimiter = str_concat(arena, S("\r\n--"), boundary);
    for (size_t i = 0; i < list.len; i++) {
        const Param *param = &list.items[i];
        MUST(param->value.ptr >= body.ptr &&
             param->value.ptr + param->value.len <= body.ptr + body.len);
        MUST(!str_contains(param->value, delimiter));
        MUST(param->is_file || param->file_name.len == 0);
        bytes += param->value.len;
    }
    MUST(bytes <= body.len);
}

/* A content type and a body, separated by 0xFF; both readers read the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str rest = fuzz_input(data, size), type = fuzz_part(&rest);

    must_come_back(arena, rest);
    must_come_back(arena, type);
    must_lie_in(arena, type, rest);
    must_lie_in(arena, S("multipart/form-data; boundary=\"MyBoundary\""), rest);
    must_lie_in(arena, S("multipart/form-data; boundary=xxx"), fuzz_input(data, size));
    (void)media_type(arena, type);
    return 0;
}
