/* text/feed_json_read.c - JSON Feed 1.0 and 1.1 into the model. */
#include "text/feed_json_read.h"

#include "text/feed_date.h"
#include "text/feed_reader.h"
#include "text/html_url.h"
#include "text/json_read.h"

/* ---- members ---- */

/* A text; a number counts as its digits, as readers do with ids. */
static Str text_of(FeedReader *reader, const Json *object, const char *name) {
    const Json *value = json_get(object, name);

    if (!value || value->type == JSON_NULL)
        return STR_EMPTY;
    if (value->type == JSON_INT)
        return str_from_int(reader->arena, value->integer);
    if (value->type != JSON_STRING) {
        *reader->faults |= FAULT_JSON;
        return STR_EMPTY;
    }
    return str_trim(value->string);
}

static Str url_of(FeedReader *reader, const Json *object, const char *name) {
    return html_url_resolve(reader->arena, text_of(reader, object, name), reader->url);
}

static int64_t date_of(FeedReader *reader, const Json *object, const char *name) {
    Str text = text_of(reader, object, name);
    int64_t at_ms = FEED_NO_TIME;

    if (text.len > 0 && !feed_date(text, &at_ms))
        *reader->faults |= FAULT_DATE;
    return at_ms;
}

/* The members of an array, none where there is no array. */
static size_t array_of(FeedReader *reader, const Json *object, const char *name, Json ***ret) {
    const Json *value = json_get(object, name);

    if (!value || value->type == JSON_NULL)
        return 0;
    if (value->type != JSON_ARRAY) {
        *reader->faults |= FAULT_JSON;
        return 0;
    }
    *ret = value->array.items;
    return value->array.len;
}

static double number_of(const Json *object, const char *name) {
    const Json *value = json_get(object, name);
    double number = -1;

    if (value && value->type == JSON_INT)
        number = (double)value->integer;
    else if (value && value->type == JSON_REAL)
        number = value->real;
    return number >= 0 && number <= 9007199254740991.0 ? number : -1;
}

/* ---- objects ---- */

static void read_author(FeedReader *reader, const Json *object, FeedPersons *list) {
    if (!object || object->type != JSON_OBJECT)
        return;
    feed_person_add(reader, list,
                    (FeedPerson){ .name = text_of(reader, object, "name"),
                                  .url = url_of(reader, object, "url"),
                                  .avatar = url_of(reader, object, "avatar") });
}

/* Version 1.0 has one author. */
static void read_authors(FeedReader *reader, const Json *object, FeedPersons *list) {
    Json **items = NULL;
    size_t len = array_of(reader, object, "authors", &items);

    for (size_t i = 0; i < len; i++)
        read_author(reader, items[i], list);
    if (list->len == 0)
        read_author(reader, json_get(object, "author"), list);
}

static void read_attachments(FeedReader *reader, const Json *object, FeedItem *item) {
    Json **items = NULL;
    size_t len = array_of(reader, object, "attachments", &items);

    for (size_t i = 0; i < len; i++)
        feed_field_attachment(
            reader, item,
            (FeedAttachment){ .url = url_of(reader, items[i], "url"),
                              .mime_type = text_of(reader, items[i], "mime_type"),
                              .title = text_of(reader, items[i], "title"),
                              .size_bytes = (int64_t)number_of(items[i], "size_in_bytes"),
                              .duration_s = number_of(items[i], "duration_in_seconds") });
}

static void read_tags(FeedReader *reader, const Json *object, FeedCommon *common) {
    Json **items = NULL;
    size_t len = array_of(reader, object, "tags", &items);

    for (size_t i = 0; i < len && i < FEED_LIST; i++) {
        if (items[i]->type == JSON_STRING && str_trim(items[i]->string).len > 0)
            *VEC_PUSH(reader->arena, &common->categories) =
                (FeedCategory){ .term = str_trim(items[i]->string) };
    }
}

static Err read_item(FeedReader *reader, const Json *object) {
    Feed *feed = reader->feed;

    if (object->type != JSON_OBJECT) {
        *reader->faults |= FAULT_JSON;
        return OK;
    }
    if (feed->items.len == FEED_ITEMS)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The feed has more than {0} items."),
                         str_from_int(reader->arena, FEED_ITEMS));
    FeedItem *item = VEC_PUSH(reader->arena, &feed->items);
    FeedCommon *common = &item->common;
    feed_field_clear(common);
    item->guid_is_permalink = -1;
    common->id = text_of(reader, object, "id");
    item->has_own_id = common->id.len > 0;
    common->url = url_of(reader, object, "url");
    item->external_url = url_of(reader, object, "external_url");
    common->title.text = text_of(reader, object, "title");
    common->summary.text = text_of(reader, object, "summary");
    common->image.url = url_of(reader, object, "image");
    item->banner_image = url_of(reader, object, "banner_image");
    common->published_ms = date_of(reader, object, "date_published");
    common->updated_ms = date_of(reader, object, "date_modified");
    common->language = text_of(reader, object, "language");
    item->content_text = text_of(reader, object, "content_text");
    Str html = text_of(reader, object, "content_html");
    item->content_html = html.len > 0
                             ? feed_text_html(reader, html, FORM_HTML, reader->url)
                             : feed_text_html(reader, item->content_text, FORM_PLAIN, STR_EMPTY);
    read_authors(reader, object, &common->authors);
    read_tags(reader, object, common);
    read_attachments(reader, object, item);
    feed_field_finish_item(reader, item);
    return reader->err;
}

static void read_hubs(FeedReader *reader, const Json *object) {
    Json **items = NULL;
    size_t len = array_of(reader, object, "hubs", &items);

    for (size_t i = 0; i < len && i < FEED_LIST; i++) {
        Str url = text_of(reader, items[i], "url");
        if (url.len > 0)
            *VEC_PUSH(reader->arena, &reader->feed->hubs) = url;
    }
}

static void read_head(FeedReader *reader, const Json *object) {
    Feed *feed = reader->feed;
    FeedCommon *common = &feed->common;
    const Json *expired = json_get(object, "expired");

    common->title.text = text_of(reader, object, "title");
    common->summary.text = text_of(reader, object, "description");
    common->url = url_of(reader, object, "home_page_url");
    common->feed_url = url_of(reader, object, "feed_url");
    common->icon = url_of(reader, object, "icon");
    common->language = text_of(reader, object, "language");
    feed->favicon = url_of(reader, object, "favicon");
    feed->next_url = url_of(reader, object, "next_url");
    feed->user_comment = text_of(reader, object, "user_comment");
    feed->is_expired = expired && expired->type == JSON_BOOL && expired->boolean;
    read_authors(reader, object, &common->authors);
    read_hubs(reader, object);
}

/* ---- what is cut off ---- */

/*
 * The text up to the end of the last whole object that lies two levels deep (an item in the array of
 * the feed), with the brackets that are then missing; empty when there is none.
 */
static Str mend_cut(Arena *arena, Str text) {
    size_t depth = 0, end = 0;
    bool is_string = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (is_string) {
            i += c == '\\';
            is_string = c != '"';
        } else if (c == '"') {
            is_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
            if (c == '}' && depth == 2)
                end = i + 1;
        }
    }
    return depth == 0 || end == 0 ? STR_EMPTY : str_concat(arena, str_slice(text, 0, end), S("]}"));
}

static Err read_tree(FeedReader *reader, Str text, Json **ret) {
    Err err = json_read(reader->arena, text, FEED_DEPTH, ret);
    Str cut;

    if (err.code != ERR_INVALID)
        return err;
    cut = mend_cut(reader->arena, text);
    if (cut.len == 0 || json_read(reader->arena, cut, FEED_DEPTH, ret).code != ERR_OK)
        return err;
    *reader->faults |= FAULT_TRUNCATED;
    return OK;
}

Err feed_json_read(Arena *arena, Str text, Str url, unsigned *faults, Feed *feed) {
    FeedReader reader = { .arena = arena, .feed = feed, .faults = faults, .url = url };
    Json *root, **items = NULL;

    TRY(read_tree(&reader, text, &root));
    Str version = root->type == JSON_OBJECT ? json_get_text(root, "version") : STR_EMPTY;
    if (!str_contains(version, S("jsonfeed.org/version/")) &&
        (root->type != JSON_OBJECT || !json_get(root, "items") || !json_get(root, "title")))
        return feed_mend_refusal();
    feed->format = "json";
    feed->version = str_ends(version, S("1.1"))                                 ? "json11"
                    : str_ends(version, S("/1")) || str_ends(version, S("1.0")) ? "json1"
                                                                                : "json";
    read_head(&reader, root);
    size_t len = array_of(&reader, root, "items", &items);
    for (size_t i = 0; i < len; i++)
        TRY(read_item(&reader, items[i]));
    return reader.err;
}
