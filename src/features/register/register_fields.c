/* features/register/register_fields.c - what an outlet's card holds, as a table, and how a value is read. */
#include "features/register/register_fields.h"

#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "text/unicode.h"
#include "text/zone.h"

#define AT(member) offsetof(Outlet, member)

/* The bounds of counts: a story every ten minutes; more followers than there are people. */
enum { PER_WEEK_MAX = 1000, CARD_BYTES_MAX = 8192 };
#define FOLLOWERS_MAX INT64_C(10000000000)

const CardField card_fields[CARD_FIELDS] = {
    { "no", "备案号", N_("Filing number"), CARD_NO, AT(no), OUTLET_NO_CHARS_MAX },
    { "name", "名称", N_("Name"), CARD_LINE, AT(name), 40, .is_required = true },
    { "platform", "平台", N_("Platform"), CARD_LINE, AT(platform), 20, .is_required = true },
    { "platform_account", "平台账号", N_("Account on the platform"), CARD_LINE,
      AT(platform_account), 80 },
    { "url", "链接", N_("Address"), CARD_URL, AT(url), 500 },
    { "tier", "级别", N_("Tier"), CARD_TIER, AT(tier), 10, .is_required = true },
    { "unit", "所属单位", N_("Unit"), CARD_LINE, AT(unit_name), 40, .is_required = true },
    { "unit_kind", "单位类别", N_("Kind of unit"), CARD_UNIT_KIND, AT(unit_kind), 10 },
    { "supervisor", "主管单位", N_("Supervising unit"), CARD_LINE, AT(supervisor), 40 },
    { "verified_as", "认证主体", N_("Verified as"), CARD_LINE, AT(verified_as), 60 },
    { "purpose", "宗旨", N_("Purpose"), CARD_TEXT, AT(purpose), 500 },
    { "opened_on", "开通日期", N_("Opened on"), CARD_DATE, AT(opened_on), 20 },
    { "first_responsible", "第一责任人", N_("First responsible"), CARD_NAMES, AT(first_responsible),
      60 },
    { "direct_lead", "分管领导", N_("Direct lead"), CARD_NAMES, AT(direct_lead), 60 },
    { "teacher", "指导教师", N_("Guiding teacher"), CARD_NAMES, AT(teacher), 60 },
    { "teacher_contact", "指导教师联系方式", N_("Contact of the guiding teacher"), CARD_LINE,
      AT(teacher_contact), 100, .is_private = true },
    { "operators", "管理员", N_("Run by"), CARD_NAMES, AT(operators), 300 },
    { "reviewers", "审核人", N_("Reviewed by"), CARD_NAMES, AT(reviewers), 300 },
    { "emergency_contact", "应急联系", N_("Emergency contact"), CARD_LINE, AT(emergency_contact),
      100, .is_private = true },
    { "promised_per_week", "每周承诺更新", N_("Stories promised a week"), CARD_COUNT,
      AT(promised_per_week), PER_WEEK_MAX },
    { "followers", "粉丝数", N_("Followers"), CARD_COUNT, AT(followers), FOLLOWERS_MAX },
    { "followers_as_of", "统计日期", N_("Followers counted on"), CARD_DATE, AT(followers_as_of),
      20 },
    { "feed_url", "订阅地址", N_("Feed address"), CARD_URL, AT(feed_url), 500 },
};

const CardField *card_field_of(const char *name) {
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (strcmp(card_fields[i].name, name) == 0)
            return &card_fields[i];
    return NULL;
}

/* ---- members by the table ---- */

static Str *text_at(const CardField *field, const Outlet *outlet) {
    return (Str *)(void *)((char *)(uintptr_t)outlet + field->offset);
}

static int64_t *count_at(const CardField *field, const Outlet *outlet) {
    return (int64_t *)(void *)((char *)(uintptr_t)outlet + field->offset);
}

Str card_get(Arena *arena, const CardField *field, const Outlet *outlet) {
    if (field->kind == CARD_COUNT)
        return str_from_int(arena, *count_at(field, outlet));
    return *text_at(field, outlet);
}

bool card_is_equal(const CardField *field, const Outlet *a, const Outlet *b) {
    if (field->kind == CARD_UNIT_KIND) /* of the unit, not of the outlet: only taken in */
        return true;
    if (field->kind == CARD_COUNT)
        return *count_at(field, a) == *count_at(field, b);
    return str_eq(*text_at(field, a), *text_at(field, b));
}

void card_copy(const CardField *field, const Outlet *from, Outlet *to) {
    if (field->kind == CARD_COUNT)
        *count_at(field, to) = *count_at(field, from);
    else
        *text_at(field, to) = *text_at(field, from);
}

/* ---- reading one value ---- */

/* Blanks at the ends, the full-width one and the no-break one too: spreadsheets are full of them. */
static Str trim(Str text) {
    static const Str blanks[] = { S_INIT("\xE3\x80\x80"), S_INIT("\xC2\xA0"),
                                  S_INIT("\xEF\xBB\xBF") };
    size_t before;

    do {
        before = text.len;
        text = str_trim(text);
        for (size_t i = 0; i < COUNT_OF(blanks); i++) {
            if (str_starts(text, blanks[i]))
                text = str_slice(text, blanks[i].len, text.len);
            if (str_ends(text, blanks[i]))
                text = str_slice(text, 0, text.len - blanks[i].len);
        }
    } while (text.len != before);
    return text;
}

/* Signs that nobody sees, or that turn what follows around: two names that differ in them look the same. */
static bool has_hidden(Str text) {
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = utf8_next(text, &at);
        if (rune == 0x200B || rune == 0x200E || rune == 0x200F ||
            (rune >= 0x2028 && rune <= 0x202E) || (rune >= 0x2060 && rune <= 0x206F) ||
            rune == 0xFEFF || rune == 0xFFFD || (rune >= 0xFFF9 && rune <= 0xFFFB) ||
            (rune >= 0xE0000 && rune <= 0xE007F))
            return true;
    }
    return false;
}

static bool has_break(Str text) {
    return str_find_char(text, '\n', 0) != SIZE_MAX || str_find_char(text, '\r', 0) != SIZE_MAX ||
           str_find_char(text, '\t', 0) != SIZE_MAX;
}

static Err check_text(Arena *arena, const CardField *field, Str text) {
    size_t chars;

    if (!utf8_count(text, &chars))
        return FAIL(ERR_INVALID, field->name, N_("The text is not valid UTF-8."));
    if (chars > (size_t)field->max)
        return FAIL_ARGS(ERR_LIMIT, field->name, N_("Write at most {0} characters."),
                         str_from_int(arena, field->max));
    if (utf8_has_control(text) || has_hidden(text))
        return FAIL(ERR_INVALID, field->name,
                    N_("Take out the invisible signs (control characters)."));
    if (field->kind != CARD_TEXT && has_break(text))
        return FAIL(ERR_INVALID, field->name, N_("Write this on one line."));
    if (field->is_required && chars == 0)
        return FAIL(ERR_INVALID, field->name, N_("This may not be empty."));
    return OK;
}

static Err read_no(const CardField *field, Str text) {
    bool has_digit = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_digit = c >= '0' && c <= '9';
        has_digit = has_digit || is_digit;
        if (!is_digit && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-')
            return FAIL(
                ERR_INVALID, field->name,
                N_("A number has ASCII letters, digits and hyphens only, such as 2026-001."));
    }
    /* Without a digit it could be mistaken for the addresses /outlets/apply or /admin/outlets/new. */
    if (text.len > 0 && !has_digit)
        return FAIL(ERR_INVALID, field->name,
                    N_("A number has at least one digit, such as 2026-001."));
    return OK;
}

static bool is_separator(uint32_t rune) {
    return rune == 0x3001 || rune == ',' || rune == 0xFF0C || rune == ';' || rune == 0xFF1B ||
           rune == '\n' || rune == '\r';
}

/* "甲, 乙；丙" becomes "甲、乙、丙". */
static Str read_names(Arena *arena, Str text) {
    Buf names = buf_new(arena, 3 * text.len + 1);
    size_t from = 0;

    for (size_t at = 0; from < text.len;) {
        size_t end = at;
        uint32_t rune = at < text.len ? utf8_next(text, &at) : '\n';
        if (!is_separator(rune))
            continue;
        Str name = trim(str_slice(text, from, end));
        if (name.len > 0) {
            if (names.len > 0)
                buf_add(&names, S("、"));
            buf_add(&names, name);
        }
        from = end < text.len ? at : text.len;
    }
    return buf_str(&names);
}

/* One of the parts of a date: digits up to a sign or the end. */
static bool take_number(Str *rest, int64_t *ret) {
    size_t len = 0;

    while (len < rest->len && rest->ptr[len] >= '0' && rest->ptr[len] <= '9')
        len++;
    bool is_read = len > 0 && len <= 4 && str_parse_int(str_slice(*rest, 0, len), ret);
    *rest = str_slice(*rest, len, rest->len);
    return is_read;
}

static void skip_one_of(Str *rest, const Str *signs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (str_starts(*rest, signs[i])) {
            *rest = str_slice(*rest, signs[i].len, rest->len);
            return;
        }
    }
}

/* Spreadsheets turn 2019-04-23 into 2019/4/23, people write 2019年4月23日. */
static Err read_date(Arena *arena, const CardField *field, Str text, Str *ret) {
    static const Str signs[] = { S_INIT("-"), S_INIT("/"), S_INIT("."), S_INIT("年"),
                                 S_INIT("月") };
    static const Str last[] = { S_INIT("日") };
    int64_t year, month, day;
    Str rest = text;
    ZoneTime parsed;

    if (text.len == 0) {
        *ret = text;
        return OK;
    }
    bool is_read = take_number(&rest, &year);
    skip_one_of(&rest, signs, COUNT_OF(signs));
    is_read = is_read && take_number(&rest, &month);
    skip_one_of(&rest, signs, COUNT_OF(signs));
    is_read = is_read && take_number(&rest, &day);
    skip_one_of(&rest, last, COUNT_OF(last));
    if (!is_read || rest.len > 0)
        return FAIL(ERR_INVALID, field->name, N_("Write the date as year-month-day: 2026-03-05."));
    Str date = str_format(arena, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    if (zone_parse_date(date, &parsed).code != ERR_OK)
        return FAIL(ERR_INVALID, field->name, N_("There is no such day."));
    *ret = date;
    return OK;
}

/* Scheme, a host without a user name in front, no sign that ends an address on a page. */
static Err read_url(const CardField *field, Str text) {
    if (text.len == 0)
        return OK;
    size_t from = str_starts(text, S("https://")) ? 8 : str_starts(text, S("http://")) ? 7 : 0;
    Str host = str_slice(text, from, text.len);
    bool is_bad = from == 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        is_bad = is_bad || c == ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' ||
                 c == '`' || c == '{' || c == '}' || c == '|' || c == '^';
    }
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (c == '/' || c == '?' || c == '#')
            host.len = i;
    }
    is_bad = is_bad || host.len == 0 || host.ptr[0] == '.' || host.ptr[0] == ':' ||
             str_find_char(host, '@', 0) != SIZE_MAX;
    if (is_bad)
        return FAIL(ERR_INVALID, field->name,
                    N_("Write a whole address that begins with https:// or http://."));
    return OK;
}

static Err read_count(Arena *arena, const CardField *field, Str text, int64_t *ret) {
    int64_t value = 0;

    if (text.len > 0 &&
        (text.len > 20 || !str_parse_int(text, &value) || value < 0 || value > field->max))
        return FAIL_ARGS(ERR_INVALID, field->name,
                         N_("Write a whole number from {0} to {1}, digits only."), S("0"),
                         str_from_int(arena, field->max));
    *ret = value;
    return OK;
}

static bool is_one_of(Str text, const Str *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(text, words[i]))
            return true;
    return false;
}

/* R6: accounts of persons are not registered. */
static Err refuse_private(const CardField *field) {
    Err refusal = REFUSE(
        6, N_("The register holds accounts of units only; a private account of a person is never"
              " registered (R6). Leave it out."));
    refusal.field = field->name;
    return refusal;
}

static Err read_choice(const CardField *field, Str text) {
    static const Str tiers[] = { S_INIT("校级"), S_INIT("二级"), S_INIT("三级") };
    static const Str kinds[] = { S_INIT("学院"), S_INIT("部门"), S_INIT("社团"), S_INIT("外部") };

    if (field->kind == CARD_TIER && !is_one_of(text, tiers, COUNT_OF(tiers)))
        return FAIL_ARGS(ERR_INVALID, field->name, N_("Choose one of: {0}."),
                         S("校级、二级、三级"));
    if (field->kind == CARD_UNIT_KIND && text.len > 0 && !is_one_of(text, kinds, COUNT_OF(kinds)))
        return FAIL_ARGS(ERR_INVALID, field->name, N_("Choose one of: {0}."),
                         S("学院、部门、社团、外部"));
    return OK;
}

/* 认证主体 may be an office called 个人发展中心: only what stands alone or at the end says whose it is. */
static bool is_private_owner(Str text) {
    static const Str words[] = { S_INIT("个人认证"), S_INIT("个人号"), S_INIT("个人账号"),
                                 S_INIT("个人用户"), S_INIT("本人"),   S_INIT("personal"),
                                 S_INIT("private") };
    static const Str ends[] = { S_INIT("个人"), S_INIT("私人"), S_INIT("（个人）"),
                                S_INIT("(个人)") };

    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (str_ends(text, ends[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_nocase(text, words[i]))
            return true;
    return false;
}

/* Fields whose value says whose account it is. */
static bool is_private_account(const CardField *field, Str text) {
    if (strcmp(field->name, "verified_as") == 0)
        return is_private_owner(text);
    if (field->kind == CARD_UNIT_KIND || strcmp(field->name, "platform") == 0)
        return str_contains(text, S("个人")) || str_contains(text, S("私人")) ||
               is_private_owner(text);
    return false;
}

/* text is clean but for what is its kind's own. */
static Err set_kind(Arena *arena, const CardField *field, Str text, Outlet *outlet) {
    switch (field->kind) {
    case CARD_NO:
        TRY(read_no(field, text));
        break;
    case CARD_DATE:
        TRY(read_date(arena, field, text, &text));
        break;
    case CARD_URL:
        TRY(read_url(field, text));
        break;
    case CARD_TIER:
    case CARD_UNIT_KIND:
        TRY(read_choice(field, text));
        break;
    case CARD_COUNT:
        return read_count(arena, field, text, count_at(field, outlet));
    case CARD_LINE:
    case CARD_TEXT:
    case CARD_NAMES:
        break;
    }
    *text_at(field, outlet) = text;
    return OK;
}

/* What is longer than CARD_BYTES_MAX is too long in any case and not worth the work. */
static Err read_clean(Arena *arena, const CardField *field, Str raw, Str *ret) {
    Str text = trim(raw);

    if (text.len <= CARD_BYTES_MAX) {
        Err err = unicode_nfc(arena, text, &text);
        err.field = field->name;
        TRY(err);
        if (field->kind == CARD_NAMES)
            text = read_names(arena, text);
        if (field->kind == CARD_TEXT)
            text =
                str_replace(arena, str_replace(arena, text, S("\r\n"), S("\n")), S("\r"), S("\n"));
    }
    *ret = text;
    return OK;
}

Err card_set(Arena *arena, const CardField *field, Str raw, Outlet *outlet) {
    Str text;

    if (!utf8_is_valid(raw))
        return FAIL(ERR_INVALID, field->name, N_("The text is not valid UTF-8."));
    TRY(read_clean(arena, field, raw, &text));
    if (is_private_account(field, text))
        return refuse_private(field);
    if (field->kind != CARD_COUNT)
        TRY(check_text(arena, field, text));
    return set_kind(arena, field, text, outlet);
}

/* ---- the whole card ---- */

static bool names_hold(Str names, Str name) {
    Str rest = names;
    size_t end;

    while (rest.len > 0) {
        end = str_find(rest, S("、"), 0);
        if (end == SIZE_MAX)
            end = rest.len;
        if (str_eq(str_slice(rest, 0, end), name))
            return true;
        rest = str_slice(rest, end + sizeof("、") - 1, rest.len);
    }
    return false;
}

bool card_names(const Outlet *outlet, Str person) {
    return names_hold(outlet->teacher, person) || names_hold(outlet->operators, person) ||
           names_hold(outlet->reviewers, person);
}

Err card_check_whole(const Outlet *outlet) {
    const Str people[] = { outlet->first_responsible, outlet->direct_lead, outlet->teacher,
                           outlet->operators, outlet->reviewers };

    for (size_t i = 0; outlet->verified_as.len > 0 && i < COUNT_OF(people); i++)
        if (names_hold(people[i], outlet->verified_as))
            return refuse_private(card_field_of("verified_as"));
    return OK;
}

Err card_clean(Arena *arena, Outlet *outlet) {
    for (size_t i = 0; i < CARD_FIELDS; i++)
        TRY(card_set(arena, &card_fields[i], card_get(arena, &card_fields[i], outlet), outlet));
    return card_check_whole(outlet);
}
