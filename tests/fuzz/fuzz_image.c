/*
 * tests/fuzz/fuzz_image.c - a picture's header within its bounds; messages of the child that pass are
 * written as the same bytes; a cleaned WebP is clean.
 */
#include <string.h>

#include "fuzz.h"
#include "image/image_webp.h"
#include "image/image_wire.h"

static void must_be_in_bounds(Str bytes) {
    ImageProbe probe = { 0 };

    if (image_probe(bytes, &probe) != IMAGE_FOUND)
        return;
    MUST(probe.type >= IMAGE_JPEG && probe.type <= IMAGE_GIF);
    MUST(probe.width >= 1 && probe.width <= UINT32_MAX);
    MUST(probe.height >= 1 && probe.height <= UINT32_MAX && probe.frames >= 1);
    MUST(image_type_name(probe.type).len > 0);
}

static void must_be_the_same(const uint8_t *data, size_t size) {
    unsigned char in[WIRE_ANSWER_BYTES] = { 0 }, out[WIRE_ANSWER_BYTES];
    WireAnswer answer;
    WireQuestion question;

    memcpy(in, data, size < sizeof in ? size : sizeof in);
    if (image_wire_get_answer(in, &answer)) {
        MUST((answer.status == WIRE_OK) == (answer.file_count > 0));
        for (size_t i = 0; i < answer.file_count; i++) {
            const WireFile *file = &answer.files[i];
            MUST(file->width >= 1 && file->width <= IMAGE_WIDTH_MAX);
            MUST(file->height >= 1 && file->height <= IMAGE_HEIGHT_MAX);
            MUST(file->bytes >= 1 && file->bytes <= IMAGE_FILE_BYTES_MAX);
            MUST(i == 0 || file->width > answer.files[i - 1].width);
        }
        image_wire_put_answer(&answer, out);
        MUST(memcmp(in, out, WIRE_ANSWER_BYTES) == 0);
    }
    if (image_wire_get_question(in, &question)) {
        image_wire_put_question(&question, out);
        MUST(memcmp(in, out, WIRE_QUESTION_BYTES) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str bytes = fuzz_input(data, size), clean, again;

    must_be_in_bounds(bytes);
    must_be_the_same(data, size);
    if (image_webp_clean(arena, bytes, &clean)) {
        MUST(image_webp_is_clean(clean) && clean.len <= bytes.len);
        MUST(image_webp_clean(arena, clean, &again) && str_eq(again, clean));
    }
    return 0;
}
