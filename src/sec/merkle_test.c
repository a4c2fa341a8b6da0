/* sec/merkle_test.c - the tree against published answers and against its definition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "sec/merkle.h"
#include "text/json_read.h"
#include "text/suite.h"

enum { TREE_MAX = 40 };

static Arena *arena;
static Hash leaf_hashes[TREE_MAX];

static int begin(void **state) {
    arena = arena_new(0);
    for (size_t i = 0; i < TREE_MAX; i++)
        leaf_hashes[i] = merkle_leaf(str_from_int(arena, (int64_t)i));
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

/* The definition of RFC 9162, 2.1.1, without any cleverness. */
static Hash defined_root(size_t from, size_t to) {
    size_t half = 1;

    if (to == from)
        return merkle_empty_root();
    if (to - from == 1)
        return leaf_hashes[from];
    while (half * 2 < to - from)
        half *= 2;
    Hash left = defined_root(from, from + half), right = defined_root(from + half, to);
    return merkle_node(&left, &right);
}

static MerkleReader reader_of(MerkleLeaves *leaves) {
    *leaves = (MerkleLeaves){ leaf_hashes, TREE_MAX };
    return merkle_leaves_reader(leaves);
}

static void roots_are_those_of_the_definition(void **state) {
    MerkleLeaves leaves;
    MerkleEdge edge = { 0 };

    for (size_t size = 0; size <= TREE_MAX; size++) {
        Hash root, defined = defined_root(0, size), grown = merkle_edge_root(&edge);
        MerkleEdge read;

        assert_int_equal(merkle_root(reader_of(&leaves), size, &root).code, ERR_OK);
        assert_true(hash_eq(&root, &defined));
        assert_true(hash_eq(&grown, &defined));
        assert_int_equal(merkle_edge_read(reader_of(&leaves), size, &read).code, ERR_OK);
        grown = merkle_edge_root(&read);
        assert_true(hash_eq(&grown, &defined));
        if (size < TREE_MAX)
            assert_int_equal(merkle_edge_add(&edge, &leaf_hashes[size], NULL, NULL).code, ERR_OK);
    }
}

/* What an edge tells is exactly what a reader is asked for later. */
typedef struct Stored {
    Hash hashes[7][TREE_MAX];
    size_t count[7];
} Stored;

static Err store_hash(void *user, int level, uint64_t index, const Hash *hash) {
    Stored *stored = user;

    assert_int_equal(index, stored->count[level]);
    stored->hashes[level][stored->count[level]++] = *hash;
    return OK;
}

static Err read_stored(void *user, int level, uint64_t index, Hash *ret) {
    Stored *stored = user;

    assert_true(index < stored->count[level]);
    *ret = stored->hashes[level][index];
    return OK;
}

static void an_edge_stores_what_readers_need(void **state) {
    Stored *stored = arena_alloc(arena, sizeof *stored);
    MerkleEdge edge = { 0 };

    for (size_t size = 1; size <= TREE_MAX; size++) {
        Hash root, defined = defined_root(0, size);

        assert_int_equal(merkle_edge_add(&edge, &leaf_hashes[size - 1], store_hash, stored).code,
                         ERR_OK);
        assert_int_equal(merkle_root((MerkleReader){ read_stored, stored }, size, &root).code,
                         ERR_OK);
        assert_true(hash_eq(&root, &defined));
    }
}

static Err refuse_to_store(void *user, int level, uint64_t index, const Hash *hash) {
    int *level_max = user;

    return level < *level_max ? OK : FAIL(ERR_IO, NULL, N_("no"));
}

static void a_store_that_fails_leaves_the_edge(void **state) {
    MerkleEdge edge = { 0 };
    int level_max = 1;

    assert_int_equal(merkle_edge_add(&edge, &leaf_hashes[0], NULL, NULL).code, ERR_OK);
    Hash root = merkle_edge_root(&edge);
    assert_int_equal(merkle_edge_add(&edge, &leaf_hashes[1], refuse_to_store, &level_max).code,
                     ERR_IO);
    Hash after = merkle_edge_root(&edge);
    assert_int_equal(edge.size, 1);
    assert_true(hash_eq(&root, &after));
}

static void each_leaf_is_proved_in_each_tree(void **state) {
    MerkleLeaves leaves;
    MerkleProof proof;

    for (uint64_t size = 1; size <= TREE_MAX; size++) {
        Hash root = defined_root(0, size), other = defined_root(0, size - 1);

        for (uint64_t index = 0; index < size; index++) {
            assert_int_equal(
                merkle_prove_inclusion(arena, reader_of(&leaves), index, size, &proof).code,
                ERR_OK);
            assert_true(merkle_verify_inclusion(index, size, &leaf_hashes[index], proof, &root));
            assert_false(merkle_verify_inclusion(index, size, &leaf_hashes[index], proof, &other));
            assert_false(
                merkle_verify_inclusion(index + 1, size, &leaf_hashes[index], proof, &root));
            assert_false(merkle_verify_inclusion(index, size, &root, proof, &other));
            if (proof.len > 0) {
                proof.len--;
                assert_false(
                    merkle_verify_inclusion(index, size, &leaf_hashes[index], proof, &root));
            }
        }
        assert_int_equal(merkle_prove_inclusion(arena, reader_of(&leaves), size, size, &proof).code,
                         ERR_INVALID);
    }
}

static void each_tree_is_proved_to_extend_each_before(void **state) {
    MerkleLeaves leaves;
    MerkleProof proof;

    for (uint64_t size2 = 1; size2 <= TREE_MAX; size2++) {
        Hash root2 = defined_root(0, size2);

        for (uint64_t size1 = 1; size1 <= size2; size1++) {
            Hash root1 = defined_root(0, size1);

            assert_int_equal(
                merkle_prove_consistency(arena, reader_of(&leaves), size1, size2, &proof).code,
                ERR_OK);
            assert_true(merkle_verify_consistency(size1, size2, &root1, &root2, proof));
            assert_true(size1 == size2 ||
                        !merkle_verify_consistency(size1, size2, &root2, &root2, proof));
            assert_true(size1 == size2 ||
                        !merkle_verify_consistency(size1, size2, &root1, &root1, proof));
            for (size_t i = 0; i < proof.len; i++) {
                proof.items[i].bytes[i % HASH_BYTES] ^= 1;
                assert_false(merkle_verify_consistency(size1, size2, &root1, &root2, proof));
                proof.items[i].bytes[i % HASH_BYTES] ^= 1;
            }
        }
        assert_int_equal(
            merkle_prove_consistency(arena, reader_of(&leaves), size2 + 1, size2, &proof).code,
            ERR_INVALID);
    }
    assert_int_equal(merkle_prove_consistency(arena, reader_of(&leaves), 0, 3, &proof).code,
                     ERR_INVALID);
}

static Err fail_to_read(void *user, int level, uint64_t index, Hash *ret) {
    int *reads = user;

    *ret = leaf_hashes[0];
    return (*reads)-- > 0 ? OK : FAIL(ERR_IO, NULL, N_("no"));
}

static void a_reader_that_fails_is_passed_on(void **state) {
    for (int reads = 0; reads < 3; reads++) {
        int left = reads, again = reads;
        MerkleReader reader = { fail_to_read, &left }, reader2 = { fail_to_read, &again };
        MerkleProof proof = { NULL, 99 };
        Hash root;

        assert_int_equal(merkle_prove_inclusion(arena, reader, 3, 11, &proof).code, ERR_IO);
        assert_int_equal(proof.len, 99);
        left = reads;
        assert_int_equal(merkle_prove_consistency(arena, reader, 3, 11, &proof).code, ERR_IO);
        assert_int_equal(merkle_root(reader2, 15, &root).code, ERR_IO);
    }
}

static void sizes_near_the_end_of_64_bits_do_not_loop(void **state) {
    MerkleProof none = { 0 };

    assert_false(merkle_verify_inclusion(0, UINT64_MAX, &leaf_hashes[0], none, &leaf_hashes[0]));
    assert_false(merkle_verify_inclusion(UINT64_MAX - 1, UINT64_MAX, &leaf_hashes[0], none,
                                         &leaf_hashes[0]));
    assert_false(
        merkle_verify_inclusion(UINT64_MAX, UINT64_MAX, &leaf_hashes[0], none, &leaf_hashes[0]));
    assert_false(merkle_verify_consistency(1, UINT64_MAX, &leaf_hashes[0], &leaf_hashes[0], none));
    assert_true(
        merkle_verify_consistency(UINT64_MAX, UINT64_MAX, &leaf_hashes[0], &leaf_hashes[0], none));
    assert_false(merkle_verify_subtree_consistency(1ull << 63, UINT64_MAX, UINT64_MAX, none,
                                                   &leaf_hashes[0], &leaf_hashes[1]));
}

/* ---- the published suite ---- */

static Str bytes_of(Str base64) {
    Str bytes = STR_EMPTY;

    assert_int_equal(base64_decode(arena, base64, &bytes).code, ERR_OK);
    return bytes;
}

/*
 * Bytes as a hash. The suite has "hashes" of other lengths as roots of trees of which nothing is
 * hashed; they are filled up, which keeps equal equal and different different.
 */
static Hash hash_of(Str base64) {
    Hash hash = { 0 };
    Str bytes = bytes_of(base64);

    if (bytes.len > 0)
        memcpy(hash.bytes, bytes.ptr, bytes.len < HASH_BYTES ? bytes.len : HASH_BYTES);
    return hash;
}

static uint64_t number(const Json *object, const char *name) {
    Json *value = json_get(object, name);

    assert_non_null(value);
    /* One file has 2^64 - 1, which is real here: any number as large does for it. */
    return value->type == JSON_INT ? (uint64_t)value->integer : UINT64_MAX;
}

static MerkleProof proof_of(const Json *object, Hash (*read)(Str text)) {
    Json *list = object->type == JSON_ARRAY ? (Json *)object : json_get(object, "proof");
    MerkleProof proof = { 0 };

    if (!list || list->type != JSON_ARRAY)
        return proof;
    proof.items = arena_array(arena, list->array.len, sizeof(Hash));
    for (; proof.len < list->array.len; proof.len++)
        proof.items[proof.len] = read(list->array.items[proof.len]->string);
    return proof;
}

typedef struct Judged {
    const char *kind;
    size_t accepted, refused;
} Judged;

static void judge_proof(void *user, const char *name, Str text) {
    Judged *judged = user;
    Json *proof;
    bool holds;

    assert_int_equal(json_read(arena, text, 8, &proof).code, ERR_OK);
    Hash root = hash_of(json_get_text(proof, "root")),
         leaf = hash_of(json_get_text(proof, "leafHash"));
    Hash root1 = hash_of(json_get_text(proof, "root1")),
         root2 = hash_of(json_get_text(proof, "root2"));
    MerkleProof path = proof_of(proof, hash_of);
    bool is_leaf = bytes_of(json_get_text(proof, "leafHash")).len == HASH_BYTES;

    if (strcmp(judged->kind, "inclusion") == 0)
        holds = is_leaf && merkle_verify_inclusion(number(proof, "leafIdx"),
                                                   number(proof, "treeSize"), &leaf, path, &root);
    else if (strcmp(judged->kind, "consistency") == 0)
        holds = merkle_verify_consistency(number(proof, "size1"), number(proof, "size2"), &root1,
                                          &root2, path);
    else if (strcmp(judged->kind, "subtreeinclusion") == 0)
        holds = is_leaf &&
                merkle_verify_subtree_inclusion(number(proof, "leafIdx"), number(proof, "start"),
                                                number(proof, "end"), &leaf, path, &root);
    else
        holds = merkle_verify_subtree_consistency(number(proof, "start"), number(proof, "end"),
                                                  number(proof, "size"), path, &root1, &root2);
    if (holds == json_get(proof, "wantErr")->boolean)
        fail_msg("%s/%s: %.*s", judged->kind, name, STR_ARG(json_get_text(proof, "desc")));
    holds ? judged->accepted++ : judged->refused++;
}

static void follows_the_proofs_of_the_suite(void **state) {
    static const char *const kinds[] = { "inclusion", "consistency", "subtreeinclusion",
                                         "subtreeconsistency" };
    size_t total = 0;

    if (!suite_is_here("merkle-rfc6962 proofs", 259))
        return;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Judged judged = { .kind = kinds[i] };

        suite_each(arena, str_format(arena, "conformance/merkle-rfc6962/%s", kinds[i]).ptr,
                   judge_proof, &judged);
        printf("merkle-rfc6962 %s: %zu cases accepted, %zu refused\n", kinds[i], judged.accepted,
               judged.refused);
        total += judged.accepted + judged.refused;
    }
    assert_true(total >= 259);
}

static Hash hash_of_hex(Str hex) {
    Hash hash = { 0 };

    assert_int_equal(hex_decode_hash(hex, &hash).code, ERR_OK);
    return hash;
}

static void assert_same_proof(MerkleProof a, MerkleProof b) {
    assert_int_equal(a.len, b.len);
    for (size_t i = 0; i < a.len; i++)
        assert_true(hash_eq(&a.items[i], &b.items[i]));
}

static void gives_the_known_answers_of_the_suite(void **state) {
    MerkleProof proof;
    Json *known;
    Hash hashes[8];

    if (!suite_is_here("merkle-rfc6962 known answers", 23))
        return;
    Str text = suite_read(arena, "conformance/merkle-rfc6962/known-answers.json", "");
    assert_int_equal(json_read(arena, text, 8, &known).code, ERR_OK);
    Json *inputs = json_get(known, "leaf_inputs_hex"), *expected = json_get(known, "leaf_hashes");
    Json *roots = json_get(known, "roots_by_tree_size_0_to_8");
    for (size_t i = 0; i < COUNT_OF(hashes); i++) {
        Str bytes = STR_EMPTY;
        Hash hash = hash_of_hex(expected->array.items[i]->string);

        assert_int_equal(hex_decode(arena, inputs->array.items[i]->string, &bytes).code, ERR_OK);
        hashes[i] = merkle_leaf(bytes);
        assert_true(hash_eq(&hashes[i], &hash));
    }
    MerkleLeaves leaves = { hashes, COUNT_OF(hashes) };
    MerkleReader reader = merkle_leaves_reader(&leaves);
    for (size_t size = 0; size <= COUNT_OF(hashes); size++) {
        Hash root, known_root = hash_of_hex(roots->array.items[size]->string);

        assert_int_equal(merkle_root(reader, size, &root).code, ERR_OK);
        assert_true(hash_eq(&root, &known_root));
    }
    Json *inclusion = json_get(known, "inclusion"), *consistency = json_get(known, "consistency");
    for (size_t i = 0; i < inclusion->array.len; i++) {
        Json *item = inclusion->array.items[i];

        assert_int_equal(merkle_prove_inclusion(arena, reader, number(item, "leaf_index"),
                                                number(item, "tree_size"), &proof)
                             .code,
                         ERR_OK);
        assert_same_proof(proof, proof_of(json_get(item, "path"), hash_of_hex));
    }
    for (size_t i = 0; i < consistency->array.len; i++) {
        Json *item = consistency->array.items[i];

        assert_int_equal(merkle_prove_consistency(arena, reader, number(item, "size1"),
                                                  number(item, "size2"), &proof)
                             .code,
                         ERR_OK);
        assert_same_proof(proof, proof_of(json_get(item, "proof"), hash_of_hex));
    }
    printf("merkle-rfc6962 known answers: 23 cases, 8 leaves, 9 roots, %zu paths, %zu proofs\n",
           inclusion->array.len, consistency->array.len);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(roots_are_those_of_the_definition),         TEST(an_edge_stores_what_readers_need),
        TEST(a_store_that_fails_leaves_the_edge),        TEST(each_leaf_is_proved_in_each_tree),
        TEST(each_tree_is_proved_to_extend_each_before), TEST(a_reader_that_fails_is_passed_on),
        TEST(sizes_near_the_end_of_64_bits_do_not_loop), TEST(follows_the_proofs_of_the_suite),
        TEST(gives_the_known_answers_of_the_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
