/* features/media/media_prepare.c - `liandong media prepare`: a folder of PNG files in, WebP files out. */
#include "features/media/media_prepare.h"

#include <dirent.h>
#include <errno.h>

#include "base/json.h"
#include "base/vec.h"
#include "image/image.h"
#include "sec/hash.h"

typedef VEC(Str) Names;

static void close_folder(DIR **folder) {
    if (*folder)
        (void)closedir(*folder);
}

static void close_file(FILE **file) {
    if (*file)
        (void)fclose(*file);
}

static Err cannot(const char *msgid, Str name) {
    return FAIL_ARGS(ERR_IO, NULL, msgid, name);
}

/* Names without .png, in the order of the folder. */
static Err list_pictures(Arena *arena, Str path, Names *ret) {
    CLEANUP(close_folder) DIR *folder = opendir(str_to_c(arena, path));
    const Str ending = S(".png");
    Names names = { 0 };

    if (!folder)
        return FAIL_ARGS(ERR_NOT_FOUND, NULL, N_("There is no folder {0}."), path);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        Str name = str_from_c(entry->d_name);

        if (name.len > ending.len && name.ptr[0] != '.' && str_ends(name, ending))
            *VEC_PUSH(arena, &names) = str_dup(arena, str_slice(name, 0, name.len - ending.len));
    }
    if (names.len == 0)
        return FAIL_ARGS(ERR_NOT_FOUND, NULL, N_("There are no .png files in {0}."), path);
    *ret = names;
    return OK;
}

static Err read_picture(Arena *arena, Str folder, Str name, int64_t most_bytes, Str *ret) {
    Str path = str_format(arena, "%.*s/%.*s.png", STR_ARG(folder), STR_ARG(name));
    CLEANUP(close_file) FILE *file = fopen(str_to_c(arena, path), "rbe");
    char *bytes;
    size_t len;

    if (!file || fseeko(file, 0, SEEK_END) != 0 || ftello(file) < 0)
        return cannot(N_("The picture {0} cannot be read."), path);
    if (ftello(file) > most_bytes)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The picture {0} is too large."), path);
    len = (size_t)ftello(file);
    bytes = arena_alloc(arena, len);
    rewind(file);
    if (fread(bytes, 1, len, file) != len)
        return cannot(N_("The picture {0} cannot be read."), path);
    *ret = (Str){ bytes, len };
    return OK;
}

static Err write_file(Arena *arena, Str folder, Str name, Str bytes) {
    Str path = str_format(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
    FILE *file = fopen(str_to_c(arena, path), "wbe");

    if (!file)
        return cannot(N_("The file {0} cannot be written."), path);
    bool is_written = fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len;
    if (fclose(file) != 0 || !is_written)
        return cannot(N_("The file {0} cannot be written."), path);
    return OK;
}

/* The .json comes last: where it is, the others are. */
static Err write_all(Arena *arena, Str folder, Str name, const ImageSet *set) {
    Json *about = json_obj(arena), *sizes = json_arr(arena);
    Buf text = buf_new(arena, 0);

    for (size_t i = 0; i < set->len; i++) {
        const ImageFile *file = &set->files[i];
        /* A smaller picture stands under the width it was meant for, where media_add_prepared looks. */
        Str file_name = str_format(arena, "%.*s-%d.webp", STR_ARG(name), image_widths[i]);
        Hash hash = hash_sha256(file->bytes);
        Json *size = json_obj(arena);

        TRY(write_file(arena, folder, file_name, file->bytes));
        json_set(size, "file", json_str(arena, file_name));
        json_set(size, "width", json_int(arena, file->width));
        json_set(size, "height", json_int(arena, file->height));
        json_set(size, "sha256", json_str(arena, hex_encode(arena, hash_str(&hash))));
        json_push(sizes, size);
    }
    json_set(about, "name", json_str(arena, name));
    json_set(about, "sizes", sizes);
    json_write(&text, about);
    buf_add_char(&text, '\n');
    TRY(buf_check(&text));
    return write_file(arena, folder, str_concat(arena, name, S(".json")), buf_str(&text));
}

static Err prepare_one(Arena *arena, Str in_folder, Str out_folder, Str name) {
    ImageLimits limits = image_limits_default();
    ImageSet set;
    Str bytes;

    TRY(read_picture(arena, in_folder, name, limits.input_bytes, &bytes));
    TRY(image_prepare(arena, &limits, bytes, &set));
    return write_all(arena, out_folder, name, &set);
}

Err media_prepare_folder(Arena *arena, Str in_folder, Str out_folder, int64_t *ret) {
    Names names;

    TRY(list_pictures(arena, in_folder, &names));
    for (size_t i = 0; i < names.len; i++) {
        Arena *scratch = arena_new(0);
        Err err = prepare_one(scratch, in_folder, out_folder, names.items[i]);

        for (size_t k = 0; k < COUNT_OF(err.args); k++)
            err.args[k] = str_dup(arena, err.args[k]);
        arena_free(scratch);
        TRY(err);
    }
    *ret = (int64_t)names.len;
    return OK;
}
