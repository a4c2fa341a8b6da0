/* image/image_vips.h - the one place that knows libvips; runs in the child only: private to the room. */
#ifndef IMAGE_IMAGE_VIPS_H
#define IMAGE_IMAGE_VIPS_H

#include "image/image_wire.h"

/* Loads libvips and turns off all loaders but four, its caches and its threads. Once. */
CHECKED bool image_vips_open(void);
/*
 * Decodes the picture (of a probed type), turns it upright, makes the sizes, each a WebP file without
 * metadata. The files live in arena.
 */
WireStatus image_vips_make(Arena *arena, Str picture, WireAnswer *answer,
                           Str files[IMAGE_SIZES_MAX]);

#endif
