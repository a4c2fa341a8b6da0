/* net/aged.h - private: remembered bytes by name, each until its time, within a bound of memory. */
#ifndef NET_AGED_H
#define NET_AGED_H

#include "base/str.h"

/*
 * Two generations: when the younger one has taken half of the memory the older one is forgotten as
 * a whole, and what was asked for meanwhile has moved into the younger one. For one thread at a
 * time.
 */
typedef struct Aged Aged;

/*
 * Takes memory on first use, about `limit_bytes` at most. Owned by the caller, aged_free (NULL is
 * allowed).
 */
Aged *aged_new(size_t limit_bytes);
void aged_free(Aged *aged);

/* Remembers a copy of value until `until_ms`, in place of what was there. */
void aged_put(Aged *aged, Str key, Str value, int64_t until_ms);
/* False when absent or past its time. *ret is borrowed until the next call. */
bool aged_get(Aged *aged, Str key, int64_t now_ms, Str *ret);

#endif
