/* ledger/key.c - keys/log.key: the alliance's signing key, readable by the server's user only. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "ledger/ledger.h"
#include "sec/note.h"

static const char FORMAT[] = "liandong-log-key/v1";

enum { KEY_FILE_BYTES_MAX = 1024 };

static void close_file(int *file) {
    if (*file >= 0)
        (void)close(*file);
}

static Err damaged(void) {
    return FAIL(
        ERR_IO, NULL,
        N_("keys/log.key is missing, damaged or open to others: put back your copy of it, mode "
           "0600. Without it nothing can be signed."));
}

static Err read_file(Arena *arena, const char *path, Str *ret) {
    CLEANUP(close_file) int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat about;
    char *bytes = arena_alloc(arena, KEY_FILE_BYTES_MAX);

    if (file < 0 || fstat(file, &about) != 0 || (about.st_mode & 077) != 0)
        return damaged();
    ssize_t len = read(file, bytes, KEY_FILE_BYTES_MAX);
    if (len <= 0 || len == KEY_FILE_BYTES_MAX)
        return damaged();
    *ret = (Str){ bytes, (size_t)len };
    return OK;
}

Err ledger_key_load(Ctx *ctx, Str folder, LedgerKey *ret) {
    Str text, format, origin, seed, bytes;

    TRY(read_file(ctx->arena, str_format(ctx->arena, "%.*s/log.key", STR_ARG(folder)).ptr, &text));
    bool is_whole = str_cut(&text, '\n', &format) && str_cut(&text, '\n', &origin) &&
                    str_cut(&text, '\n', &seed) && str_eq(format, str_from_c(FORMAT));
    if (!is_whole || base64_decode(ctx->arena, seed, &bytes).code != ERR_OK ||
        bytes.len != SIGN_SEED_BYTES)
        return damaged();
    *ret = (LedgerKey){ .origin = origin,
                        .may_sign = true,
                        .key = sign_key_from_seed((const uint8_t *)bytes.ptr) };
    return OK;
}

static Err not_written(void) {
    return FAIL(
        ERR_IO, NULL,
        N_("The key could not be written: check the rights and the free space of the folder."));
}

Err ledger_key_make(Ctx *ctx, Str folder, Str origin) {
    NoteKey name;
    SignKey key = sign_key_new(ctx->chance);
    const char *path = str_format(ctx->arena, "%.*s/log.key", STR_ARG(folder)).ptr;
    Str seed = base64_encode(ctx->arena, (Str){ (const char *)key.seed, SIGN_SEED_BYTES });
    Str text = str_format(ctx->arena, "%s\n%.*s\n%.*s\n", FORMAT, STR_ARG(origin), STR_ARG(seed));

    TRY(note_key_make(origin, NOTE_ED25519, &key.public, &name));
    sign_forget(&key);
    CLEANUP(close_file) int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return FAIL(ERR_CONFLICT, NULL,
                    N_("There is a log key already; a key is never overwritten."));
    if (file < 0 || write(file, text.ptr, text.len) != (ssize_t)text.len || fsync(file) != 0)
        return not_written();
    return OK;
}

Err ledger_vkey(Arena *arena, const LedgerKey *key, Str *ret) {
    NoteKey name;

    TRY(note_key_make(key->origin, NOTE_ED25519, &key->key.public, &name));
    *ret = note_key_print(arena, &name);
    return OK;
}
