/* sec/note_test.c - signed notes: a published one, our own, and damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sec/note.h"

/* The example of the note format's first implementation, golang.org/x/mod/sumdb/note. */
#define PETER "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_TEXT                                                                                 \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n"
#define PETER_NOTE                                                                                 \
    PETER_TEXT                                                                                     \
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKv"        \
    "qfqdngotpRZb6KE6RyyBwJnAM=\n"

static Arena *arena;
static SignKey secret;
static NoteKey key, witness;

static int begin(void **state) {
    SeededChance seeded;

    arena = arena_new(0);
    chance_seeded(&seeded, 11);
    secret = sign_key_new(&seeded.chance);
    return note_key_make(S("联动.example/log"), NOTE_ED25519, &secret.public, &key).code !=
               ERR_OK ||
           note_key_make(S("witness.example"), NOTE_COSIGNATURE, &secret.public, &witness).code !=
               ERR_OK;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static Note must_parse(Str text) {
    Note note = { 0 };

    assert_int_equal(note_parse(arena, text, &note).code, ERR_OK);
    return note;
}

static Str print(Note note) {
    Str text = STR_EMPTY;

    assert_int_equal(note_print(arena, &note, &text).code, ERR_OK);
    return text;
}

static void verifies_the_published_example(void **state) {
    NoteKey peter;
    Note note = must_parse(S(PETER_NOTE));

    assert_int_equal(note_key_parse(S(PETER), &peter).code, ERR_OK);
    assert_true(str_eq(note_key_print(arena, &peter), S(PETER)));
    assert_true(str_eq(note.text, S(PETER_TEXT)));
    assert_true(note_is_signed(arena, &note, &peter, NULL));
    assert_true(str_eq(print(note), S(PETER_NOTE)));
    assert_false(note_is_signed(arena, &note, &key, NULL));
}

static void a_note_of_ours_comes_back_and_verifies(void **state) {
    Str text = S("联动.example/log\n5\n");
    NoteSignature both[] = { note_sign(arena, &key, &secret, text),
                             note_cosign(arena, &witness, &secret, text, 1700000000999) };
    Note note = must_parse(print((Note){ text, both, 2 }));
    int64_t at_ms = -1;

    assert_int_equal(note.signature_count, 2);
    assert_true(note_is_signed(arena, &note, &key, &at_ms));
    assert_int_equal(at_ms, 0);
    assert_true(note_is_signed(arena, &note, &witness, &at_ms));
    assert_int_equal(at_ms, 1700000000000);
    note.text = S("联动.example/log\n6\n");
    assert_false(note_is_signed(arena, &note, &key, NULL));
    assert_false(note_is_signed(arena, &note, &witness, NULL));
}

static void a_wrong_second_signature_spoils_the_note(void **state) {
    Str text = S("x\n");
    NoteSignature both[] = { note_sign(arena, &key, &secret, text),
                             note_sign(arena, &key, &secret, S("y\n")) };
    Note note = { text, both, 2 };

    assert_false(note_is_signed(arena, &note, &key, NULL));
    note.signature_count = 1;
    assert_true(note_is_signed(arena, &note, &key, NULL));
}

static void an_empty_line_in_the_text_belongs_to_it(void **state) {
    Str text = S("a\n\nb\n");
    NoteSignature one = note_sign(arena, &key, &secret, text);
    Note note = must_parse(print((Note){ text, &one, 1 }));

    assert_true(str_eq(note.text, text));
    assert_true(note_is_signed(arena, &note, &key, NULL));
}

static void damaged_notes_are_refused(void **state) {
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n\n— name\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— name AAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n—  AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n— name AAAAAAAA \n",
        "text\n\n— name AAAA*AAA\n",
        "te\rxt\n\n— name AAAAAAAA\n",
        "te\xffxt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA\nmore\n",
    };
    Note note = { .signature_count = 77 };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (note_parse(arena, str_from_c(bad[i]), &note).code != ERR_INVALID)
            fail_msg("case %zu: %s", i, bad[i]);
    }
    assert_int_equal(note_parse(arena, S("te\0xt\n\n— name AAAAAAAA\n"), &note).code, ERR_INVALID);
    assert_int_equal(note.signature_count, 77);
    assert_int_equal(note_parse(arena, S("text\n\n— name AAAAAAAA\n"), &note).code, ERR_OK);
}

static void length_and_signatures_have_bounds(void **state) {
    Str text = S("x\n");
    NoteSignature one = note_sign(arena, &key, &secret, text);
    NoteSignature many[NOTE_SIGNATURES_MAX + 1];
    Note note;

    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = one;
    assert_int_equal(
        note_parse(arena, print((Note){ text, many, NOTE_SIGNATURES_MAX }), &note).code, ERR_OK);
    assert_int_equal(note_parse(arena, print((Note){ text, many, COUNT_OF(many) }), &note).code,
                     ERR_LIMIT);
    Str huge = { memset(arena_alloc(arena, NOTE_BYTES_MAX + 1), '\n', NOTE_BYTES_MAX + 1),
                 NOTE_BYTES_MAX + 1 };
    assert_int_equal(note_parse(arena, huge, &note).code, ERR_LIMIT);
    assert_int_equal(note_print(arena, &(Note){ huge, &one, 1 }, &text).code, ERR_LIMIT);
}

static void keys_with_a_wrong_id_or_form_are_refused(void **state) {
    static const char *const bad[] = {
        "",
        "a+b",
        "PeterNeumann",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanX+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+++++++++++",
        "a+12345678+",
    };
    NoteKey parsed;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(note_key_parse(str_from_c(bad[i]), &parsed).code, ERR_INVALID);
    assert_int_equal(note_key_make(S("a b"), NOTE_ED25519, &secret.public, &parsed).code,
                     ERR_INVALID);
    assert_int_equal(note_key_make(S("a\u3000b"), NOTE_ED25519, &secret.public, &parsed).code,
                     ERR_INVALID);
    assert_int_equal(note_key_parse(note_key_print(arena, &witness), &parsed).code, ERR_OK);
    assert_true(note_key_eq(&parsed, &witness));
    assert_false(note_key_eq(&parsed, &key));
}

static void checkpoints_come_back(void **state) {
    Checkpoint made = { S("联动.example/log"), 1234567, hash_sha256(S("x")), STR_EMPTY }, read;

    assert_int_equal(checkpoint_parse(checkpoint_print(arena, &made), &read).code, ERR_OK);
    assert_true(str_eq(read.origin, made.origin) && read.size == made.size &&
                hash_eq(&read.root, &made.root));
    assert_int_equal(read.extension.len, 0);
    made.extension = S("more\nlines\n");
    made.size = 0;
    assert_int_equal(checkpoint_parse(checkpoint_print(arena, &made), &read).code, ERR_OK);
    assert_true(str_eq(read.extension, made.extension) && read.size == 0);
}

static void other_texts_are_no_checkpoints(void **state) {
#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    static const char *const bad[] = {
        "",
        "a\n",
        "a\n1\n",
        "\n1\n" ROOT,
        "a\n01\n" ROOT,
        "a\n-1\n" ROOT,
        "a\n\n" ROOT,
        "a\n1 \n" ROOT,
        "a\n9223372036854775808\n" ROOT,
        "a\n1\nAAAA\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    };
    Checkpoint read;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(checkpoint_parse(str_from_c(bad[i]), &read).code, ERR_INVALID);
    assert_int_equal(checkpoint_parse(S("a\n1\n" ROOT "x\0y\n"), &read).code, ERR_INVALID);
    assert_int_equal(checkpoint_parse(S("a\n1\n" ROOT "\xFF\n"), &read).code, ERR_INVALID);
    assert_int_equal(checkpoint_parse(S("a\n9223372036854775807\n" ROOT), &read).code, ERR_OK);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(verifies_the_published_example),
        TEST(a_note_of_ours_comes_back_and_verifies),
        TEST(a_wrong_second_signature_spoils_the_note),
        TEST(an_empty_line_in_the_text_belongs_to_it),
        TEST(damaged_notes_are_refused),
        TEST(length_and_signatures_have_bounds),
        TEST(keys_with_a_wrong_id_or_form_are_refused),
        TEST(checkpoints_come_back),
        TEST(other_texts_are_no_checkpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
