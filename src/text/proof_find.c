/* text/proof_find.c - many literals at once. */
#include "text/proof_find.h"

#include <assert.h>

#include "base/vec.h"

typedef struct Node {
    uint32_t parent, fail;
    uint32_t first;   /* match that ends here, or 0 */
    uint32_t shorter; /* nearest node by way of fail that ends one, or 0 */
    uint16_t depth;
    uint8_t byte;
} Node;

typedef struct Match {
    uint32_t value, node, next; /* next of the same node */
} Match;

typedef struct Edge {
    uint64_t key; /* (node << 8 | byte) + 1; 0: free */
    uint32_t node;
} Edge;

struct ProofFinder {
    Arena *arena;
    VEC(Node) nodes;
    VEC(Match) matches; /* the first is none */
    Edge *edges;
    size_t edge_cap, edge_count; /* cap is a power of two */
    uint32_t root[256];
    bool is_ended;
};

static uint8_t fold(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : (uint8_t)byte;
}

static Edge *slot_of(Edge *edges, size_t cap, uint64_t key) {
    size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (cap - 1);

    while (edges[at].key && edges[at].key != key)
        at = (at + 1) & (cap - 1);
    return &edges[at];
}

static uint32_t edge(const ProofFinder *finder, uint32_t node, uint8_t byte) {
    if (node == 0)
        return finder->root[byte];
    return slot_of(finder->edges, finder->edge_cap, ((uint64_t)node << 8 | byte) + 1)->node;
}

static void grow_edges(ProofFinder *finder) {
    size_t cap = finder->edge_cap * 2;
    Edge *edges = arena_array(finder->arena, cap, sizeof(Edge));

    for (size_t i = 0; i < finder->edge_cap; i++)
        if (finder->edges[i].key)
            *slot_of(edges, cap, finder->edges[i].key) = finder->edges[i];
    finder->edges = edges;
    finder->edge_cap = cap;
}

static uint32_t add_edge(ProofFinder *finder, uint32_t node, uint8_t byte) {
    uint32_t to = (uint32_t)finder->nodes.len;
    Node *made = VEC_PUSH(finder->arena, &finder->nodes);

    made->parent = node;
    made->byte = byte;
    made->depth = (uint16_t)(finder->nodes.items[node].depth + 1);
    if (node == 0) {
        finder->root[byte] = to;
        return to;
    }
    if (++finder->edge_count * 2 > finder->edge_cap)
        grow_edges(finder);
    uint64_t key = ((uint64_t)node << 8 | byte) + 1;
    *slot_of(finder->edges, finder->edge_cap, key) = (Edge){ key, to };
    return to;
}

ProofFinder *proof_finder_new(Arena *arena) {
    ProofFinder *finder = arena_alloc(arena, sizeof *finder);

    finder->arena = arena;
    finder->edge_cap = 64;
    finder->edges = arena_array(arena, finder->edge_cap, sizeof(Edge));
    (void)VEC_PUSH(arena, &finder->nodes);
    (void)VEC_PUSH(arena, &finder->matches);
    return finder;
}

void proof_finder_add(ProofFinder *finder, Str literal, uint32_t value) {
    uint32_t node = 0;

    assert(literal.len > 0 && !finder->is_ended);
    for (size_t i = 0; i < literal.len; i++) {
        uint8_t byte = fold(literal.ptr[i]);
        uint32_t to = edge(finder, node, byte);
        node = to ? to : add_edge(finder, node, byte);
    }
    uint32_t at = (uint32_t)finder->matches.len;
    *VEC_PUSH(finder->arena, &finder->matches) =
        (Match){ value, node, finder->nodes.items[node].first };
    finder->nodes.items[node].first = at;
}

/* The nodes by depth: what fail leads to is shorter, and so is done before. */
static uint32_t *by_depth(const ProofFinder *finder) {
    size_t deepest = 0, count = finder->nodes.len;
    uint32_t *order = arena_array(finder->arena, count, sizeof(uint32_t));

    for (size_t i = 0; i < count; i++)
        if (finder->nodes.items[i].depth > deepest)
            deepest = finder->nodes.items[i].depth;
    size_t *starts = arena_array(finder->arena, deepest + 2, sizeof(size_t));
    for (size_t i = 0; i < count; i++)
        starts[finder->nodes.items[i].depth + 1]++;
    for (size_t i = 1; i < deepest + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < count; i++)
        order[starts[finder->nodes.items[i].depth]++] = (uint32_t)i;
    return order;
}

Err proof_finder_end(ProofFinder *finder) {
    const uint32_t *order = by_depth(finder);

    for (size_t i = 1; i < finder->nodes.len; i++) {
        Node *node = &finder->nodes.items[order[i]];
        if (node->depth > 1)
            node->fail =
                proof_finder_step(finder, finder->nodes.items[node->parent].fail, (char)node->byte);
        const Node *fail = &finder->nodes.items[node->fail];
        node->shorter = fail->first ? node->fail : fail->shorter;
    }
    finder->is_ended = true;
    return arena_is_over(finder->arena)
               ? FAIL(ERR_LIMIT, NULL, N_("There are too many rules and names."))
               : OK;
}

uint32_t proof_finder_step(const ProofFinder *finder, uint32_t state, char byte) {
    for (uint8_t folded = fold(byte);; state = finder->nodes.items[state].fail) {
        uint32_t to = edge(finder, state, folded);
        if (to || state == 0)
            return to;
    }
}

uint32_t proof_finder_first(const ProofFinder *finder, uint32_t state) {
    const Node *node = &finder->nodes.items[state];

    return node->first ? node->first : finder->nodes.items[node->shorter].first;
}

uint32_t proof_finder_next(const ProofFinder *finder, uint32_t match) {
    const Match *it = &finder->matches.items[match];

    return it->next ? it->next : finder->nodes.items[finder->nodes.items[it->node].shorter].first;
}

uint32_t proof_finder_value(const ProofFinder *finder, uint32_t match) {
    return finder->matches.items[match].value;
}
