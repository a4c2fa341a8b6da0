/* image/image_probe.h - what a picture says of itself in its header; nothing is decoded. */
#ifndef IMAGE_IMAGE_PROBE_H
#define IMAGE_IMAGE_PROBE_H

#include "base/str.h"

typedef enum ImageType { IMAGE_JPEG = 1, IMAGE_PNG, IMAGE_WEBP, IMAGE_GIF } ImageType;

typedef struct ImageProbe {
    ImageType type;
    int64_t width, height; /* pixels, 1 and above, before an Exif rotation */
    int64_t frames;        /* 1 and above */
} ImageProbe;

typedef enum ImageFound {
    IMAGE_FOUND,
    IMAGE_FOUND_NONE,   /* none of the four types: the name of the file does not matter */
    IMAGE_FOUND_DAMAGED /* begins as one of them, but its header makes no sense or is cut off */
} ImageFound;

/*
 * Reads type, size and number of frames from the bytes. *ret is set for IMAGE_FOUND only. Linear in
 * the bytes; a file that is cut off after its header is not noticed here.
 */
ImageFound image_probe(Str bytes, ImageProbe *ret);

/* "image/jpeg", ... */
Str image_type_name(ImageType type);

#endif
