/*
 * sec/merkle.c - the Merkle tree of RFC 9162, 2.1.
 *
 * In verification `fn`, `sn` and `tn` are the names of the RFC: the indices, on the level that was
 * reached, of the first node of interest, of the last node of the tree (or subtree), and of the
 * last node of the whole.
 */
#include "sec/merkle.h"

#include <assert.h>

/* ---- hashes ---- */

Hash merkle_leaf(Str data) {
    HashStream stream;

    hash_start(&stream);
    hash_add(&stream, S("\0"));
    hash_add(&stream, data);
    return hash_end(&stream);
}

Hash merkle_node(const Hash *left, const Hash *right) {
    unsigned char bytes[1 + 2 * HASH_BYTES] = { 1 };

    memcpy(bytes + 1, left->bytes, HASH_BYTES);
    memcpy(bytes + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    return hash_sha256((Str){ (const char *)bytes, sizeof bytes });
}

Hash merkle_empty_root(void) {
    return hash_sha256(STR_EMPTY);
}

/* ---- roots and proofs from stored hashes ---- */

/* The largest power of two smaller than n, as an exponent; n >= 2. */
static int split_level(uint64_t n) {
    return 63 - __builtin_clzll(n - 1);
}

/*
 * Root of leaves [from, to), not empty, where from is a multiple of every power of two up to to -
 * from: the full subtrees it is made of, joined from the right.
 */
static Err range_root(MerkleReader reader, uint64_t from, uint64_t to, Hash *ret) {
    Hash root, left;
    int level = __builtin_ctzll(to - from);

    TRY(reader.read(reader.user, level, (to >> level) - 1, &root));
    to -= 1ull << level;
    while (to > from) {
        level = __builtin_ctzll(to - from);
        TRY(reader.read(reader.user, level, (to >> level) - 1, &left));
        root = merkle_node(&left, &root);
        to -= 1ull << level;
    }
    *ret = root;
    return OK;
}

Err merkle_root(MerkleReader reader, uint64_t size, Hash *ret) {
    if (size == 0) {
        *ret = merkle_empty_root();
        return OK;
    }
    return range_root(reader, 0, size, ret);
}

/* A proof being gathered from the root downwards; RFC order is from the bottom. */
typedef struct Gathering {
    MerkleReader reader;
    Hash hashes[2 * 64];
    size_t len;
} Gathering;

static Err gather(Gathering *g, uint64_t from, uint64_t to) {
    assert(g->len < COUNT_OF(g->hashes));
    TRY(range_root(g->reader, from, to, &g->hashes[g->len]));
    g->len++;
    return OK;
}

static void give_proof(const Gathering *g, Arena *arena, MerkleProof *ret) {
    Hash *items = arena_array(arena, g->len, sizeof(Hash));

    for (size_t i = 0; i < g->len; i++)
        items[i] = g->hashes[g->len - 1 - i];
    *ret = (MerkleProof){ items, g->len };
}

/* RFC 9162, 2.1.3.1 */
Err merkle_prove_inclusion(Arena *arena, MerkleReader reader, uint64_t index, uint64_t size,
                           MerkleProof *ret) {
    Gathering g = { .reader = reader };
    uint64_t from = 0, to = size;

    if (index >= size)
        return FAIL(ERR_INVALID, "index", N_("The log is not that long yet."));
    while (to - from > 1) {
        uint64_t middle = from + (1ull << split_level(to - from));

        if (index < middle) {
            TRY(gather(&g, middle, to));
            to = middle;
        } else {
            TRY(gather(&g, from, middle));
            from = middle;
        }
    }
    give_proof(&g, arena, ret);
    return OK;
}

/* RFC 9162, 2.1.4.1 */
Err merkle_prove_consistency(Arena *arena, MerkleReader reader, uint64_t size1, uint64_t size2,
                             MerkleProof *ret) {
    Gathering g = { .reader = reader };
    uint64_t from = 0, to = size2;

    if (size1 == 0)
        return FAIL(ERR_INVALID, "size1", N_("An empty log proves nothing. Ask from size 1."));
    if (size1 > size2)
        return FAIL(ERR_INVALID, "size1", N_("The log is not that long yet."));
    while (size1 !=
           to) { /* descend to where the old tree's right edge is a whole node of the new one */
        uint64_t middle = from + (1ull << split_level(to - from));

        if (size1 <= middle) {
            TRY(gather(&g, middle, to));
            to = middle;
        } else {
            TRY(gather(&g, from, middle));
            from = middle;
        }
    }
    if (from > 0) /* who verifies knows the old root, but not this node of it */
        TRY(gather(&g, from, to));
    give_proof(&g, arena, ret);
    return OK;
}

/* ---- verification ---- */

/* RFC 9162, 2.1.3.2 */
bool merkle_verify_inclusion(uint64_t index, uint64_t size, const Hash *leaf, MerkleProof proof,
                             const Hash *root) {
    uint64_t fn = index, sn = size - 1;
    Hash at = *leaf;

    if (index >= size)
        return false;
    for (size_t i = 0; i < proof.len; i++) {
        if (sn == 0)
            return false;
        if (fn & 1 || fn == sn) {
            at = merkle_node(&proof.items[i], &at);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            at = merkle_node(&at, &proof.items[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_eq(&at, root);
}

/* [start, end) is empty at 0, or start is a multiple of the power of two that holds it. */
static bool is_subtree(uint64_t start, uint64_t end) {
    if (start >= end)
        return start == 0 && end == 0;
    uint64_t width = end - start;
    int level = width == 1 ? 0 : split_level(width) + 1;

    return level == 64 ? start == 0 : (start & ((1ull << level) - 1)) == 0;
}

bool merkle_verify_subtree_inclusion(uint64_t index, uint64_t start, uint64_t end, const Hash *leaf,
                                     MerkleProof proof, const Hash *subtree_root) {
    return is_subtree(start, end) && index >= start && index < end &&
           merkle_verify_inclusion(index - start, end - start, leaf, proof, subtree_root);
}

/* RFC 9162, 2.1.4.2, for any subtree: with start = 0 it is word for word the RFC's. */
bool merkle_verify_subtree_consistency(uint64_t start, uint64_t end, uint64_t size,
                                       MerkleProof proof, const Hash *subtree_root,
                                       const Hash *root) {
    uint64_t fn = start, sn = end - 1, tn = size - 1;
    size_t i = 0;

    if (!is_subtree(start, end) || end > size)
        return false;
    if (end == 0) { /* the empty subtree is part of every tree, and nothing is left to prove */
        Hash empty = merkle_empty_root();

        return proof.len == 0 && hash_eq(subtree_root, &empty);
    }
    /* The lowest node that both trees have at the subtree's right edge. */
    while (fn != sn && (sn == tn || sn & 1)) {
        fn >>= 1;
        sn >>= 1;
        tn >>= 1;
    }
    if (fn != sn && proof.len == 0)
        return false;
    Hash fr = fn == sn ? *subtree_root : proof.items[i++], sr = fr;
    for (; i < proof.len; i++) {
        if (tn == 0)
            return false;
        if (sn & 1 || sn == tn) {
            if (fn < sn)
                fr = merkle_node(&proof.items[i], &fr);
            sr = merkle_node(&proof.items[i], &sr);
            while (!(sn & 1) && sn != 0) {
                fn >>= 1;
                sn >>= 1;
                tn >>= 1;
            }
        } else {
            sr = merkle_node(&sr, &proof.items[i]);
        }
        fn >>= 1;
        sn >>= 1;
        tn >>= 1;
    }
    return tn == 0 && hash_eq(&fr, subtree_root) && hash_eq(&sr, root);
}

bool merkle_verify_consistency(uint64_t size1, uint64_t size2, const Hash *root1, const Hash *root2,
                               MerkleProof proof) {
    return size1 > 0 && merkle_verify_subtree_consistency(0, size1, size2, proof, root1, root2);
}

/* ---- leaves in memory ---- */

static Err read_leaves(void *user, int level, uint64_t index, Hash *ret) {
    const MerkleLeaves *leaves = user;
    uint64_t from = index << level;
    Hash left, right;

    assert(from + (1ull << level) <= leaves->len);
    if (level == 0) {
        *ret = leaves->items[index];
        return OK;
    }
    TRY(read_leaves(user, level - 1, 2 * index, &left));
    TRY(read_leaves(user, level - 1, 2 * index + 1, &right));
    *ret = merkle_node(&left, &right);
    return OK;
}

MerkleReader merkle_leaves_reader(const MerkleLeaves *leaves) {
    return (MerkleReader){ read_leaves, (void *)(uintptr_t)leaves };
}

/* ---- the right edge ---- */

Err merkle_edge_read(MerkleReader reader, uint64_t size, MerkleEdge *ret) {
    MerkleEdge edge = { .size = size };

    for (int level = 0; level < 64; level++) {
        if (size >> level & 1)
            TRY(reader.read(reader.user, level, (size >> level) - 1, &edge.peaks[level]));
    }
    *ret = edge;
    return OK;
}

Err merkle_edge_add(MerkleEdge *edge, const Hash *leaf, MerkleStore store, void *user) {
    Hash node = *leaf;
    int level = 0;

    for (;; level++) {
        if (store)
            TRY(store(user, level, edge->size >> level, &node));
        if (!(edge->size >> level & 1))
            break;
        node = merkle_node(&edge->peaks[level], &node);
    }
    edge->peaks[level] = node;
    edge->size++;
    return OK;
}

Hash merkle_edge_root(const MerkleEdge *edge) {
    int level = edge->size == 0 ? 0 : __builtin_ctzll(edge->size);
    Hash root = edge->size == 0 ? merkle_empty_root() : edge->peaks[level];

    while (edge->size != 0 && ++level < 64) {
        if (edge->size >> level & 1)
            root = merkle_node(&edge->peaks[level], &root);
    }
    return root;
}
