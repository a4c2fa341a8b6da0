/* text/docx_picture.c - pictures of a Word file: found by their relationship, taken once each. */
#include "base/utf8.h"
#include "text/docx_body.h"
#include "text/html_tags.h"

static bool is_shown_by_pages(Str bytes) {
    return str_starts(bytes, S("\x89PNG\r\n\x1a\n")) || str_starts(bytes, S("\xff\xd8\xff")) ||
           str_starts(bytes, S("GIF8")) ||
           (str_starts(bytes, S("RIFF")) && str_eq(str_slice(bytes, 8, 12), S("WEBP")));
}

/* One line, at most DOCX_ALT_CHARS characters. */
static Str alt_of(DocxReader *reader) {
    Str text = utf8_clean(reader->arena, reader->alt);
    Buf out = buf_new(reader->arena, SIZE_MAX);
    size_t chars = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        chars += (c & 0xC0) != 0x80 ? 1 : 0;
        if (chars > DOCX_ALT_CHARS)
            break;
        buf_add_char(&out, c < ' ' ? ' ' : (char)c);
    }
    return str_trim(buf_str(&out));
}

static Str file_name(Str path) {
    size_t at = path.len;

    while (at > 0 && path.ptr[at - 1] != '/')
        at--;
    return str_slice(path, at, path.len);
}

Err docx_picture(DocxReader *reader, Str relation_id, Str linked_id) {
    const DocxRelation *relation = relation_id.len ? map_get(reader->relations, relation_id) : NULL;
    int64_t *lost = reader->docx->lost;
    bool is_found = false;
    Str bytes;

    if ((!relation && linked_id.len) || (relation && relation->is_external)) {
        lost[LOST_LINKED]++;
        return OK;
    }
    if (relation && reader->pictures.len < DOCX_PICTURES)
        TRY(reader->part(reader->part_user, reader->arena, relation->target, DOCX_PICTURE_BYTES,
                         &is_found, &bytes));
    if (!is_found || !is_shown_by_pages(bytes)) {
        lost[LOST_PICTURES]++;
        return OK;
    }
    DocxPicture *picture = VEC_PUSH(reader->arena, &reader->pictures);
    Buf html = buf_new(reader->arena, SIZE_MAX);
    *picture = (DocxPicture){ .name = file_name(relation->target),
                              .bytes = bytes,
                              .alt = alt_of(reader),
                              .src = str_format(reader->arena, "/docx/%zu", reader->pictures.len) };
    buf_add_format(&html, "<img src=\"%.*s\" alt=\"", STR_ARG(picture->src));
    html_tag_escape(&html, picture->alt, true);
    buf_add(&html, S("\">"));
    docx_flow_html(reader->flow, buf_str(&html), true);
    return OK;
}
