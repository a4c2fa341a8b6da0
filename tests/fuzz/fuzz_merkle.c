/*
 * tests/fuzz/fuzz_merkle.c - every proof made of some leaves holds, for nothing else; a tree that grew leaf
 * by leaf has the root of the whole; a proof from outside holds only when it is the one we make.
 */
#include <string.h>

#include "fuzz.h"
#include "sec/merkle.h"

enum { LEAVES_MAX = 64 };

static void must_be_the_only_one(Arena *arena, const MerkleLeaves *leaves, uint64_t index,
                                 uint64_t size, Str bytes) {
    MerkleReader reader = merkle_leaves_reader(leaves);
    MerkleProof proof, other = { .len = bytes.len / sizeof(Hash) };
    Hash root;

    MUST(merkle_root(reader, size, &root).code == ERR_OK);
    MUST(merkle_prove_inclusion(arena, reader, index, size, &proof).code == ERR_OK);
    MUST(merkle_verify_inclusion(index, size, &leaves->items[index], proof, &root));
    MUST(!merkle_verify_inclusion(index + 1, size, &leaves->items[index], proof, &root) ||
         (size > index + 1 &&
          memcmp(&leaves->items[index], &leaves->items[index + 1], sizeof(Hash)) == 0));
    other.items = arena_array(arena, other.len + 1, sizeof(Hash));
    memcpy(other.items, bytes.ptr ? bytes.ptr : "", other.len * sizeof(Hash));
    if (merkle_verify_inclusion(index, size, &leaves->items[index], other, &root))
        MUST(other.len == proof.len &&
             (proof.len == 0 || memcmp(other.items, proof.items, proof.len * sizeof(Hash)) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Hash items[LEAVES_MAX], root, root1;
    MerkleEdge edge = { 0 };
    MerkleProof proof;

    if (size < 4)
        return 0;
    MerkleLeaves leaves = { items, data[0] % LEAVES_MAX + 1 };
    uint64_t index = data[1] % leaves.len, first = data[2] % leaves.len + 1;
    Str rest = fuzz_input(data + 3, size - 3);

    for (size_t i = 0; i < leaves.len; i++) {
        items[i] = merkle_leaf(str_slice(rest, i % rest.len, rest.len));
        MUST(merkle_edge_add(&edge, &items[i], NULL, NULL).code == ERR_OK);
    }
    MerkleReader reader = merkle_leaves_reader(&leaves);
    MUST(merkle_root(reader, leaves.len, &root).code == ERR_OK);
    Hash grown = merkle_edge_root(&edge);
    MUST(memcmp(&grown, &root, sizeof root) == 0);
    must_be_the_only_one(arena, &leaves, index, leaves.len, rest);
    MUST(merkle_root(reader, first, &root1).code == ERR_OK);
    MUST(merkle_prove_consistency(arena, reader, first, leaves.len, &proof).code == ERR_OK);
    MUST(merkle_verify_consistency(first, leaves.len, &root1, &root, proof));
    root1.bytes[data[3] % sizeof root1.bytes] ^= 1;
    MUST(!merkle_verify_consistency(first, leaves.len, &root1, &root, proof));
    return 0;
}
