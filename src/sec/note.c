/* sec/note.c - C2SP signed notes, verifier keys, and the text of a log's checkpoint. */
#include "sec/note.h"

#include <assert.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"

#define SIGNATURE_START "\xE2\x80\x94 " /* U+2014 and a blank */

enum {
    ID_BYTES = 4,
    TIME_BYTES = 8,
    SIGNATURE_BYTES_MAX = 4096 /* of one line: also of algorithms that we do not know */
};

/* ---- keys ---- */

static void put_big_endian(unsigned char *out, size_t bytes, uint64_t value) {
    for (size_t i = bytes; i-- > 0; value >>= 8)
        out[i] = (unsigned char)value;
}

static uint64_t get_big_endian(Str bytes) {
    uint64_t value = 0;

    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (unsigned char)bytes.ptr[i];
    return value;
}

/* Blanks of Unicode (White_Space) and controls. */
static bool is_blank_or_control(uint32_t rune) {
    return rune <= 0x20 || (rune >= 0x7F && rune <= 0xA0) || rune == 0x1680 ||
           (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 || rune == 0x2029 ||
           rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

static bool is_key_name(Str name) {
    if (name.len == 0 || name.len > NOTE_NAME_BYTES_MAX)
        return false;
    for (size_t at = 0; at < name.len;) {
        uint32_t rune = utf8_next(name, &at);

        if (rune == UTF8_BAD || rune == '+' || is_blank_or_control(rune))
            return false;
    }
    return true;
}

static uint32_t key_id(Str name, NoteAlgorithm algorithm, const SignPublic *public) {
    HashStream stream;
    char kind = (char)algorithm;

    hash_start(&stream);
    hash_add(&stream, name);
    hash_add(&stream, S("\n"));
    hash_add(&stream, (Str){ &kind, 1 });
    hash_add(&stream, (Str){ (const char *)public->bytes, SIGN_PUBLIC_BYTES });
    Hash hash = hash_end(&stream);
    return (uint32_t)get_big_endian((Str){ (const char *)hash.bytes, ID_BYTES });
}

Err note_key_make(Str name, NoteAlgorithm algorithm, const SignPublic *public, NoteKey *ret) {
    if (!is_key_name(name))
        return FAIL(ERR_INVALID, "name", N_("A key's name has no blank and no plus sign."));
    *ret = (NoteKey){ name, key_id(name, algorithm, public), algorithm, *public };
    return OK;
}

Err note_key_parse(Str vkey, NoteKey *ret) {
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    Err bad = FAIL(ERR_INVALID, NULL,
                   N_("This is not a public key of a log. It reads like: name+1a2b3c4d+letters."));
    size_t first = str_find_char(vkey, '+', 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : str_find_char(vkey, '+', first + 1);
    NoteKey key;
    Str id, bytes;

    if (second != first + 9 || vkey.len > NOTE_NAME_BYTES_MAX + 100)
        return bad;
    if (hex_decode(scratch, str_slice(vkey, first + 1, second), &id).code != ERR_OK ||
        base64_decode(scratch, str_slice(vkey, second + 1, vkey.len), &bytes).code != ERR_OK ||
        bytes.len != 1 + SIGN_PUBLIC_BYTES ||
        (bytes.ptr[0] != NOTE_ED25519 && bytes.ptr[0] != NOTE_COSIGNATURE))
        return bad;
    SignPublic public;
    memcpy(public.bytes, bytes.ptr + 1, SIGN_PUBLIC_BYTES);
    if (note_key_make(str_slice(vkey, 0, first), (NoteAlgorithm)bytes.ptr[0], &public, &key).code !=
            ERR_OK ||
        key.id != (uint32_t)get_big_endian(id))
        return bad;
    *ret = key;
    return OK;
}

Str note_key_print(Arena *arena, const NoteKey *key) {
    unsigned char bytes[1 + SIGN_PUBLIC_BYTES] = { (unsigned char)key->algorithm };

    memcpy(bytes + 1, key->public.bytes, SIGN_PUBLIC_BYTES);
    Str text = base64_encode(arena, (Str){ (const char *)bytes, sizeof bytes });
    return str_format(arena, "%.*s+%08x+%.*s", STR_ARG(key->name), key->id, STR_ARG(text));
}

bool note_key_eq(const NoteKey *a, const NoteKey *b) {
    return str_eq(a->name, b->name) && a->id == b->id && a->algorithm == b->algorithm &&
           memcmp(a->public.bytes, b->public.bytes, SIGN_PUBLIC_BYTES) == 0;
}

/* ---- notes as text ---- */

static Err fail_note(void) {
    return FAIL(ERR_INVALID, NULL,
                N_("This is not a signed note: a text, an empty line and signatures."));
}

/* UTF-8 without any control but LF. */
static bool is_note_text(Str text) {
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = utf8_next(text, &at);

        if (rune == UTF8_BAD || (rune < 0x20 && rune != '\n') || rune == 0x7F)
            return false;
    }
    return true;
}

/* One line without its LF. */
static bool read_signature(Arena *arena, Str line, NoteSignature *ret) {
    Str bytes;

    if (!str_starts(line, S(SIGNATURE_START)))
        return false;
    line = str_slice(line, S(SIGNATURE_START).len, line.len);
    size_t blank = str_find_char(line, ' ', 0);
    if (blank == SIZE_MAX || !is_key_name(str_slice(line, 0, blank)) ||
        base64_decode(arena, str_slice(line, blank + 1, line.len), &bytes).code != ERR_OK ||
        bytes.len <= ID_BYTES || bytes.len > SIGNATURE_BYTES_MAX)
        return false;
    *ret = (NoteSignature){ .name = str_slice(line, 0, blank),
                            .id = (uint32_t)get_big_endian(str_slice(bytes, 0, ID_BYTES)),
                            .bytes = str_slice(bytes, ID_BYTES, bytes.len) };
    return true;
}

/*
 * The offset of the last blank line's first LF; the signatures follow it. SIZE_MAX when there is
 * none.
 */
static size_t find_split(Str note) {
    for (size_t at = note.len; at-- > 1;) {
        if (note.ptr[at] == '\n' && note.ptr[at - 1] == '\n')
            return at - 1;
    }
    return SIZE_MAX;
}

Err note_parse(Arena *arena, Str note, Note *ret) {
    VEC(NoteSignature) list = { 0 };
    size_t split = find_split(note);
    Str line;

    if (note.len > NOTE_BYTES_MAX)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("A signed note has at most {0} bytes."),
                         str_from_int(arena, NOTE_BYTES_MAX));
    if (split == SIZE_MAX || !is_note_text(note) || note.ptr[note.len - 1] != '\n')
        return fail_note();
    for (Str rest = str_slice(note, split + 2, note.len); str_cut(&rest, '\n', &line);) {
        NoteSignature signature;

        if (!read_signature(arena, line, &signature))
            return fail_note();
        if (list.len == NOTE_SIGNATURES_MAX)
            return FAIL_ARGS(ERR_LIMIT, NULL, N_("A signed note has at most {0} signatures."),
                             str_from_int(arena, NOTE_SIGNATURES_MAX));
        *VEC_PUSH(arena, &list) = signature;
    }
    if (list.len == 0)
        return fail_note();
    *ret = (Note){ str_slice(note, 0, split + 1), list.items, list.len };
    return OK;
}

Err note_print(Arena *arena, const Note *note, Str *ret) {
    Buf buf = buf_new(arena, NOTE_BYTES_MAX);

    if (!is_note_text(note->text) || !str_ends(note->text, S("\n")) || note->signature_count == 0)
        return fail_note();
    buf_add(&buf, note->text);
    buf_add_char(&buf, '\n');
    for (size_t i = 0; i < note->signature_count; i++) {
        const NoteSignature *signature = &note->signatures[i];
        unsigned char id[ID_BYTES];

        put_big_endian(id, ID_BYTES, signature->id);
        Str bytes = str_concat(arena, (Str){ (const char *)id, ID_BYTES }, signature->bytes);
        buf_add_format(&buf, SIGNATURE_START "%.*s %.*s\n", STR_ARG(signature->name),
                       STR_ARG(base64_encode(arena, bytes)));
    }
    TRY(buf_check(&buf));
    *ret = buf_str(&buf);
    return OK;
}

/* ---- signatures ---- */

/* What a witness signs (tlog-cosignature). */
static Str cosigned_text(Arena *arena, uint64_t at_s, Str text) {
    return str_concat(
        arena, str_format(arena, "cosignature/v1\ntime %llu\n", (unsigned long long)at_s), text);
}

NoteSignature note_sign(Arena *arena, const NoteKey *key, const SignKey *secret, Str text) {
    assert(key->algorithm == NOTE_ED25519);
    Signature signature = sign_message(secret, text);

    return (NoteSignature){ key->name, key->id,
                            str_dup(arena, (Str){ (const char *)signature.bytes, SIGN_BYTES }) };
}

NoteSignature note_cosign(Arena *arena, const NoteKey *key, const SignKey *secret, Str text,
                          int64_t at_ms) {
    uint64_t at_s = (uint64_t)(at_ms / 1000);
    unsigned char bytes[TIME_BYTES + SIGN_BYTES];

    assert(key->algorithm == NOTE_COSIGNATURE && at_ms > 0);
    Signature signature = sign_message(secret, cosigned_text(arena, at_s, text));
    put_big_endian(bytes, TIME_BYTES, at_s);
    memcpy(bytes + TIME_BYTES, signature.bytes, SIGN_BYTES);
    return (NoteSignature){ key->name, key->id,
                            str_dup(arena, (Str){ (const char *)bytes, sizeof bytes }) };
}

static bool is_valid(Arena *arena, const NoteKey *key, Str text, Str bytes, uint64_t *ret_at_s) {
    if (key->algorithm == NOTE_ED25519) {
        *ret_at_s = 0;
        return sign_verify(&key->public, text, bytes);
    }
    if (bytes.len != TIME_BYTES + SIGN_BYTES)
        return false;
    uint64_t at_s = get_big_endian(str_slice(bytes, 0, TIME_BYTES));
    *ret_at_s = at_s;
    /* A time in ms must fit int64_t; the year is then beyond 292 million. */
    return at_s <= INT64_MAX / 1000 && sign_verify(&key->public, cosigned_text(arena, at_s, text),
                                                   str_slice(bytes, TIME_BYTES, bytes.len));
}

bool note_is_signed(Arena *arena, const Note *note, const NoteKey *key, int64_t *ret_at_ms) {
    uint64_t at_s = 0;
    bool is_found = false;

    for (size_t i = 0; i < note->signature_count; i++) {
        const NoteSignature *signature = &note->signatures[i];

        if (signature->id != key->id || !str_eq(signature->name, key->name))
            continue;
        if (!is_valid(arena, key, note->text, signature->bytes, &at_s))
            return false;
        is_found = true;
    }
    if (is_found && ret_at_ms)
        *ret_at_ms = (int64_t)at_s * 1000;
    return is_found;
}

/* ---- checkpoints ---- */

static bool parse_size(Str text, uint64_t *ret) {
    int64_t size;

    if ((text.len > 1 && text.ptr[0] == '0') || str_starts(text, S("-")) ||
        !str_parse_int(text, &size))
        return false;
    *ret = (uint64_t)size;
    return true;
}

Err checkpoint_parse(Str text, Checkpoint *ret) {
    Checkpoint checkpoint;
    Str rest = text, size, root;

    if (!is_note_text(text) || !str_ends(text, S("\n")) ||
        !str_cut(&rest, '\n', &checkpoint.origin) || checkpoint.origin.len == 0 ||
        !str_cut(&rest, '\n', &size) || !parse_size(size, &checkpoint.size) ||
        !str_cut(&rest, '\n', &root) || base64_decode_hash(root, &checkpoint.root).code != ERR_OK)
        return FAIL(ERR_INVALID, NULL,
                    N_("This is not a checkpoint of a log: its name, size and root."));
    checkpoint.extension = rest;
    *ret = checkpoint;
    return OK;
}

Str checkpoint_print(Arena *arena, const Checkpoint *checkpoint) {
    return str_format(arena, "%.*s\n%llu\n%.*s\n%.*s", STR_ARG(checkpoint->origin),
                      (unsigned long long)checkpoint->size,
                      STR_ARG(base64_encode(arena, hash_str(&checkpoint->root))),
                      STR_ARG(checkpoint->extension));
}
