/* text/proof_story.c - what concerns the story as a whole: quotations without a source, words for pictures. */
#include "text/proof_check.h"

enum { QUOTED_CHARS = 20 };

/* Words that tell who speaks, each of which begins with a rune of KIND_SAYS; one near a quotation is enough. */
static bool tells_who(const ProofLine *line) {
    static const Str words[] = {
        S_INIT("说"),   S_INIT("道"),   S_INIT("称"),   S_INIT("问"),   S_INIT("答"),
        S_INIT("讲"),   S_INIT("写"),   S_INIT("告诉"), S_INIT("表示"), S_INIT("认为"),
        S_INIT("介绍"), S_INIT("指出"), S_INIT("回忆"), S_INIT("解释"), S_INIT("提到"),
        S_INIT("引用"), S_INIT("规定"), S_INIT("原文"), S_INIT("提出"), S_INIT("强调"),
        S_INIT("回复"), S_INIT("留言"), S_INIT("据"),   S_INIT("按"),   S_INIT("》"),
        S_INIT("念"),   S_INIT("喊"),   S_INIT("记着"), S_INIT("贴"),   S_INIT("：“"),
        S_INIT("悬挂"), S_INIT("横幅"), S_INIT("标语"), S_INIT("主题"), S_INIT("口号"),
        S_INIT("嘱"),
    };

    for (size_t at = 0; at < line->len; at++)
        for (size_t i = 0; i < COUNT_OF(words) && line->kinds[at] & KIND_SAYS; i++)
            if (proof_at(line, at, words[i]))
                return true;
    return false;
}

/* A long quotation in a story that names no source, and nobody who speaks here or in the paragraph before. */
void proof_quotes(ProofScan *scan) {
    const ProofLine *line = &scan->line;
    size_t open = SIZE_MAX;
    bool is_sentence = false; /* a name in quotation marks is nobody's words */

    if (scan->draft->has_sources || !proof_asks(scan, CHECK_QUOTE_SOURCE))
        return;
    bool was_said = scan->was_said;
    scan->was_said = tells_who(line);
    for (size_t at = 0; at < line->len && !was_said && !scan->was_said; at++) {
        if (line->runes[at] == 0x201C) {
            open = at;
            is_sentence = false;
        }
        is_sentence = is_sentence ||
                      (line->kinds[at] & KIND_MARK && proof_is_in(line->runes[at], S("。！？")));
        if (line->runes[at] != 0x201D || open == SIZE_MAX)
            continue;
        if (is_sentence && at - open > QUOTED_CHARS)
            proof_report(scan, CHECK_QUOTE_SOURCE, open, at + 1, STR_EMPTY);
        open = SIZE_MAX;
    }
}

/* Words for who does not see the picture: some, and not the name of its file. */
void proof_pictures(ProofScan *scan) {
    static const Str ends[] = { S_INIT(".jpg"), S_INIT(".jpeg"), S_INIT(".png"),
                                S_INIT(".gif"), S_INIT(".webp"), S_INIT(".heic") };
    static const Str empty[] = {
        S_INIT("图片"), S_INIT("照片"),  S_INIT("图"),    S_INIT("配图"),
        S_INIT("截图"), S_INIT("image"), S_INIT("photo"), S_INIT("picture")
    };
    Str text = str_trim(scan->text);
    bool says_nothing = text.len == 0;

    for (size_t i = 0; i < COUNT_OF(empty); i++)
        says_nothing = says_nothing || str_eq_nocase(text, empty[i]);
    if (says_nothing)
        proof_report(scan, CHECK_ALT_EMPTY, 0, scan->line.len, STR_EMPTY);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (text.len > ends[i].len &&
            str_eq_nocase(str_slice(text, text.len - ends[i].len, text.len), ends[i])) {
            proof_report(scan, CHECK_ALT_FILE, 0, scan->line.len, STR_EMPTY);
            return;
        }
}
