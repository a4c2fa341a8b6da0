/* features/media/media_prepare.h - pictures made ready when the program is built, for the demo. */
#ifndef FEATURES_MEDIA_MEDIA_PREPARE_H
#define FEATURES_MEDIA_MEDIA_PREPARE_H

#include "base/err.h"

/*
 * For every {name}.png in in_folder writes {name}-{width}.webp for the widths 320, 640, 1280 into out_folder
 * (never enlarged, through the image child) and, last, {name}.json with their sizes:
 * {"name","sizes":[{"file","width","height","sha256"}]}. Files there are replaced. out_folder exists. *ret
 * counts the pictures. Repeating is safe: the same pictures give the same files.
 *
 * ERR_NOT_FOUND: no such folder, or no .png in it; ERR_INVALID, ERR_LIMIT, ERR_BUSY as image_prepare;
 * ERR_IO. {0} of the sentence names the picture or the folder where that helps.
 */
CHECKED Err media_prepare_folder(Arena *arena, Str in_folder, Str out_folder, int64_t *ret);

#endif
