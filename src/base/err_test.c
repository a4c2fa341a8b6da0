/* base/err_test.c - what errors mean outside. */
#include "base/err.h"

#include "base/test_support.h"

static void each_code_has_its_statuses_and_word(void **state) {
    static const struct {
        ErrCode code;
        const char *field;
        int http, exit;
        const char *name;
    } rows[] = {
        { ERR_OK, NULL, 200, 0, "ok" },
        { ERR_INVALID, NULL, 400, 2, "invalid" },
        { ERR_INVALID, "text", 422, 2, "invalid" },
        { ERR_UNAUTHENTICATED, NULL, 401, 2, "unauthenticated" },
        { ERR_FORBIDDEN, NULL, 403, 2, "forbidden" },
        { ERR_REFUSED, NULL, 403, 2, "refused" },
        { ERR_NOT_FOUND, NULL, 404, 2, "not-found" },
        { ERR_GONE, NULL, 410, 2, "gone" },
        { ERR_CONFLICT, NULL, 409, 2, "conflict" },
        { ERR_LIMIT, NULL, 413, 3, "limit" },
        { ERR_LIMIT, "text", 422, 3, "limit" },
        { ERR_LIMIT, "@rate", 429, 3, "limit" },
        { ERR_BUSY, NULL, 503, 4, "busy" },
        { ERR_IO, NULL, 503, 4, "io" },
        { ERR_BUG, NULL, 500, 70, "bug" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Err err = { .code = rows[i].code, .field = rows[i].field };

        assert_int_equal(err_http_status(err), rows[i].http);
        assert_int_equal(err_exit_status(err), rows[i].exit);
        assert_string_equal(err_name(rows[i].code), rows[i].name);
    }
}

static Err pass_on(Err err, int *reached) {
    TRY(err);
    ++*reached;
    return OK;
}

static void try_passes_errors_and_goes_on_otherwise(void **state) {
    int reached = 0;
    Err err = FAIL_ARGS(ERR_LIMIT, "text", N_("At most {0}."), S("5"));

    assert_int_equal(pass_on(OK, &reached).code, ERR_OK);
    assert_int_equal(reached, 1);
    Err passed = pass_on(err, &reached);
    assert_int_equal(reached, 1);
    assert_int_equal(passed.code, ERR_LIMIT);
    assert_string_equal(passed.msgid, "At most {0}.");
    assert_str(passed.args[0], S("5"));
    assert_true(str_contains(str_from_c(passed.where), S("err_test.c:")));
    err = REFUSE(7, N_("No."));
    assert_int_equal(err.rule, 7);
    assert_int_equal(err.code, ERR_REFUSED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_has_its_statuses_and_word),
        cmocka_unit_test(try_passes_errors_and_goes_on_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
