/*
 * site_refusals.c - the words by which a refused thing would come in as a field, a column or a heading (product.md 4).
 * The list is shown on the pages of the refusals; no route and no table may use one of them.
 */
#include "features/site/site.h"

static const struct {
    int rule;
    const char *word; /* lower case; words of Latin letters count whole only, between other signs */
} words[] = {
    { 1, "anonymous" },
    { 1, "ghostwriter" },
    { 1, "匿名" },
    { 1, "代笔" },
    { 2, "alias" },
    { 2, "persona" },
    { 2, "sockpuppet" },
    { 2, "马甲" },
    { 2, "小号" },
    { 2, "化名" },
    { 2, "第二身份" },
    { 3, "untrained" },
    { 3, "after_term" },
    { 3, "免培训" },
    { 4, "quota" },
    { 4, "fee" },
    { 4, "price_per_post" },
    { 4, "ranking" },
    { 4, "任务条数" },
    { 4, "任务量" },
    { 4, "单价" },
    { 4, "稿酬" },
    { 4, "计酬" },
    { 4, "排名" },
    { 5, "ip_address" },
    { 5, "identity_lookup" },
    { 5, "speaker" },
    { 5, "发言人身份" },
    { 6, "private_account" },
    { 6, "personal_account" },
    { 6, "个人账号" },
    { 6, "个人帐号" },
    { 6, "私人账号" },
    { 6, "私人帐号" },
    { 6, "个人微信" },
    { 6, "个人微博" },
    { 7, "watchlist" },
    { 7, "person_sentiment" },
    { 7, "relation_graph" },
    { 7, "重点人员" },
    { 7, "人员情绪" },
    { 8, "downrank" },
    { 8, "shadowban" },
    { 8, "auto_hide" },
    { 8, "降权" },
    { 9, "opinion_score" },
    { 9, "positive_share" },
    { 9, "正面率" },
    { 9, "舆情得分" },
    { 10, "row_export" },
    { 10, "min_cell" },
    { 10, "导出明细" },
    { 11, "trust_score" },
    { 11, "blacklist" },
    { 11, "诚信分" },
    { 11, "黑名单" },
    { 12, "face_template" },
    { 12, "gps" },
    { 12, "device_fingerprint" },
    { 12, "人脸" },
    { 13, "backdate" },
    { 13, "silent" },
    { 13, "倒签" },
    { 14, "sensitive_words" },
    { 14, "敏感词" },
    { 15, "crawl_comments" },
    { 15, "fake_user_agent" },
    { 15, "抓取评论" },
    { 16, "rumour_without_proof" },
    { 16, "定性谣言" },
};

static bool is_latin(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Does the word stand in the lower-case name, with no Latin letter or digit at its Latin ends? */
static bool holds(Str name, Str word) {
    for (size_t at = 0; (at = str_find(name, word, at)) != SIZE_MAX; at++) {
        size_t end = at + word.len;
        bool goes_on_before = at > 0 && is_latin(name.ptr[at - 1]) && is_latin(word.ptr[0]);
        bool goes_on_behind =
            end < name.len && is_latin(name.ptr[end]) && is_latin(word.ptr[word.len - 1]);

        if (!goes_on_before && !goes_on_behind)
            return true;
    }
    return false;
}

int site_refused_name(Str name) {
    char lower[SITE_REFUSED_NAME_BYTES];
    size_t len = name.len < sizeof lower ? name.len : sizeof lower;

    for (size_t i = 0; i < len; i++) {
        char c = name.ptr[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c == '-' || c == ' ' ? '_' : c;
    }
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (holds((Str){ lower, len }, str_from_c(words[i].word)))
            return words[i].rule;
    return 0;
}

StrList site_refused_words(Arena *arena, int rule) {
    StrList list = { .items = arena_array(arena, COUNT_OF(words), sizeof(Str)) };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].rule == rule)
            list.items[list.len++] = str_from_c(words[i].word);
    return list;
}
