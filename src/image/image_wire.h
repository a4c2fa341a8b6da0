/* image/image_wire.h - what parent and child of image/ say to each other: private to the room. */
#ifndef IMAGE_IMAGE_WIRE_H
#define IMAGE_IMAGE_WIRE_H

#include "image/image.h"

/*
 * Numbers are big-endian. The parent sends one question and reads one answer; then the child ends.
 *
 *   question  8 bytes "LDPICQ1\n"    u64 bytes of the picture   u64 pixels   u64 memory_bytes
 *             u32 frames   u32 cpu_seconds                            (40 bytes), then the picture
 *   answer    8 bytes "LDPICA1\n"    u8 status   u8 type   u8 files   u8 0
 *             3 times: u32 width   u32 height   u32 bytes (0 beyond the number of files)
 *                                                          (48 bytes), then the files in this order
 */
enum { WIRE_QUESTION_BYTES = 40, WIRE_ANSWER_BYTES = 48 };

typedef enum WireStatus {
    WIRE_OK,
    WIRE_NO_PICTURE, /* none of the four types */
    WIRE_DAMAGED,
    WIRE_PIXELS, /* too many, by the header */
    WIRE_FRAMES,
    WIRE_LARGE,      /* a result beyond IMAGE_FILE_BYTES_MAX at the lowest quality */
    WIRE_NO_LIBRARY, /* libvips is missing or too old */
    WIRE_STATUS_END
} WireStatus;

typedef struct WireQuestion {
    int64_t picture_bytes, pixels, memory_bytes, frames, cpu_seconds;
} WireQuestion;

typedef struct WireFile {
    int64_t width, height, bytes;
} WireFile;

typedef struct WireAnswer {
    WireStatus status;
    ImageType type; /* WIRE_OK only */
    size_t file_count;
    WireFile files[IMAGE_SIZES_MAX];
} WireAnswer;

void image_wire_put_question(const WireQuestion *question, unsigned char out[WIRE_QUESTION_BYTES]);
/* False when these bytes are no question. */
bool image_wire_get_question(const unsigned char in[WIRE_QUESTION_BYTES], WireQuestion *ret);
void image_wire_put_answer(const WireAnswer *answer, unsigned char out[WIRE_ANSWER_BYTES]);
/*
 * The child is not trusted, for it has seen the picture: false unless every field is within the
 * bounds of image.h, widths rise, and there are files exactly with WIRE_OK.
 */
bool image_wire_get_answer(const unsigned char in[WIRE_ANSWER_BYTES], WireAnswer *ret);

#endif
