/* base/attr.h - the few compiler attributes and marks that every file uses. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#include "base/banned.h"

#define CHECKED __attribute__((warn_unused_result))
#define CLEANUP(fn) __attribute__((cleanup(fn), unused)) /* clang counts no cleanup as a use */
#define NORETURN __attribute__((noreturn))
#define PRINTF_LIKE(text_at, first_at) __attribute__((format(printf, text_at, first_at)))

/* Marks a sentence for people, so that the message tools find it; the text itself is unchanged. */
#define N_(text) ("" text "")

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
