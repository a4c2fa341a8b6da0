/* image/image_webp.h - the chunks of a WebP file: those with pixels, and no others: private to the room. */
#ifndef IMAGE_IMAGE_WEBP_H
#define IMAGE_IMAGE_WEBP_H

#include "base/buf.h"

/*
 * The same picture with nothing but pixels: no Exif, profile, XMP or unknown chunk, and no extended
 * header where only such things needed one. *ret lives in arena. False when this is no whole WebP
 * file of one frame.
 */
CHECKED bool image_webp_clean(Arena *arena, Str webp, Str *ret);
/* Whether cleaning would change nothing. */
bool image_webp_is_clean(Str webp);

#endif
