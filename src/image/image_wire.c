/* image/image_wire.c - the question and the answer as bytes. */
#include "image/image_wire.h"

#define QUESTION_MARK "LDPICQ1\n"
#define ANSWER_MARK "LDPICA1\n"
enum { MARK_BYTES = 8 };

static unsigned char *put(unsigned char *out, int64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--)
        *out++ = (unsigned char)(value >> 8 * i);
    return out;
}

static int64_t get(const unsigned char **in, int bytes) {
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value = value << 8 | *(*in)++;
    return value > INT64_MAX ? -1 : (int64_t)value;
}

void image_wire_put_question(const WireQuestion *question, unsigned char out[WIRE_QUESTION_BYTES]) {
    memcpy(out, QUESTION_MARK, MARK_BYTES);
    out = put(out + MARK_BYTES, question->picture_bytes, 8);
    out = put(out, question->pixels, 8);
    out = put(out, question->memory_bytes, 8);
    out = put(out, question->frames, 4);
    (void)put(out, question->cpu_seconds, 4);
}

bool image_wire_get_question(const unsigned char in[WIRE_QUESTION_BYTES], WireQuestion *ret) {
    WireQuestion question;

    if (memcmp(in, QUESTION_MARK, MARK_BYTES) != 0)
        return false;
    in += MARK_BYTES;
    question.picture_bytes = get(&in, 8);
    question.pixels = get(&in, 8);
    question.memory_bytes = get(&in, 8);
    question.frames = get(&in, 4);
    question.cpu_seconds = get(&in, 4);
    if (question.picture_bytes < 1 || question.pixels < 1 || question.memory_bytes < 1)
        return false;
    *ret = question;
    return true;
}

void image_wire_put_answer(const WireAnswer *answer, unsigned char out[WIRE_ANSWER_BYTES]) {
    memcpy(out, ANSWER_MARK, MARK_BYTES);
    out = put(out + MARK_BYTES, answer->status, 1);
    out = put(out, answer->type, 1);
    out = put(out, (int64_t)answer->file_count, 1);
    out = put(out, 0, 1);
    for (size_t i = 0; i < IMAGE_SIZES_MAX; i++) {
        WireFile file = i < answer->file_count ? answer->files[i] : (WireFile){ 0 };

        out = put(out, file.width, 4);
        out = put(out, file.height, 4);
        out = put(out, file.bytes, 4);
    }
}

static bool is_file(const WireFile *file, int64_t width_before) {
    return file->width > width_before && file->width <= IMAGE_WIDTH_MAX && file->height >= 1 &&
           file->height <= IMAGE_HEIGHT_MAX && file->bytes >= 1 &&
           file->bytes <= IMAGE_FILE_BYTES_MAX;
}

bool image_wire_get_answer(const unsigned char in[WIRE_ANSWER_BYTES], WireAnswer *ret) {
    WireAnswer answer = { 0 };

    if (memcmp(in, ANSWER_MARK, MARK_BYTES) != 0)
        return false;
    in += MARK_BYTES;
    int64_t status = get(&in, 1), type = get(&in, 1), count = get(&in, 1), zero = get(&in, 1);
    if (status >= WIRE_STATUS_END || count > IMAGE_SIZES_MAX || zero != 0)
        return false;
    if ((status == WIRE_OK) != (count > 0))
        return false;
    if (status == WIRE_OK && (type < IMAGE_JPEG || type > IMAGE_GIF))
        return false;
    answer.status = (WireStatus)status;
    answer.type = (ImageType)type;
    answer.file_count = (size_t)count;
    for (size_t i = 0; i < IMAGE_SIZES_MAX; i++) {
        WireFile *file = &answer.files[i];

        file->width = get(&in, 4);
        file->height = get(&in, 4);
        file->bytes = get(&in, 4);
        if (i < answer.file_count && !is_file(file, i > 0 ? answer.files[i - 1].width : 0))
            return false;
        if (i >= answer.file_count && (file->width || file->height || file->bytes))
            return false;
    }
    *ret = answer;
    return true;
}
