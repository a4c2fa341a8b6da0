/*
 * tests/fuzz/fuzz_note.c - a note that was read prints the same; no key but the signer's verifies.
 */
#include "fuzz.h"
#include "sec/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Str text = fuzz_input(data, size), printed;
    Checkpoint checkpoint;
    NoteKey key;
    Note note;

    if (note_key_parse(text, &key).code == ERR_OK)
        MUST(str_eq_nocase(note_key_print(arena, &key), text)); /* the id may be in capitals */
    if (checkpoint_parse(text, &checkpoint).code == ERR_OK)
        MUST(str_eq(checkpoint_print(arena, &checkpoint), text));
    if (note_parse(arena, text, &note).code != ERR_OK)
        return 0;
    MUST(note_print(arena, &note, &printed).code == ERR_OK && str_eq(printed, text));
    SignPublic nobody = { { 1 } };
    for (size_t i = 0; i < note.signature_count; i++) {
        MUST(note_key_make(note.signatures[i].name, NOTE_ED25519, &nobody, &key).code == ERR_OK);
        key.id = note.signatures[i].id;
        MUST(!note_is_signed(arena, &note, &key, NULL)); /* a key of small order signs nothing */
    }
    return 0;
}
