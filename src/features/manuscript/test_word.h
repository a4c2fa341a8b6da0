/* test_word.h - what tests of stories from Word files share: the files of tests/docx, a newsroom that takes pictures. */
#ifndef FEATURES_MANUSCRIPT_TEST_WORD_H
#define FEATURES_MANUSCRIPT_TEST_WORD_H

#include <stdlib.h>

#include "features/manuscript/test_newsroom.h"

/* One of the files that tools/make_docx.py made. */
static inline WordFile word_file(Ctx *ctx, const char *name) {
    const char *folder = getenv("LIANDONG_SOURCE");
    Str path = str_format(ctx->arena, "%s/tests/docx/%s.docx", folder ? folder : ".", name);
    FILE *file = fopen(str_to_c(ctx->arena, path), "rb");
    char *bytes = arena_alloc(ctx->arena, 1 << 16);

    if (!file)
        fail_msg("no %s", str_to_c(ctx->arena, path));
    WordFile word = { .bytes = { bytes, fread(bytes, 1, 1 << 16, file) },
                      .file_name = str_format(ctx->arena, "%s.docx", name),
                      .kind = S("通讯"),
                      .lang = S("zh") };
    assert_int_equal(fclose(file), 0);
    return word;
}

static inline Newsroom word_newsroom(void) {
    Newsroom n = newsroom_new();

    media_use(str_dup(n.ctx->arena, str_from_c(n.w.folder)));
    (void)mkdir(str_to_c(n.ctx->arena, str_format(n.ctx->arena, "%s/tmp", n.w.folder)), 0700);
    as(n.ctx, &n.ann, &n.paper);
    return n;
}

#endif
