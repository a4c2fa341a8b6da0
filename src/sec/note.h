/* sec/note.h - C2SP signed notes, verifier keys, and the text of a log's checkpoint. */
#ifndef SEC_NOTE_H
#define SEC_NOTE_H

#include "sec/hash.h"
#include "sec/sign.h"

enum {
    NOTE_BYTES_MAX = 64 << 10, /* a whole note with its signatures */
    NOTE_SIGNATURES_MAX = 64,
    NOTE_NAME_BYTES_MAX = 255
};

typedef enum NoteAlgorithm {
    NOTE_ED25519 = 1, /* signs the text */
    NOTE_COSIGNATURE =
        4 /* a witness: signs "cosignature/v1", a time and the text (tlog-cosignature) */
} NoteAlgorithm;

/* "name+hash8+base64(algorithm || public)": who signs. */
typedef struct NoteKey {
    Str name;
    uint32_t id; /* first four bytes of SHA-256(name "\n" algorithm || public) */
    NoteAlgorithm algorithm;
    SignPublic public;
} NoteKey;

/*
 * name: 1..NOTE_NAME_BYTES_MAX bytes of UTF-8 without '+', white space or controls: ERR_INVALID
 * otherwise.
 */
CHECKED Err note_key_make(Str name, NoteAlgorithm algorithm, const SignPublic *public,
                          NoteKey *ret);
/* ERR_INVALID: bad form, an id that does not fit, another algorithm. *ret borrows from vkey. */
CHECKED Err note_key_parse(Str vkey, NoteKey *ret);
Str note_key_print(Arena *arena, const NoteKey *key);
/* Same name, id, algorithm and public key. */
bool note_key_eq(const NoteKey *a, const NoteKey *b);

/* One line of signature: `- name base64(id || bytes)`, the dash being U+2014. */
typedef struct NoteSignature {
    Str name;
    uint32_t id;
    Str bytes; /* Ed25519: 64 bytes; cosignature: 8 bytes of time, 64 bytes */
} NoteSignature;

typedef struct Note {
    Str text; /* ends with its line feed */
    NoteSignature *signatures;
    size_t signature_count; /* 1..NOTE_SIGNATURES_MAX */
} Note;

/*
 * Reads a note; nothing is verified. text is borrowed from it, the rest lives in arena.
 * ERR_INVALID: not UTF-8, a control other than LF, no blank line, no or a malformed signature line;
 * ERR_LIMIT: too long or too many signatures.
 */
CHECKED Err note_parse(Arena *arena, Str note, Note *ret);
/*
 * The other way: text must end with LF and hold neither another control nor bad UTF-8
 * (ERR_INVALID).
 */
CHECKED Err note_print(Arena *arena, const Note *note, Str *ret);

/* A signature of text by a key made with NOTE_ED25519. */
NoteSignature note_sign(Arena *arena, const NoteKey *key, const SignKey *secret, Str text);
/* A witness's signature at at_ms (whole seconds count); key was made with NOTE_COSIGNATURE. */
NoteSignature note_cosign(Arena *arena, const NoteKey *key, const SignKey *secret, Str text,
                          int64_t at_ms);

/*
 * True when the note carries a valid signature by key. ret_at_ms (may be NULL) is a witness's time,
 * 0 for NOTE_ED25519. A second signature line of the same name and id that does not verify makes
 * the whole false.
 */
bool note_is_signed(Arena *arena, const Note *note, const NoteKey *key, int64_t *ret_at_ms);

/* The text of a checkpoint (tlog-checkpoint): origin, size, root, further lines. */
typedef struct Checkpoint {
    Str origin; /* one line, not empty */
    uint64_t size;
    Hash root;
    Str extension; /* further lines, each with its LF; mostly empty */
} Checkpoint;

/*
 * Borrows from text. ERR_INVALID: bad form, a size with leading zeros or beyond 63 bits, root not
 * 32 bytes.
 */
CHECKED Err checkpoint_parse(Str text, Checkpoint *ret);
Str checkpoint_print(Arena *arena, const Checkpoint *checkpoint);

#endif
