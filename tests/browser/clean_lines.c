/* tests/browser/clean_lines.c - cleans many HTML cases in one go, for sanitize.mjs and speed measurements. */
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/html_clean.h"
#include "text/html_text.h"
#include "text/markdown.h"

enum { READ_BYTES = 1 << 16 };

/*
 * clean_lines [article|voice|markdown|unsafe|text] < cases > answers
 * Cases are separated by NUL on standard input. Each answer is "0" and the cleaned HTML (for markdown
 * and unsafe: rendered from Markdown; for text: the plain text of the cleaned HTML), or "1" and the
 * sentence why not, and ends with NUL.
 */
typedef enum Mode { MODE_ARTICLE, MODE_VOICE, MODE_MARKDOWN, MODE_UNSAFE, MODE_TEXT } Mode;

static Err answer(Arena *arena, Mode mode, Str text, Str *ret) {
    Str clean;

    if (mode == MODE_MARKDOWN || mode == MODE_UNSAFE)
        return markdown_render(arena, text,
                               mode == MODE_UNSAFE ? MARKDOWN_UNSAFE : MARKDOWN_ARTICLE, ret);
    TRY(html_clean(arena, text, mode == MODE_VOICE ? HTML_VOICE : HTML_ARTICLE, STR_EMPTY, &clean));
    *ret = mode == MODE_TEXT ? html_text(arena, clean) : clean;
    return OK;
}

static Str read_all(Arena *arena) {
    Buf buf = buf_new(arena, SIZE_MAX);
    char *part = arena_alloc(arena, READ_BYTES);

    for (ssize_t len; (len = read(STDIN_FILENO, part, READ_BYTES)) > 0;)
        buf_add(&buf, (Str){ part, (size_t)len });
    return buf_str(&buf);
}

static bool read_mode(const char *word, Mode *ret) {
    static const char *const words[] = { "article", "voice", "markdown", "unsafe", "text" };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            *ret = (Mode)i;
            return true;
        }
    }
    return false;
}

int main(int count, char **words) {
    CLEANUP(arena_close) Arena *all = arena_new(0);
    CLEANUP(arena_close) Arena *one = arena_new(0);
    Mode mode = MODE_ARTICLE;

    if (count > 2 || (count == 2 && !read_mode(words[1], &mode))) {
        (void)fprintf(stderr,
                      "clean_lines [article|voice|markdown|unsafe|text] < cases > answers\n");
        return 2;
    }
    Str rest = read_all(all), text;
    while (str_cut(&rest, '\0', &text)) {
        Str clean;
        Err err = answer(one, mode, text, &clean);

        if (err.code != ERR_OK)
            clean = str_from_c(err.msgid);
        (void)putchar(err.code == ERR_OK ? '0' : '1');
        (void)fwrite(clean.ptr, 1, clean.len, stdout);
        (void)putchar('\0');
        arena_reset(one, 1 << 20);
    }
    return fflush(stdout) == 0 ? 0 : 4;
}
