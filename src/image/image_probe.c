/* image/image_probe.c - the headers of JPEG, PNG, WebP and GIF, read with every length distrusted. */
#include "image/image_probe.h"

/* What is left to read. A read beyond the end gives 0 and sets is_cut, so that callers look once. */
typedef struct Reader {
    const unsigned char *ptr;
    size_t len, at;
    bool is_cut;
} Reader;

static unsigned read_byte(Reader *r) {
    if (r->at >= r->len) {
        r->is_cut = true;
        return 0;
    }
    return r->ptr[r->at++];
}

static int64_t read_big(Reader *r, int bytes) {
    int64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value = value << 8 | read_byte(r);
    return value;
}

static int64_t read_little(Reader *r, int bytes) {
    int64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value |= (int64_t)read_byte(r) << 8 * i;
    return value;
}

static void skip(Reader *r, int64_t bytes) {
    if (bytes < 0 || (uint64_t)bytes > r->len - r->at) {
        r->is_cut = true;
        r->at = r->len;
    } else {
        r->at += (size_t)bytes;
    }
}

static bool is_at(Reader *r, Str mark) {
    return mark.len <= r->len - r->at && memcmp(r->ptr + r->at, mark.ptr, mark.len) == 0;
}

static ImageFound judge(const Reader *r, const ImageProbe *found, ImageProbe *ret) {
    if (r->is_cut || found->width < 1 || found->height < 1 || found->frames < 1)
        return IMAGE_FOUND_DAMAGED;
    *ret = *found;
    return IMAGE_FOUND;
}

/* ---- JPEG (ITU T.81, B.1): markers up to the frame header ---- */

static bool is_frame_header(unsigned marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static ImageFound probe_jpeg(Reader *r, ImageProbe *ret) {
    ImageProbe found = { .type = IMAGE_JPEG, .frames = 1 };

    skip(r, 2);
    while (!r->is_cut) {
        unsigned marker;

        if (read_byte(r) != 0xFF)
            return IMAGE_FOUND_DAMAGED;
        do {
            marker = read_byte(r);
        } while (marker == 0xFF);
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7))
            continue; /* no length follows */
        if (is_frame_header(marker)) {
            skip(r, 3);                    /* length, precision */
            found.height = read_big(r, 2); /* 0 (DNL comes later) is not for us */
            found.width = read_big(r, 2);
            return judge(r, &found, ret);
        }
        if (marker == 0x00 || marker == 0xD8 || marker == 0xD9 || marker == 0xDA)
            return IMAGE_FOUND_DAMAGED; /* the scan begins, or all ends, before a size was told */
        int64_t len = read_big(r, 2);
        if (len < 2)
            return IMAGE_FOUND_DAMAGED;
        skip(r, len - 2);
    }
    return IMAGE_FOUND_DAMAGED;
}

/* ---- PNG (W3C PNG, 5.2, 11.2): IHDR, then chunks up to the first of the picture ---- */

static ImageFound probe_png(Reader *r, ImageProbe *ret) {
    enum { SIGNATURE = 8, IHDR_BYTES = 13, CRC = 4 };
    ImageProbe found = { .type = IMAGE_PNG, .frames = 1 };

    skip(r, SIGNATURE);
    if (read_big(r, 4) != IHDR_BYTES || !is_at(r, S("IHDR")))
        return IMAGE_FOUND_DAMAGED;
    skip(r, 4);
    found.width = read_big(r, 4);
    found.height = read_big(r, 4);
    if (found.width > INT32_MAX || found.height > INT32_MAX)
        return IMAGE_FOUND_DAMAGED;
    skip(r, IHDR_BYTES - 8 + CRC);
    while (!r->is_cut) {
        int64_t len = read_big(r, 4);

        if (is_at(r, S("IDAT")))
            return judge(r, &found, ret);
        if (is_at(r, S("acTL"))) { /* animated: the number of frames stands first */
            skip(r, 4);
            found.frames = read_big(r, 4);
            skip(r, len - 4 + CRC);
        } else {
            skip(r, 4 + len + CRC);
        }
    }
    return IMAGE_FOUND_DAMAGED;
}

/* ---- WebP (RFC 9649, 2): the first chunk tells the size, ANMF chunks are frames ---- */

static int64_t count_webp_frames(Reader *r) {
    int64_t frames = 0;

    while (r->len - r->at >= 8) {
        bool is_frame = is_at(r, S("ANMF"));

        skip(r, 4);
        int64_t len = read_little(r, 4);
        skip(r, len + (len & 1));
        if (is_frame)
            frames++;
    }
    r->is_cut = false; /* what is missing at the end is for the decoder to say */
    return frames > 0 ? frames : 1;
}

static ImageFound probe_webp(Reader *r, ImageProbe *ret) {
    enum { VP8X_BYTES = 10, HAS_ANIMATION = 2 };
    ImageProbe found = { .type = IMAGE_WEBP, .frames = 1 };

    skip(r, 12);
    if (is_at(r, S("VP8X"))) {
        skip(r, 4);
        if (read_little(r, 4) != VP8X_BYTES)
            return IMAGE_FOUND_DAMAGED;
        unsigned flags = read_byte(r);
        skip(r, 3);
        found.width = read_little(r, 3) + 1;
        found.height = read_little(r, 3) + 1;
        if (!r->is_cut && flags & HAS_ANIMATION)
            found.frames = count_webp_frames(r);
    } else if (is_at(r, S("VP8L"))) {
        skip(r, 8);
        if (read_byte(r) != 0x2F)
            return IMAGE_FOUND_DAMAGED;
        int64_t bits = read_little(r, 4);
        found.width = (bits & 0x3FFF) + 1;
        found.height = (bits >> 14 & 0x3FFF) + 1;
    } else if (is_at(r, S("VP8 "))) {
        skip(r, 8 + 3); /* chunk header, frame tag (RFC 6386, 9.1) */
        if (!is_at(r, S("\x9d\x01\x2a")))
            return IMAGE_FOUND_DAMAGED;
        skip(r, 3);
        found.width = read_little(r, 2) & 0x3FFF;
        found.height = read_little(r, 2) & 0x3FFF;
    } else {
        return IMAGE_FOUND_DAMAGED;
    }
    return judge(r, &found, ret);
}

/* ---- GIF (GIF89a, 17-27): all blocks, for only they tell the number of frames ---- */

static void skip_color_table(Reader *r, unsigned flags) {
    if (flags & 0x80)
        skip(r, INT64_C(3) << ((flags & 7) + 1));
}

static void skip_sub_blocks(Reader *r) {
    for (unsigned len = read_byte(r); len > 0; len = read_byte(r))
        skip(r, len);
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static ImageFound probe_gif(Reader *r, ImageProbe *ret) {
    enum { EXTENSION = 0x21, IMAGE = 0x2C };
    ImageProbe found = { .type = IMAGE_GIF };

    skip(r, 6);
    found.width = read_little(r, 2);
    found.height = read_little(r, 2);
    unsigned flags = read_byte(r);
    skip(r, 2);
    skip_color_table(r, flags);
    while (!r->is_cut) {
        unsigned block = read_byte(r);

        if (block == EXTENSION) {
            skip(r, 1);
        } else if (block == IMAGE) {
            int64_t left = read_little(r, 2), top = read_little(r, 2);
            int64_t width = read_little(r, 2), height = read_little(r, 2);

            flags = read_byte(r);
            if (r->is_cut)
                break;
            /* A frame beyond the screen makes decoders enlarge it. */
            found.width = larger(found.width, left + width);
            found.height = larger(found.height, top + height);
            found.frames++;
            skip_color_table(r, flags);
            skip(r, 1);
        } else {
            break; /* the trailer, or rubbish after the last frame */
        }
        skip_sub_blocks(r);
    }
    r->is_cut = false; /* what is missing at the end is for the decoder to say */
    return judge(r, &found, ret);
}

ImageFound image_probe(Str bytes, ImageProbe *ret) {
    Reader r = { .ptr = (const unsigned char *)bytes.ptr, .len = bytes.len };

    if (is_at(&r, S("\xFF\xD8\xFF")))
        return probe_jpeg(&r, ret);
    if (is_at(&r, S("\x89PNG\r\n\x1a\n")))
        return probe_png(&r, ret);
    if (str_starts(bytes, S("RIFF")) && str_eq(str_slice(bytes, 8, 12), S("WEBP")))
        return probe_webp(&r, ret);
    if (is_at(&r, S("GIF87a")) || is_at(&r, S("GIF89a")))
        return probe_gif(&r, ret);
    return IMAGE_FOUND_NONE;
}

Str image_type_name(ImageType type) {
    switch (type) {
    case IMAGE_JPEG:
        return S("image/jpeg");
    case IMAGE_PNG:
        return S("image/png");
    case IMAGE_WEBP:
        return S("image/webp");
    case IMAGE_GIF:
        return S("image/gif");
    }
    return STR_EMPTY;
}
