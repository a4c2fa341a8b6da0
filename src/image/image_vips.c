/* image/image_vips.c - libvips, loaded when the child needs it, so that the server never maps it. */
#include "image/image_vips.h"

#include <dlfcn.h>
#include <vips/vips.h>

#include "image/image_webp.h"

#define VIPS_LIBRARY "libvips.so.42"

/* What we call of it; the names are those of the functions. */
#define VIPS_FUNCTIONS(X)                                                                          \
    X(vips_init)                                                                                   \
    X(vips_concurrency_set)                                                                        \
    X(vips_cache_set_max)                                                                          \
    X(vips_block_untrusted_set)                                                                    \
    X(vips_operation_block_set)                                                                    \
    X(vips_image_new_from_buffer)                                                                  \
    X(vips_thumbnail_image)                                                                        \
    X(vips_image_copy_memory)                                                                      \
    X(vips_image_get_width)                                                                        \
    X(vips_image_get_height)                                                                       \
    X(vips_webpsave_buffer)

typedef struct VipsTable {
#define VIPS_MEMBER(name) __typeof__(name) *name;
    VIPS_FUNCTIONS(VIPS_MEMBER)
#undef VIPS_MEMBER
} VipsTable;

static VipsTable table;

static bool load_table(void) {
    void *library = dlopen(VIPS_LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return false;
#define VIPS_LOAD(function)                                                                        \
    *(void **)&table.function = dlsym(library, #function);                                         \
    if (!table.function)                                                                           \
        return false;
    VIPS_FUNCTIONS(VIPS_LOAD)
#undef VIPS_LOAD
    return true;
}

bool image_vips_open(void) {
    static const char *const allowed[] = { "VipsForeignLoadJpeg", "VipsForeignLoadPng",
                                           "VipsForeignLoadWebp", "VipsForeignLoadNsgif" };

    if (!load_table() || table.vips_init("liandong") != 0)
        return false;
    table.vips_concurrency_set(1);
    table.vips_cache_set_max(0);
    table.vips_block_untrusted_set(TRUE);
    table.vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < COUNT_OF(allowed); i++)
        table.vips_operation_block_set(allowed[i], FALSE);
    return true;
}

/*
 * At 80 nobody sees a difference; a picture that stays too large goes down twice before it is refused.
 * `strip` of libvips 8.14 leaves Exif and profile in, so the file is cleaned by us.
 */
static WireStatus save(Arena *arena, VipsImage *image, WireFile *ret_file, Str *ret_bytes) {
    static const int qualities[] = { 80, 60, 40 };

    for (size_t i = 0; i < COUNT_OF(qualities); i++) {
        void *bytes;
        size_t len;
        Str clean;

        if (table.vips_webpsave_buffer(image, &bytes, &len, "Q", qualities[i], "strip", TRUE,
                                       NULL) != 0)
            return WIRE_DAMAGED;
        if (!image_webp_clean(arena, (Str){ bytes, len }, &clean))
            return WIRE_DAMAGED;
        if (clean.len <= IMAGE_FILE_BYTES_MAX) {
            *ret_file = (WireFile){ .width = table.vips_image_get_width(image),
                                    .height = table.vips_image_get_height(image),
                                    .bytes = (int64_t)clean.len };
            *ret_bytes = clean;
            return WIRE_OK;
        }
    }
    return WIRE_LARGE;
}

/*
 * Decoded once, upright, at most IMAGE_WIDTH_MAX wide. Damage anywhere in the file is an error, which
 * vips_thumbnail_buffer of 8.14 cannot be told; so the whole of it is read, and then made smaller.
 */
static VipsImage *decode(Str picture) {
    VipsImage *whole = table.vips_image_new_from_buffer(picture.ptr, picture.len, "", "access",
                                                        VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                                        VIPS_FAIL_ON_ERROR, NULL);
    VipsImage *lazy;

    if (!whole ||
        table.vips_thumbnail_image(whole, &lazy, IMAGE_WIDTH_MAX, "height", IMAGE_HEIGHT_MAX,
                                   "size", VIPS_SIZE_DOWN, "export_profile", "srgb", NULL) != 0)
        return NULL;
    return table.vips_image_copy_memory(lazy);
}

WireStatus image_vips_make(Arena *arena, Str picture, WireAnswer *answer,
                           Str files[IMAGE_SIZES_MAX]) {
    VipsImage *largest = decode(picture), *image;

    if (!largest)
        return WIRE_DAMAGED;
    int width = table.vips_image_get_width(largest);
    for (size_t i = 0; i < IMAGE_SIZES_MAX; i++) {
        bool is_last = image_widths[i] >= width;
        size_t at = answer->file_count;

        image = largest;
        if (!is_last &&
            table.vips_thumbnail_image(largest, &image, image_widths[i], "height", IMAGE_HEIGHT_MAX,
                                       "size", VIPS_SIZE_DOWN, "no_rotate", TRUE, NULL) != 0)
            return WIRE_DAMAGED;
        WireStatus status = save(arena, image, &answer->files[at], &files[at]);
        if (status != WIRE_OK)
            return status;
        answer->file_count++;
        if (is_last)
            break;
    }
    return WIRE_OK;
}
