/* text/proof_numbers.c - numbers and units in Chinese text (GB/T 15835, GB 3100). */
#include "base/utf8.h"
#include "text/proof_check.h"

int64_t proof_numeral(uint32_t rune) {
    static const struct {
        uint32_t rune;
        int64_t value;
    } numerals[] = { { 0x3007, 0 },   { 0x96F6, 0 },    { 0x4E00, 1 },     { 0x4E8C, 2 },
                     { 0x4E09, 3 },   { 0x56DB, 4 },    { 0x4E94, 5 },     { 0x516D, 6 },
                     { 0x4E03, 7 },   { 0x516B, 8 },    { 0x4E5D, 9 },     { 0x5341, 10 },
                     { 0x767E, 100 }, { 0x5343, 1000 }, { 0x4E07, 10000 }, { 0x4EBF, 100000000 } };

    for (size_t i = 0; i < COUNT_OF(numerals); i++)
        if (numerals[i].rune == rune)
            return numerals[i].value;
    return -1;
}

int64_t proof_number(const ProofLine *line, size_t at, size_t most, size_t *ret_to) {
    int64_t value = 0;
    size_t to = at;

    while (rune_is_digit(proof_rune(line, to)) && to - at < most)
        value = value * 10 + (int64_t)(line->runes[to++] - '0');
    if (to == at || rune_is_digit(proof_rune(line, to)))
        return -1;
    *ret_to = to;
    return value;
}

static uint32_t before_of(const ProofLine *line, size_t at) {
    return at ? line->runes[at - 1] : 0;
}

/* Counted things that follow a vague number. */
#define MEASURES "个天次岁名位里斤块"

/* 三、四个: neighbours in counting, with 、 between, before a measure. */
static void check_vague(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t before = before_of(line, at), between = proof_rune(line, at + 1);
    int64_t first = proof_numeral(line->runes[at]),
            second = proof_numeral(proof_rune(line, at + 2));

    if (between == 0x3001 && first >= 1 && second == first + 1 && second <= 9 &&
        proof_numeral(before) < 0 && !proof_is_in(before, S("第、周初")) &&
        proof_is_in(proof_rune(line, at + 3), S(MEASURES)))
        proof_report(scan, CHECK_APPROX_DUNHAO, at, at + 3, STR_EMPTY);
    if (rune_is_digit(line->runes[at]) && proof_is_in(between, S("、-~～")) &&
        proof_rune(line, at + 2) == line->runes[at] + 1 &&
        rune_is_digit(proof_rune(line, at + 2)) && !rune_is_digit(before) &&
        !proof_is_in(before, S("第、.-~～")) &&
        proof_is_in(proof_rune(line, at + 3), S(MEASURES)) && between == 0x3001)
        proof_report(scan, CHECK_APPROX_DIGITS, at, at + 3, STR_EMPTY);
}

/* 约 before a number that is no round one. */
static void check_exact(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    size_t to;
    int64_t value = proof_number(line, at, 9, &to);

    if (before_of(line, at) != 0x7EA6 || value < 1000 || value % 10 == 0 || value % 10 == 5 ||
        (at > 1 && proof_is_in(line->runes[at - 2],
                               S("预签条公节邀相违赴制契合集缩简隐婚立守和如依履誓租大"))) ||
        proof_is_in(proof_rune(line, to), S(".年:%％—-～~、万亿")))
        return;
    proof_report(scan, CHECK_APPROX_EXACT, at - 1, to, STR_EMPTY);
}

/* Behind the digits: 3千5百, 1，234. */
static void check_behind(ProofScan *scan, size_t at, size_t to) {
    const ProofLine *line = &scan->line;
    uint32_t after = proof_rune(line, to), next = proof_rune(line, to + 1);
    size_t end;

    if (proof_is_in(before_of(line, at), S("万亿")))
        return; /* 11万2千 is read aloud */
    if (proof_is_in(after, S("百千")) &&
        !proof_is_in(next, S("米克瓦伏帕卡赫字分伏安焦牛升合货里斤吨")) && to - at <= 2)
        proof_report(scan, CHECK_NUMBER_MIXED, at, to + 1, STR_EMPTY);
    if (after == 0x5341 && to - at == 1 && !proof_is_in(next, S("字")))
        proof_report(scan, CHECK_NUMBER_MIXED, at, to + 1, STR_EMPTY);
    if (after == 0xFF0C && to - at <= 3 && proof_number(line, to + 1, 3, &end) >= 0 &&
        end - to == 4 && !rune_is_digit(proof_rune(line, end)) &&
        !proof_is_in(proof_rune(line, end), S(".年月")) && before_of(line, at) != 0xFF0C)
        proof_report(scan, CHECK_NUMBER_COMMA, at, end, STR_EMPTY);
}

/* 5-10%, 3~5: what stands between two numbers, and whether both have their sign. */
static void check_range(ProofScan *scan, size_t at, size_t to) {
    const ProofLine *line = &scan->line;
    uint32_t sign = proof_rune(line, to);
    size_t end;

    if (!proof_is_in(sign, S("-~～—–至到")) || before_of(line, at) == '.')
        return;
    int64_t value = proof_number(line, to + 1, 9, &end);
    if (value < 0 || proof_is_in(before_of(line, at), S("-~～—–./")))
        return;
    while (proof_rune(line, end) == '.' && rune_is_digit(proof_rune(line, end + 1)))
        while (rune_is_digit(proof_rune(line, ++end)))
            ;
    if (proof_is_in(proof_rune(line, end), S("%％")) && !(to - at == 1 && line->runes[at] == '0'))
        proof_report(scan, CHECK_RANGE_PERCENT, at, end + 1, STR_EMPTY);
    if (sign == '~')
        proof_report(scan, CHECK_RANGE_TILDE, at, end, STR_EMPTY);
}

void proof_numbers(ProofScan *scan) {
    const ProofLine *line = &scan->line;

    for (size_t at = 0; at < line->len;) {
        if (line->kinds[at] & (KIND_NUMERAL | KIND_DIGIT))
            check_vague(scan, at);
        if (!rune_is_digit(line->runes[at])) {
            at++;
            continue;
        }
        size_t to = at + 1;
        while (rune_is_digit(proof_rune(line, to)))
            to++;
        check_exact(scan, at);
        check_behind(scan, at, to);
        check_range(scan, at, to);
        at = to;
    }
}

/* ---- one quantity, two ways of writing it ---- */

typedef struct Form {
    Str text;
    ProofCheck check;
    unsigned bit, other; /* of ProofScan.units */
} Form;

static const Form forms[] = {
    { S_INIT("公里"), CHECK_UNIT_LENGTH, 1, 2 }, { S_INIT("千米"), CHECK_UNIT_LENGTH, 1, 2 },
    { S_INIT("km"), CHECK_UNIT_LENGTH, 2, 1 },   { S_INIT("公斤"), CHECK_UNIT_MASS, 4, 8 },
    { S_INIT("千克"), CHECK_UNIT_MASS, 4, 8 },   { S_INIT("kg"), CHECK_UNIT_MASS, 8, 4 },
    { S_INIT("%"), CHECK_UNIT_PERCENT, 16, 32 }, { S_INIT("％"), CHECK_UNIT_PERCENT, 32, 16 },
};

/* Told once, where the second way comes first. */
void proof_units(ProofScan *scan) {
    const ProofLine *line = &scan->line;

    for (size_t at = 1; at < line->len; at++) {
        if (!rune_is_digit(line->runes[at - 1]) || rune_is_digit(line->runes[at]))
            continue;
        size_t unit = line->runes[at] == ' ' ? at + 1 : at;
        for (size_t i = 0; i < COUNT_OF(forms); i++) {
            size_t len = proof_at(line, unit, forms[i].text);
            if (!len ||
                (rune_is_letter(line->runes[unit]) && rune_is_letter(proof_rune(line, unit + len))))
                continue;
            if ((scan->units & forms[i].other) && !(scan->units & forms[i].bit))
                proof_report(scan, forms[i].check, unit, unit + len, STR_EMPTY);
            scan->units |= forms[i].bit;
        }
    }
}
