/* sec/token.h - random tokens for sessions, links and receipts, and what is stored of them. */
#ifndef SEC_TOKEN_H
#define SEC_TOKEN_H

#include "base/chance.h"
#include "sec/hash.h"

enum {
    TOKEN_LINK_BYTES = 16,    /* 128 bits */
    TOKEN_SESSION_BYTES = 32, /* 256 bits */
    TOKEN_CODE_BYTES = 10,    /* 80 bits, for codes that are typed once */
    TOKEN_TEXT_MAX = 64       /* characters of the longest text below */
};

/* `bytes` (TOKEN_LINK_BYTES..TOKEN_SESSION_BYTES) random bytes from chance as text in the arena. */
Str token_new(Arena *arena, Chance *chance, size_t bytes);
/* The same in base32, for codes that people copy by hand. */
Str token_new_base32(Arena *arena, Chance *chance, size_t bytes);

/*
 * For programs: "ld_", 43 letters and digits (256 bits), and six more that check them, so that a scanner of source
 * texts knows one when it meets it.
 */
Str token_new_program(Arena *arena, Chance *chance);
/* ERR_INVALID unless the text has that form and its check is right. */
CHECKED Err token_check_program(Str token);

/* A code that is typed from paper: TOKEN_CODE_BYTES in base32, four groups of four: "k3jp-7xqd-...". */
Str token_new_code(Arena *arena, Chance *chance);
/* As it was made, from what was typed: any case, with or without the dashes and blanks. Empty when it is no code. */
Str token_read_code(Arena *arena, Str typed);

/*
 * What is stored: a store that is stolen opens no session. SHA-256 of the text without salt is
 * enough, for a token cannot be guessed; look it up by this value.
 */
Hash token_hash(Str token);
/* The same as 64 lower-case hexadecimal digits, for text columns. */
Str token_hash_hex(Arena *arena, Str token);
/* ERR_INVALID unless token has the form that token_new or token_new_base32 gives. */
CHECKED Err token_check(Str token);

#endif
