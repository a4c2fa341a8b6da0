/* image/image.h - pictures: checked, cleaned of all metadata and made small, in a child process only. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "base/err.h"
#include "image/image_probe.h"

/*
 * What comes from outside is never decoded in this process. image_prepare starts this very program as
 * `liandong --child image`, hands it the bytes through a socket (image_wire.h) and reads back small
 * WebP files: sRGB, upright, without Exif, GPS, profiles or other metadata. The child has limits on
 * memory, processor and files, no network where the kernel grants that, and ends after one picture.
 */

enum {
    IMAGE_SIZES_MAX = 3,            /* files of one picture */
    IMAGE_WIDTH_MAX = 1280,         /* pixels, of the largest one */
    IMAGE_HEIGHT_MAX = 16383,       /* pixels; no WebP file is higher */
    IMAGE_FILE_BYTES_MAX = 4 << 20, /* of each file that comes back */
    IMAGE_CHILDREN_MAX = 2          /* children at work at once, in the whole process */
};
extern const int image_widths[IMAGE_SIZES_MAX]; /* 320, 640, 1280 */

typedef struct ImageLimits {
    int64_t input_bytes;  /* media.upload_bytes */
    int64_t pixels;       /* width times height, as the header says (media.pixels) */
    int64_t frames;       /* of an animated picture (media.frames); the first one is kept */
    int64_t memory_bytes; /* address space of the child (image.memory_bytes) */
    int64_t cpu_seconds;  /* of the child (image.cpu_seconds) */
    int64_t timeout_ms;   /* from the start to the whole answer, waiting for a place apart */
    const char *program;  /* the child's program; NULL: the one that runs */
} ImageLimits;

/* The defaults of conf/conf_table.h, for callers without settings. */
ImageLimits image_limits_default(void);

typedef struct ImageFile {
    int width, height; /* pixels */
    Str bytes;         /* a WebP file */
} ImageFile;

typedef struct ImageSet {
    ImageType source;                 /* what the bytes were, by content */
    ImageFile files[IMAGE_SIZES_MAX]; /* rising width; the last is the largest */
    size_t len;                       /* 1..IMAGE_SIZES_MAX */
} ImageSet;

/*
 * Makes the sizes 320, 640 and 1280 of a JPEG, PNG, WebP or GIF picture, never larger than it is: a smaller
 * one comes back in its own width and the sizes below. bytes are borrowed for the call; *ret is set
 * on success only, its files live in arena (at most IMAGE_SIZES_MAX * IMAGE_FILE_BYTES_MAX).
 *
 * Fails, field "file", with ERR_INVALID (no picture of these types, damaged, cut off, or the child
 * died of it), ERR_LIMIT (bytes, pixels, frames, or a result beyond IMAGE_FILE_BYTES_MAX); without a
 * field with ERR_BUSY (no place among the children, no process to be had, no answer in time) and
 * ERR_IO (libvips is not installed). Repeating is safe. Waits; not for threads that serve sockets.
 */
CHECKED Err image_prepare(Arena *arena, const ImageLimits *limits, Str bytes, ImageSet *ret);

/*
 * The child: main() calls it at once for `--child image` and for nothing else. Serves one picture and ends
 * the process itself; the type is for main()'s return.
 */
int image_child_main(void);

#endif
