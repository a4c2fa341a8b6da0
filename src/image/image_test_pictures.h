/* image/image_test_pictures.h - pictures for tests, written byte by byte: no encoder is at hand. */
#ifndef IMAGE_IMAGE_TEST_PICTURES_H
#define IMAGE_IMAGE_TEST_PICTURES_H

#include "base/buf.h"

/* A one-coloured PNG. is_interlaced makes decoders hold the whole of it; 16-bit RGBA. */
Str picture_png(Arena *arena, int width, int height, bool is_interlaced);
/* 8-bit RGBA, all of it transparent. */
Str picture_png_clear(Arena *arena, int width, int height);
/* PNG whose header promises this size while there are no pixels at all. */
Str picture_png_bomb(Arena *arena, int64_t width, int64_t height);
/* One chunk more behind the header: what an acTL or eXIf would be. */
Str picture_png_with(Arena *arena, Str png, Str name, Str data);
/* A grey JPEG; exif, if not empty, becomes an APP1 segment. */
Str picture_jpeg(Arena *arena, int width, int height, Str exif);
/* Exif with that orientation (1..8), a camera's name and the GPS tags of a place. */
Str picture_exif(Arena *arena, int orientation);
/* 2x2 pixels, so many frames. */
Str picture_gif(Arena *arena, int frames);
/* WebP container with so many ANMF chunks, none of which holds a picture. */
Str picture_webp_animated(Arena *arena, int frames);

#endif
