/* text/proof_personal.c - what is somebody's and belongs in no story: telephone, identity, card, private mail. */
#include "text/proof_check.h"

/* GB 11643: the last of 18 is a check on the others. */
static bool is_identity(const uint32_t *runes) {
    static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    static const char checks[] = "10X98765432";
    int sum = 0, month = (int)((runes[10] - '0') * 10 + runes[11] - '0'),
        day = (int)((runes[12] - '0') * 10 + runes[13] - '0');

    for (size_t i = 0; i < COUNT_OF(weights); i++)
        sum += weights[i] * (int)(runes[i] - '0');
    return (runes[6] == '1' || runes[6] == '2') && month >= 1 && month <= 12 && day >= 1 &&
           day <= 31 && (runes[17] & ~0x20u) == ((uint32_t)checks[sum % 11] & ~0x20u);
}

/* ISO/IEC 7812: doubled from the right, every second one. */
static bool is_card(const uint32_t *digits, size_t len) {
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned digit = digits[len - 1 - i] - '0';
        if (i % 2)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0 && len >= 15 && len <= 19 && digits[0] >= '3' && digits[0] <= '6';
}

enum { DIGITS_MAX = 20 };

/*
 * Digits from `at`, in one or as cards and telephones are spaced (groups of four, perhaps three before them);
 * *ret_len of them, *ret_to behind the last.
 */
static void gather(const ProofLine *line, size_t at, uint32_t *digits, size_t *ret_len,
                   size_t *ret_to) {
    size_t len = 0, to = at, group = 0;

    while (len < DIGITS_MAX) {
        uint32_t rune = proof_rune(line, at);
        if (rune_is_digit(rune)) {
            digits[len++] = rune;
            group++;
            to = ++at;
        } else if (proof_is_in(rune, S(" -")) && rune_is_digit(proof_rune(line, at + 1)) &&
                   (group == 4 || (len == 3 && digits[0] == '1'))) {
            group = 0;
            at++;
        } else {
            break;
        }
    }
    *ret_len = len;
    *ret_to = to;
}

static size_t check_digits(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    uint32_t digits[DIGITS_MAX], last;
    size_t len, to;

    gather(line, at, digits, &len, &to);
    last = proof_rune(line, to);
    if (len == 11 && digits[0] == '1' && digits[1] >= '3')
        proof_report(scan, CHECK_PHONE, at, to, STR_EMPTY);
    else if (len == 17 && (last == 'X' || last == 'x')) {
        digits[17] = last;
        if (is_identity(digits))
            proof_report(scan, CHECK_ID_NUMBER, at, to + 1, STR_EMPTY);
    } else if (len == 18 && is_identity(digits))
        proof_report(scan, CHECK_ID_NUMBER, at, to, STR_EMPTY);
    else if (is_card(digits, len))
        proof_report(scan, CHECK_BANK_CARD, at, to, STR_EMPTY);
    return to;
}

/* Houses that give an address to anybody; an address of an office is no secret. */
static bool is_private_house(Str domain) {
    static const Str houses[] = {
        S_INIT("qq.com"),    S_INIT("163.com"),     S_INIT("126.com"),     S_INIT("139.com"),
        S_INIT("189.cn"),    S_INIT("sina.com"),    S_INIT("sohu.com"),    S_INIT("foxmail.com"),
        S_INIT("gmail.com"), S_INIT("outlook.com"), S_INIT("hotmail.com"), S_INIT("icloud.com"),
        S_INIT("yahoo.com"), S_INIT("proton.me"),   S_INIT("aliyun.com")
    };

    for (size_t i = 0; i < COUNT_OF(houses); i++)
        if (str_eq_nocase(domain, houses[i]))
            return true;
    return false;
}

static bool is_of_mail(uint32_t rune) {
    return rune_is_letter(rune) || rune_is_digit(rune) || proof_is_in(rune, S("._-+"));
}

enum { MAIL_CHARS = 64 };

static void check_mail(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    size_t from = at, to = at + 1;

    while (from > 0 && at - from < MAIL_CHARS && is_of_mail(line->runes[from - 1]))
        from--;
    while (to < line->len && to - at < MAIL_CHARS && is_of_mail(line->runes[to]))
        to++;
    while (to > at + 1 && line->runes[to - 1] == '.')
        to--;
    if (from < at && is_private_house(proof_slice(scan, at + 1, to)))
        proof_report(scan, CHECK_MAIL, from, to, STR_EMPTY);
}

void proof_personal(ProofScan *scan) {
    const ProofLine *line = &scan->line;

    for (size_t at = 0; at < line->len;) {
        size_t to = at + 1;
        if (line->runes[at] == '@')
            check_mail(scan, at);
        else if (rune_is_digit(line->runes[at]) &&
                 (at == 0 || !(rune_is_letter(line->runes[at - 1]) || line->runes[at - 1] == '.')))
            to = check_digits(scan, at);
        at = to;
    }
}
