/* sec/merkle.h - the Merkle tree of RFC 9162, 2.1 (and RFC 6962): roots, proofs, verification. */
#ifndef SEC_MERKLE_H
#define SEC_MERKLE_H

#include "sec/hash.h"

/* SHA-256(0x00 || data), SHA-256(0x01 || left || right), SHA-256(""). */
Hash merkle_leaf(Str data);
Hash merkle_node(const Hash *left, const Hash *right);
Hash merkle_empty_root(void);

typedef struct MerkleProof {
    Hash *items;
    size_t len; /* at most 2 * 64 */
} MerkleProof;

/*
 * Where stored hashes come from. Gives the hash of the full subtree over leaves [index << level,
 * (index + 1) << level); level 0 asks for leaf hashes. Asked only for subtrees that lie wholly
 * inside the size given to the function below. Its failure is passed on.
 */
typedef struct MerkleReader {
    Err (*read)(void *user, int level, uint64_t index, Hash *ret);
    void *user;
} MerkleReader;

/*
 * Root of the first `size` leaves; the proof that leaf `index` is in it; the proof that the first
 * size1 leaves of a tree of size2 are a tree's before it. Reads O(log size) hashes. Proofs live in
 * arena. ERR_INVALID when index >= size, size1 > size2, or size1 = 0 (a proof that says nothing).
 */
CHECKED Err merkle_root(MerkleReader reader, uint64_t size, Hash *ret);
CHECKED Err merkle_prove_inclusion(Arena *arena, MerkleReader reader, uint64_t index, uint64_t size,
                                   MerkleProof *ret);
CHECKED Err merkle_prove_consistency(Arena *arena, MerkleReader reader, uint64_t size1,
                                     uint64_t size2, MerkleProof *ret);

/* True only when the proof holds. size1 = 0 is refused: it would say nothing. */
bool merkle_verify_inclusion(uint64_t index, uint64_t size, const Hash *leaf, MerkleProof proof,
                             const Hash *root);
bool merkle_verify_consistency(uint64_t size1, uint64_t size2, const Hash *root1, const Hash *root2,
                               MerkleProof proof);

/*
 * The same for the subtree over leaves [start, end) of a tree, where start is a multiple of the
 * smallest power of two that is at least end - start: that leaf `index` is in it, and that it is
 * part of the tree of `size`.
 */
bool merkle_verify_subtree_inclusion(uint64_t index, uint64_t start, uint64_t end, const Hash *leaf,
                                     MerkleProof proof, const Hash *subtree_root);
bool merkle_verify_subtree_consistency(uint64_t start, uint64_t end, uint64_t size,
                                       MerkleProof proof, const Hash *subtree_root,
                                       const Hash *root);

/* Leaf hashes in memory as a reader: for a few thousand entries (commands, tests). */
typedef struct MerkleLeaves {
    const Hash *items;
    size_t len;
} MerkleLeaves;
MerkleReader merkle_leaves_reader(const MerkleLeaves *leaves);

/*
 * The right edge of a growing tree: all that is needed to append. peaks[l] is the full subtree of
 * 2^l leaves when bit l of size is set.
 */
typedef struct MerkleEdge {
    uint64_t size; /* leaves */
    Hash peaks[64];
} MerkleEdge;

/* The edge of a stored tree. */
CHECKED Err merkle_edge_read(MerkleReader reader, uint64_t size, MerkleEdge *ret);
/*
 * Appends a leaf hash. Every full subtree that it completes, the leaf itself (level 0) first, is
 * told to store (NULL: to nobody); its failure is passed on with the edge unchanged.
 */
typedef Err (*MerkleStore)(void *user, int level, uint64_t index, const Hash *hash);
CHECKED Err merkle_edge_add(MerkleEdge *edge, const Hash *leaf, MerkleStore store, void *user);
Hash merkle_edge_root(const MerkleEdge *edge);

#endif
