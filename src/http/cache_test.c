/* http/cache_test.c - pages stay until a tag of theirs is dropped, and none comes from before a drop. */
#include "base/test_support.h"
#include "http/cache.h"

enum { LIMIT = 1 << 20 };

static int released;
static char page[] = "page";

static void release(void *old) {
    (void)old;
    released++;
}

static void take(void *hit, void *user) {
    *(void **)user = hit;
}

static CacheKey key_of(const PageCache *cache, const char *path) {
    return cache_key(cache, 0, S("http://localhost"), str_from_c(path), STR_EMPTY, FORM_PAGE,
                     S("zh"), CODING_NONE);
}

static const char *found(PageCache *cache, const char *path) {
    void *hit = NULL;

    return cache_use(cache, key_of(cache, path), take, &hit) ? hit : NULL;
}

static bool put(PageCache *cache, const char *path, const char *tag, size_t bytes) {
    Str tags[] = { str_from_c(tag) };

    return cache_put(cache, key_of(cache, path), cache_moment(cache), tags, 1,
                     (void *)(uintptr_t)path, bytes);
}

static PageCache *cache_of(void **state, size_t limit_bytes) {
    released = 0;
    return cache_new(*state, limit_bytes, release);
}

static void a_page_is_kept_until_its_tag_is_dropped(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str tags[] = { S("article:7") };

    assert_null(found(cache, "/a"));
    assert_true(put(cache, "/a", "article:7", 100));
    assert_true(put(cache, "/b", "article:8", 100));
    assert_string_equal(found(cache, "/a"), "/a");
    cache_drop(cache, tags, 1);
    assert_null(found(cache, "/a"));
    assert_string_equal(found(cache, "/b"), "/b");
    assert_int_equal(released, 1);
    cache_free(cache);
    assert_int_equal(released, 2);
}

static void a_page_read_before_a_drop_is_not_stored_after_it(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str tags[] = { S("home"), S("article:7") };
    uint64_t moment = cache_moment(cache);

    cache_drop(cache, &tags[1], 1);
    assert_false(cache_put(cache, key_of(cache, "/a"), moment, tags, 2, page, 100));
    assert_null(found(cache, "/a"));
    assert_int_equal(released, 0); /* what was not taken is still the caller's */
    assert_int_equal(cache_state(cache).stale, 1);
    moment = cache_moment(cache);
    assert_true(cache_put(cache, key_of(cache, "/a"), moment, tags, 2, page, 100));
    cache_free(cache);
}

static void a_drop_of_other_tags_does_not_hinder(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str one[] = { S("article:7") }, other[] = { S("article:8") };
    uint64_t moment = cache_moment(cache);

    cache_drop(cache, other, 1);
    assert_true(cache_put(cache, key_of(cache, "/a"), moment, one, 1, page, 100));
    cache_free(cache);
}

static void eight_tags_may_be_kept_nine_not(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str tags[9] = { S("0"), S("1"), S("2"), S("3"), S("4"), S("5"), S("6"), S("7"), S("8") };
    uint64_t moment = cache_moment(cache);

    assert_false(cache_put(cache, key_of(cache, "/a"), moment, tags, 9, page, 100));
    assert_true(cache_put(cache, key_of(cache, "/a"), moment, tags, 8, page, 100));
    cache_drop(cache, &tags[7], 1);
    assert_null(found(cache, "/a"));
    cache_free(cache);
}

static void a_drop_may_name_more_than_eight_tags(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str tags[20];

    for (size_t i = 0; i < COUNT_OF(tags); i++)
        tags[i] = str_from_int(*state, (int64_t)i);
    assert_true(put(cache, "/first", "0", 100));
    assert_true(put(cache, "/last", "19", 100));
    cache_drop(cache, tags, COUNT_OF(tags));
    assert_int_equal(cache_state(cache).pages, 0);
    cache_drop(cache, NULL, 0);
    cache_free(cache);
}

static void the_same_page_anew_replaces_the_old_one(void **state) {
    PageCache *cache = cache_of(state, LIMIT);

    assert_true(put(cache, "/a", "x", 100));
    assert_true(put(cache, "/a", "x", 200));
    assert_int_equal(released, 1);
    assert_int_equal(cache_state(cache).pages, 1);
    cache_free(cache);
}

static void the_longest_unused_leaves_when_it_is_full(void **state) {
    PageCache *cache = cache_of(state, 8000);
    char *names[16];

    for (int i = 0; i < 16; i++) {
        names[i] = str_to_c(*state, str_format(*state, "/%d", i));
        assert_true(put(cache, names[i], "x", 700));
        assert_string_equal(found(cache, "/0"), "/0"); /* in use all the time */
    }
    assert_true(cache_state(cache).bytes <= 8000);
    assert_null(found(cache, "/1"));
    assert_string_equal(found(cache, "/0"), "/0");
    assert_string_equal(found(cache, "/15"), "/15");
    assert_int_equal(released + (int)cache_state(cache).pages, 16);
    cache_free(cache);
    assert_int_equal(released, 16);
}

static void a_page_larger_than_an_eighth_is_not_kept(void **state) {
    PageCache *cache = cache_of(state, 80000);

    assert_false(put(cache, "/a", "x", 10001));
    assert_true(put(cache, "/a", "x", 9000));
    cache_free(cache);
}

static void a_cache_of_nothing_keeps_nothing(void **state) {
    PageCache *cache = cache_of(state, 0);

    assert_false(put(cache, "/a", "x", 0));
    assert_null(found(cache, "/a"));
    cache_free(cache);
    assert_int_equal(released, 0);
}

static void small_pages_are_bounded_in_number_too(void **state) {
    PageCache *cache = cache_of(state, 512 << 10); /* 128 entries */

    for (int i = 0; i < 1000; i++)
        assert_true(put(cache, str_to_c(*state, str_from_int(*state, i)), "x", 1));
    assert_int_equal(cache_state(cache).pages, 128);
    assert_int_equal(released, 1000 - 128);
    assert_non_null(found(cache, "999"));
    cache_free(cache);
}

static void whatever_differs_makes_another_page(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str o = S("http://a"), p = S("/p"), q = S("q=1"), zh = S("zh");
    CacheKey keys[] = {
        cache_key(cache, 0, o, p, q, FORM_PAGE, zh, CODING_NONE),
        cache_key(cache, 0, S("https://a"), p, q, FORM_PAGE, zh, CODING_NONE),
        cache_key(cache, 0, o, S("/P"), q, FORM_PAGE, zh, CODING_NONE),
        cache_key(cache, 0, o, p, S("q=2"), FORM_PAGE, zh, CODING_NONE),
        cache_key(cache, 0, o, p, q, FORM_FRAGMENT, zh, CODING_NONE),
        cache_key(cache, 0, o, p, q, FORM_JSON, zh, CODING_NONE),
        cache_key(cache, 0, o, p, q, FORM_PAGE, S("en"), CODING_NONE),
        cache_key(cache, 0, o, p, q, FORM_PAGE, zh, CODING_GZIP),
        cache_key(cache, 0, o, p, q, FORM_PAGE, zh, CODING_BR),
        cache_key(cache, 0, o, S("/pq"), S("=1"), FORM_PAGE, zh, CODING_NONE),
        cache_key(cache, 0, S("http://a/p"), STR_EMPTY, q, FORM_PAGE, zh, CODING_NONE),
        cache_key(cache, 900000, o, p, q, FORM_PAGE, zh, CODING_NONE), /* a quarter of an hour on */
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        for (size_t k = 0; k < i; k++)
            assert_false(keys[i].a == keys[k].a && keys[i].b == keys[k].b);
    CacheKey again = cache_key(cache, 899999, o, p, q, FORM_PAGE, zh, CODING_NONE);
    assert_true(again.a == keys[0].a && again.b == keys[0].b);
    cache_free(cache);
}

static void it_counts_what_it_does(void **state) {
    PageCache *cache = cache_of(state, LIMIT);

    (void)found(cache, "/a");
    assert_true(put(cache, "/a", "x", 100));
    (void)found(cache, "/a");
    (void)found(cache, "/a");
    CacheState now = cache_state(cache);
    assert_int_equal(now.hits, 2);
    assert_int_equal(now.misses, 1);
    assert_int_equal(now.stores, 1);
    assert_int_equal(now.pages, 1);
    assert_true(now.bytes >= 100);
    cache_free(cache);
}

static void all_go_at_once_and_none_from_before_comes_back(void **state) {
    PageCache *cache = cache_of(state, LIMIT);
    Str tag = S("home");

    assert_true(put(cache, "/", "home", 10) && put(cache, "/articles/7", "article:7", 10));
    uint64_t before = cache_moment(cache);
    cache_drop_all(cache);
    assert_int_equal(released, 2);
    assert_null(found(cache, "/"));
    assert_null(found(cache, "/articles/7"));
    assert_false(cache_put(cache, key_of(cache, "/"), before, &tag, 1, page, 10));
    assert_true(put(cache, "/", "home", 10));
    assert_non_null(found(cache, "/"));
    cache_free(cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_page_is_kept_until_its_tag_is_dropped),
        WITH_ARENA(a_page_read_before_a_drop_is_not_stored_after_it),
        WITH_ARENA(a_drop_of_other_tags_does_not_hinder),
        WITH_ARENA(eight_tags_may_be_kept_nine_not),
        WITH_ARENA(a_drop_may_name_more_than_eight_tags),
        WITH_ARENA(the_same_page_anew_replaces_the_old_one),
        WITH_ARENA(the_longest_unused_leaves_when_it_is_full),
        WITH_ARENA(a_page_larger_than_an_eighth_is_not_kept),
        WITH_ARENA(a_cache_of_nothing_keeps_nothing),
        WITH_ARENA(all_go_at_once_and_none_from_before_comes_back),
        WITH_ARENA(small_pages_are_bounded_in_number_too),
        WITH_ARENA(whatever_differs_makes_another_page),
        WITH_ARENA(it_counts_what_it_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
