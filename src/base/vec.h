/* base/vec.h - growing arrays in an arena: a struct of items, len and cap, and one macro. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t len, cap;                                                                           \
    }

/* Appends one zeroed element and gives its address, valid until the next push. */
#define VEC_PUSH(arena, vec)                                                                       \
    (((vec)->len == (vec)->cap                                                                     \
          ? (void)((vec)->items =                                                                  \
                       vec_grow((arena), (vec)->items, sizeof *(vec)->items, &(vec)->cap))         \
          : (void)0),                                                                              \
     &(vec)->items[(vec)->len++])

/* Doubles the room (at least 8 elements); used by VEC_PUSH only. */
void *vec_grow(Arena *arena, void *items, size_t item_bytes, size_t *cap);

#endif
