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
    VEC(Node) nodes;    /* once it is ended: by depth */
    VEC(Match) matches; /* the first is none */
    Edge *edges;
    size_t edge_cap, edge_count; /* cap is a power of two */
    uint32_t root[256];
    uint8_t classes[256]; /* of bytes that lead to the same from every node; 0: to the root */
    size_t class_count;
    uint32_t
        *rows; /* of the nodes before dense_count, class_count cells each: where they lead to */
    size_t dense_count; /* the shallow ones, where a text spends its time */
    uint8_t *hits;      /* by node: whether a literal ends there */
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

/* Numbers the nodes by depth, wherever they are named. */
static void renumber(ProofFinder *finder) {
    const uint32_t *order = by_depth(finder);
    size_t count = finder->nodes.len;
    uint32_t *rank = arena_array(finder->arena, count, sizeof(uint32_t));
    Node *nodes = arena_array(finder->arena, count, sizeof(Node));
    Edge *edges = arena_array(finder->arena, finder->edge_cap, sizeof(Edge));

    for (size_t i = 0; i < count; i++)
        rank[order[i]] = (uint32_t)i;
    for (size_t i = 0; i < count; i++) {
        nodes[i] = finder->nodes.items[order[i]];
        nodes[i].parent = rank[nodes[i].parent];
    }
    finder->nodes.items = nodes;
    finder->nodes.cap = count;
    for (size_t i = 0; i < finder->matches.len; i++)
        finder->matches.items[i].node = rank[finder->matches.items[i].node];
    for (size_t i = 0; i < COUNT_OF(finder->root); i++)
        finder->root[i] = rank[finder->root[i]];
    for (size_t i = 0; i < finder->edge_cap; i++) {
        uint64_t old = finder->edges[i].key - 1;
        if (!finder->edges[i].key)
            continue;
        uint64_t key = ((uint64_t)rank[old >> 8] << 8 | (old & 0xFF)) + 1;
        *slot_of(edges, finder->edge_cap, key) = (Edge){ key, rank[finder->edges[i].node] };
    }
    finder->edges = edges;
}

/* By edges alone. */
static uint32_t walk(const ProofFinder *finder, uint32_t state, uint8_t folded) {
    for (;; state = finder->nodes.items[state].fail) {
        uint32_t to = edge(finder, state, folded);
        if (to || state == 0)
            return to;
    }
}

static void link_fails(ProofFinder *finder) {
    for (size_t i = 1; i < finder->nodes.len; i++) {
        Node *node = &finder->nodes.items[i];
        if (node->depth > 1)
            node->fail = walk(finder, finder->nodes.items[node->parent].fail, node->byte);
        const Node *fail = &finder->nodes.items[node->fail];
        node->shorter = fail->first ? node->fail : fail->shorter;
        finder->hits[i] = node->first || node->shorter;
    }
}

static void make_classes(ProofFinder *finder) {
    finder->class_count = 1;
    for (size_t i = 1; i < finder->nodes.len; i++) {
        uint8_t byte = finder->nodes.items[i].byte;
        if (!finder->classes[byte])
            finder->classes[byte] = (uint8_t)finder->class_count++;
    }
    for (int byte = 'A'; byte <= 'Z'; byte++)
        finder->classes[byte] = finder->classes[fold((char)byte)];
}

/* A row is the row of what fail leads to, with the node's own edges over it. */
static void make_rows(ProofFinder *finder, size_t cells) {
    size_t width = finder->class_count, count = cells / width;
    const Node *nodes = finder->nodes.items;

    if (count > finder->nodes.len)
        count = finder->nodes.len;
    uint32_t *child = arena_array(finder->arena, finder->nodes.len, sizeof(uint32_t));
    uint32_t *sibling = arena_array(finder->arena, finder->nodes.len, sizeof(uint32_t));
    for (uint32_t i = 1; i < finder->nodes.len; i++) {
        sibling[i] = child[nodes[i].parent];
        child[nodes[i].parent] = i;
    }
    finder->rows = arena_array(finder->arena, count * width + 1, sizeof(uint32_t));
    for (size_t i = 0; i < count; i++) {
        uint32_t *row = finder->rows + i * width;
        if (i > 0)
            memcpy(row, finder->rows + nodes[i].fail * width, width * sizeof *row);
        for (uint32_t to = child[i]; to; to = sibling[to])
            row[finder->classes[nodes[to].byte]] = to;
    }
    finder->dense_count = count;
}

Err proof_finder_end(ProofFinder *finder, size_t cells) {
    renumber(finder);
    finder->hits = arena_array(finder->arena, finder->nodes.len, 1);
    link_fails(finder);
    make_classes(finder);
    make_rows(finder, cells);
    finder->is_ended = true;
    return arena_is_over(finder->arena)
               ? FAIL(ERR_LIMIT, NULL, N_("There are too many rules and names."))
               : OK;
}

/* From a node without a row. */
static uint32_t step_deep(const ProofFinder *finder, uint32_t state, uint8_t class, char byte) {
    uint8_t folded = fold(byte);

    while (state >= finder->dense_count) {
        uint32_t to = edge(finder, state, folded);
        if (to || state == 0)
            return to;
        state = finder->nodes.items[state].fail;
    }
    return finder->rows[state * finder->class_count + class];
}

bool proof_finder_run(const ProofFinder *finder, uint32_t *state, Str text, size_t *at,
                      size_t end) {
    const uint32_t *rows = finder->rows;
    const uint8_t *classes = finder->classes, *hits = finder->hits;
    size_t width = finder->class_count, dense = finder->dense_count, i = *at;
    uint32_t now = *state;

    while (i < end) {
        char byte = text.ptr[i++];
        uint8_t class = classes[(uint8_t)byte];
        now = now < dense ? rows[now * width + class] : step_deep(finder, now, class, byte);
        if (hits[now]) {
            *state = now;
            *at = i;
            return true;
        }
    }
    *state = now;
    *at = i;
    return false;
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
