/* identity_service.c - rules of units and persons; knows neither HTTP nor SQL. */
#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/identity/identity_store.h"
#include "ledger/ledger.h"
#include "text/unicode.h"

/* ---- names ---- */

Err identity_name(Ctx *ctx, const char *field, Str text, size_t max_chars, Str *ret,
                  Str *ret_sort_key) {
    Str name, sort_key;
    size_t chars;

    if (!utf8_is_valid(text) || utf8_has_control(text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    TRY(unicode_nfc(ctx->arena, str_trim(text), &name));
    TRY(unicode_count_graphemes(name, &chars));
    if (chars == 0)
        return FAIL(ERR_INVALID, field, N_("This may not be empty."));
    if (chars > max_chars)
        return FAIL_ARGS(ERR_LIMIT, field, N_("At most {0} characters."),
                         str_from_int(ctx->arena, (int64_t)max_chars));
    if (str_find_char(name, '\n', 0) != SIZE_MAX || str_find_char(name, '\r', 0) != SIZE_MAX)
        return FAIL(ERR_INVALID, field, N_("A name stands on one line."));
    TRY(unicode_sort_key_hex(ctx->arena, name, &sort_key));

    *ret = str_dup(ctx->arena, name);
    *ret_sort_key = sort_key;
    return OK;
}

static bool is_login_char(uint32_t rune) {
    if (rune < 0x80)
        return (rune >= 'a' && rune <= 'z') || (rune >= '0' && rune <= '9') || rune == '.' ||
               rune == '-' || rune == '_';
    /* Blanks and line ends that case folding leaves; all others became U+0020 or went. */
    return rune >= 0xA0 && rune != 0x1680 && rune != 0x2028 && rune != 0x2029 && rune != UTF8_BAD;
}

Err identity_login(Ctx *ctx, Str text, Str *ret) {
    Str login;
    size_t chars;

    if (!utf8_is_valid(text))
        return FAIL(ERR_INVALID, "login",
                    N_("The text is not valid UTF-8, or holds control characters."));
    /* Folding makes full-width letters plain and takes away what cannot be seen. */
    TRY(unicode_casefold(ctx->arena, str_trim(text), &login));
    TRY(unicode_count_graphemes(login, &chars));
    if (chars == 0)
        return FAIL(ERR_INVALID, "login", N_("This may not be empty."));
    if (chars > LOGIN_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "login", N_("At most {0} characters."),
                         str_from_int(ctx->arena, LOGIN_CHARS_MAX));
    for (size_t at = 0; at < login.len;)
        if (!is_login_char(utf8_next(login, &at)))
            return FAIL(
                ERR_INVALID, "login",
                N_("A sign-in name has letters, digits, dots, hyphens and underscores only."));
    *ret = login;
    return OK;
}

/* ---- units ---- */

static Err no_unit(const char *field) {
    return FAIL(ERR_NOT_FOUND, field, N_("There is no such unit."));
}

static Err require_unit(Ctx *ctx, const char *field, int64_t id) {
    Unit unit;
    bool is_found;

    if (id == 0)
        return OK;
    TRY(identity_store_unit_get(ctx, id, &unit, &is_found));
    return is_found ? OK : no_unit(field);
}

static bool is_unit_kind(Str kind) {
    return str_eq(kind, S("学院")) || str_eq(kind, S("部门")) || str_eq(kind, S("社团")) ||
           str_eq(kind, S("外部"));
}

static Err file_unit(Ctx *ctx, Unit *unit, Str sort_key) {
    Json *sealed = json_obj(ctx->arena);
    int64_t changed, there;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(identity_store_unit_by_name(ctx, unit->name, &there)); /* filed meanwhile? */
    if (there) {
        TRY(db_commit(&tx));
        unit->id = there;
        return OK;
    }
    TRY(require_unit(ctx, "parent", unit->parent_id));
    TRY(identity_store_unit_insert(ctx, unit, sort_key, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, "name", N_("There is a unit of this name already."));
    json_set(sealed, "name", json_str(ctx->arena, unit->name));
    json_set(sealed, "kind", json_str(ctx->arena, unit->kind));
    json_set(sealed, "parent", json_id(ctx->arena, unit->parent_id));
    TRY(ledger_append(ctx, "unit.filed", unit->id, sealed));
    return db_commit(&tx);
}

Err unit_ensure(Ctx *ctx, Str name, Str kind, int64_t parent_id, int64_t *ret_id) {
    Unit unit = { .kind = str_dup(ctx->arena, kind), .parent_id = parent_id, .version = 1 };
    Str sort_key;
    int64_t id;

    TRY(identity_name(ctx, "name", name, UNIT_NAME_CHARS_MAX, &unit.name, &sort_key));
    TRY(identity_store_unit_by_name(ctx, unit.name, &id));
    if (id == 0) {
        if (!is_unit_kind(kind))
            return FAIL(ERR_INVALID, "kind", N_("A unit is 学院, 部门, 社团 or 外部."));
        unit.id = id_next(ctx);
        TRY(file_unit(ctx, &unit, sort_key));
        id = unit.id;
    }
    *ret_id = id;
    return OK;
}

Err unit_get(Ctx *ctx, int64_t id, Unit *ret) {
    Unit unit;
    bool is_found;

    TRY(identity_store_unit_get(ctx, id, &unit, &is_found));
    if (!is_found)
        return no_unit(NULL);
    *ret = unit;
    return OK;
}

Err unit_list(Ctx *ctx, int64_t after_id, int limit, UnitList *ret) {
    return identity_store_unit_list(ctx, after_id, limit, ret);
}

Err unit_file(Ctx *ctx, Str name, Str kind, Str parent_name, int64_t *ret_id) {
    Str parent, unused;
    int64_t parent_id = 0;

    if (parent_name.len > 0) {
        TRY(identity_name(ctx, "parent", parent_name, UNIT_NAME_CHARS_MAX, &parent, &unused));
        TRY(identity_store_unit_by_name(ctx, parent, &parent_id));
        if (parent_id == 0)
            return FAIL(ERR_INVALID, "parent", N_("There is no such unit."));
    }
    return unit_ensure(ctx, name, kind, parent_id, ret_id);
}

/* ---- persons ---- */

static Err no_person(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such person."));
}

static Err taken_login(void) {
    return FAIL(ERR_CONFLICT, "login",
                N_("This sign-in name is taken: one person has one account (R2)."));
}

/* One person, one account (R2): nobody comes a second time under a name that reads the same. */
static Err require_free_login(Ctx *ctx, Str login, Str skeleton) {
    Str taken;

    TRY(identity_store_person_like(ctx, login, skeleton, &taken));
    if (taken.len == 0)
        return OK;
    if (str_eq(taken, login))
        return taken_login();
    return FAIL_ARGS(ERR_CONFLICT, "login",
                     N_("This sign-in name looks like \"{0}\"; choose another (R2)."), taken);
}

Err person_add(Ctx *ctx, Str login, Str name, int64_t unit_id, Person *ret) {
    Person person = {
        .id = id_next(ctx), .unit_id = unit_id, .created_ms = ctx->now_ms, .version = 1
    };
    Json *sealed = json_obj(ctx->arena);
    Str skeleton, sort_key;
    int64_t changed;
    DB_TX(tx);

    TRY(identity_login(ctx, login, &person.login));
    TRY(identity_name(ctx, "name", name, NAME_CHARS_MAX, &person.name, &sort_key));
    TRY(unicode_skeleton(ctx->arena, person.login, &skeleton));
    TRY(db_begin(ctx, &tx));
    TRY(require_unit(ctx, "unit", unit_id));
    TRY(require_free_login(ctx, person.login, skeleton));
    TRY(identity_store_person_insert(ctx, &person, skeleton, sort_key, &changed));
    if (changed == 0)
        return taken_login();
    json_set(sealed, "login", json_str(ctx->arena, person.login));
    json_set(sealed, "name", json_str(ctx->arena, person.name));
    json_set(sealed, "unit", json_id(ctx->arena, unit_id));
    TRY(ledger_append(ctx, "person.added", person.id, sealed));
    TRY(db_commit(&tx));

    *ret = person;
    return OK;
}

Err person_get(Ctx *ctx, int64_t id, Person *ret) {
    Person person;
    bool is_found;

    TRY(identity_store_person_get(ctx, id, &person, &is_found));
    if (!is_found)
        return no_person();
    *ret = person;
    return OK;
}

Err person_by_login(Ctx *ctx, Str login, Person *ret) {
    Person person;
    Str folded;
    bool is_found;

    if (identity_login(ctx, login, &folded).code != ERR_OK)
        return no_person(); /* nobody can have it */
    TRY(identity_store_person_by_login(ctx, folded, &person, &is_found));
    if (!is_found)
        return no_person();
    *ret = person;
    return OK;
}

Err person_names(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_names) {
    return identity_store_person_names(ctx, ids, count, ret_names);
}

Err person_list(Ctx *ctx, int64_t after_id, int limit, PersonList *ret) {
    return identity_store_person_list(ctx, after_id, limit, ret);
}

Err person_end(Ctx *ctx, int64_t id) {
    int64_t changed;
    Person person;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(person_get(ctx, id, &person));
    TRY(identity_require_over(ctx, id));
    TRY(identity_store_person_end(ctx, id, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, NULL, N_("This person has left already."));
    TRY(identity_store_grant_end_all(ctx, id));
    TRY(identity_store_session_end_all(ctx, id, STR_EMPTY));
    TRY(identity_store_invitation_end_all(ctx, id));
    TRY(identity_store_token_end_all(ctx, id));
    TRY(identity_store_ticket_end_all(ctx, id));
    TRY(ledger_append(ctx, "person.ended", id, json_obj(ctx->arena)));
    TRY(identity_tell(ctx, "person.ended", id, 0));
    return db_commit(&tx);
}
