/* text/feed_write.c - a feed as one JSON object: JSON Feed 1.1, and what that has no name for. */
#include "base/clock.h"
#include "text/feed.h"

/* ---- members, left out where there is nothing ---- */

static void set_text(Json *object, const char *name, Str text) {
    if (text.len > 0)
        json_set(object, name, json_str(object->arena, text));
}

static void set_html(Json *object, const char *name, Str html) {
    if (html.len > 0)
        json_set(object, name, json_clean(object->arena, html));
}

static void set_time(Json *object, const char *name, int64_t at_ms) {
    char text[CLOCK_TEXT_MAX];

    if (at_ms == FEED_NO_TIME)
        return;
    clock_rfc3339(at_ms, text);
    json_set(object, name, json_str(object->arena, str_dup(object->arena, str_from_c(text))));
}

static void set_object(Json *object, const char *name, Json *value) {
    if (value->object.len > 0)
        json_set(object, name, value);
}

static void set_array(Json *object, const char *name, Json *value) {
    if (value->array.len > 0)
        json_set(object, name, value);
}

/* ---- people, links, pictures ---- */

static Json *person(Arena *arena, const FeedPerson *from) {
    Json *object = json_obj(arena), *own = json_obj(arena);

    set_text(object, "name", from->name);
    set_text(object, "url", from->url);
    set_text(object, "avatar", from->avatar);
    set_text(own, "email", from->email);
    set_object(object, "_feed", own);
    return object;
}

static Json *persons(Arena *arena, const FeedPersons *from) {
    Json *array = json_arr(arena);

    for (size_t i = 0; i < from->len; i++)
        json_push(array, person(arena, &from->items[i]));
    return array;
}

static Json *categories(Arena *arena, const FeedCommon *from) {
    Json *array = json_arr(arena);

    for (size_t i = 0; i < from->categories.len; i++) {
        Json *object = json_obj(arena);

        set_text(object, "term", from->categories.items[i].term);
        set_text(object, "scheme", from->categories.items[i].scheme);
        set_text(object, "label", from->categories.items[i].label);
        json_push(array, object);
    }
    return array;
}

static Json *links(Arena *arena, const FeedCommon *from) {
    Json *array = json_arr(arena);

    for (size_t i = 0; i < from->links.len; i++) {
        const FeedLink *link = &from->links.items[i];
        Json *object = json_obj(arena);

        set_text(object, "href", link->href);
        set_text(object, "rel", link->rel);
        set_text(object, "type", link->type);
        set_text(object, "hreflang", link->hreflang);
        set_text(object, "title", link->title);
        set_text(object, "length", link->length);
        json_push(array, object);
    }
    return array;
}

static Json *image(Arena *arena, const FeedImage *from) {
    Json *object = json_obj(arena);

    set_text(object, "url", from->url);
    set_text(object, "title", from->title);
    set_text(object, "link", from->link);
    set_text(object, "width", from->width);
    set_text(object, "height", from->height);
    set_text(object, "description", from->description);
    return object;
}

static Json *itunes(Arena *arena, const FeedItunes *from) {
    Json *object = json_obj(arena);

    if (from->block >= 0)
        json_set(object, "block", json_bool(arena, from->block == 1));
    if (from->explicit_language >= 0)
        json_set(object, "explicit", json_bool(arena, from->explicit_language == 1));
    set_text(object, "duration", from->duration);
    return object;
}

/* What feeds, items and sources have in common under _feed. */
static void set_common(Json *own, const FeedCommon *from) {
    Arena *arena = own->arena;
    Json *generator = json_obj(arena);

    set_html(own, "title_html", from->title.html);
    set_text(own, "rights", from->rights.text);
    set_html(own, "rights_html", from->rights.html);
    set_text(own, "info", from->info.text);
    set_html(own, "info_html", from->info.html);
    set_time(own, "created", from->created_ms);
    set_text(generator, "name", from->generator.name);
    set_text(generator, "url", from->generator.url);
    set_text(generator, "version", from->generator.version);
    set_object(own, "generator", generator);
    set_array(own, "categories", categories(arena, from));
    set_array(own, "links", links(arena, from));
    set_object(own, "image", image(arena, &from->image));
    set_text(own, "logo", from->logo);
    set_array(own, "contributors", persons(arena, &from->contributors));
    set_object(own, "publisher", person(arena, &from->publisher));
    set_object(own, "itunes", itunes(arena, &from->itunes));
}

/* ---- feeds and sources ---- */

static void set_head(Json *object, Json *own, const FeedCommon *from) {
    Arena *arena = object->arena;

    set_text(object, "home_page_url", from->url);
    set_text(object, "feed_url", from->feed_url);
    set_text(object, "description", from->summary.text);
    set_text(object, "icon", from->icon);
    set_array(object, "authors", persons(arena, &from->authors));
    set_text(object, "language", from->language);
    set_text(own, "id", from->id);
    set_text(own, "subtitle", from->summary.text);
    set_html(own, "subtitle_html", from->summary.html);
    set_time(own, "updated", from->updated_ms);
    set_time(own, "published", from->published_ms);
    set_common(own, from);
}

static Json *source(Arena *arena, const FeedCommon *from) {
    Json *object = json_obj(arena), *own = json_obj(arena);

    set_text(object, "title", from->title.text);
    set_head(object, own, from);
    set_object(object, "_feed", own);
    return object;
}

/* ---- items ---- */

static Json *attachments(Arena *arena, const FeedItem *from) {
    Json *array = json_arr(arena);

    for (size_t i = 0; i < from->attachments.len; i++) {
        const FeedAttachment *one = &from->attachments.items[i];
        Json *object = json_obj(arena);

        set_text(object, "url", one->url);
        set_text(object, "mime_type", one->mime_type);
        set_text(object, "title", one->title);
        if (one->size_bytes >= 0)
            json_set(object, "size_in_bytes", json_int(arena, one->size_bytes));
        if (one->duration_s >= 0)
            json_set(object, "duration_in_seconds", json_real(arena, one->duration_s));
        json_push(array, object);
    }
    return array;
}

static Json *tags(Arena *arena, const FeedCommon *from) {
    Json *array = json_arr(arena);

    for (size_t i = 0; i < from->categories.len; i++) {
        const FeedCategory *one = &from->categories.items[i];
        json_push(array, json_str(arena, one->term.len > 0 ? one->term : one->label));
    }
    return array;
}

static Json *item_own(Arena *arena, const FeedItem *from) {
    Json *own = json_obj(arena);

    set_html(own, "summary_html", from->common.summary.html);
    set_common(own, &from->common);
    if (from->guid_is_permalink >= 0)
        json_set(own, "guid_is_permalink", json_bool(arena, from->guid_is_permalink == 1));
    set_text(own, "comments", from->comments);
    set_time(own, "expired", from->common.expired_ms);
    if (from->source)
        set_object(own, "source", source(arena, from->source));
    return own;
}

static Json *item(Arena *arena, const FeedItem *from) {
    Json *object = json_obj(arena);

    set_text(object, "id", from->common.id);
    set_text(object, "url", from->common.url);
    set_text(object, "external_url", from->external_url);
    set_text(object, "title", from->common.title.text);
    set_html(object, "content_html", from->content_html);
    set_text(object, "content_text", from->content_text);
    set_text(object, "summary", from->common.summary.text);
    set_text(object, "image", from->common.image.url);
    set_text(object, "banner_image", from->banner_image);
    set_time(object, "date_published", from->common.published_ms);
    set_time(object, "date_modified", from->common.updated_ms);
    set_array(object, "authors", persons(arena, &from->common.authors));
    set_array(object, "tags", tags(arena, &from->common));
    set_text(object, "language", from->common.language);
    set_array(object, "attachments", attachments(arena, from));
    set_object(object, "_feed", item_own(arena, from));
    return object;
}

/* ---- the whole ---- */

static Json *hubs(Arena *arena, const Feed *feed) {
    Json *array = json_arr(arena);

    for (size_t i = 0; i < feed->hubs.len; i++) {
        Json *object = json_obj(arena);

        json_set(object, "type", json_str(arena, S("WebSub")));
        json_set(object, "url", json_str(arena, feed->hubs.items[i]));
        json_push(array, object);
    }
    return array;
}

/* The bits that are set. */
static Json *numbers(Arena *arena, uint32_t bits) {
    Json *array = json_arr(arena);

    for (int i = 0; i < 32; i++)
        if (bits >> i & 1)
            json_push(array, json_int(arena, i));
    return array;
}

static Json *feed_own(Arena *arena, const Feed *feed, Json *own) {
    Json *cloud = json_obj(arena), *input = json_obj(arena);

    set_text(own, "docs", feed->docs);
    set_text(own, "ttl", feed->ttl);
    set_text(own, "update_period", feed->update_period);
    set_text(own, "update_frequency", feed->update_frequency);
    set_array(own, "skip_hours", numbers(arena, feed->skip_hours));
    set_array(own, "skip_days", numbers(arena, feed->skip_days));
    set_text(cloud, "domain", feed->cloud.domain);
    set_text(cloud, "port", feed->cloud.port);
    set_text(cloud, "path", feed->cloud.path);
    set_text(cloud, "protocol", feed->cloud.protocol);
    set_text(cloud, "registerProcedure", feed->cloud.procedure);
    set_object(own, "cloud", cloud);
    set_text(input, "title", feed->text_input.title);
    set_text(input, "name", feed->text_input.name);
    set_text(input, "description", feed->text_input.description);
    set_text(input, "link", feed->text_input.link);
    set_object(own, "text_input", input);
    return own;
}

static Json *report(Arena *arena, const Feed *feed) {
    Json *object = json_obj(arena), *problems = json_arr(arena);

    for (size_t i = 0; i < feed->problems.len; i++)
        json_push(problems, json_str(arena, feed->problems.items[i]));
    json_set(object, "format", json_str(arena, str_from_c(feed->format)));
    json_set(object, "version", json_str(arena, str_from_c(feed->version)));
    json_set(object, "encoding", json_str(arena, str_from_c(feed->encoding)));
    json_set(object, "repaired", json_bool(arena, feed->is_repaired));
    json_set(object, "problems", problems);
    return object;
}

Json *feed_json(Arena *arena, const Feed *feed) {
    Json *object = json_obj(arena), *own = json_obj(arena), *items = json_arr(arena);

    json_set(object, "version", json_str(arena, S("https://jsonfeed.org/version/1.1")));
    json_set(object, "title", json_str(arena, feed->common.title.text));
    set_head(object, own, &feed->common);
    set_text(object, "user_comment", feed->user_comment);
    set_text(object, "next_url", feed->next_url);
    set_text(object, "favicon", feed->favicon);
    if (feed->is_expired)
        json_set(object, "expired", json_bool(arena, true));
    set_array(object, "hubs", hubs(arena, feed));
    for (size_t i = 0; i < feed->items.len; i++)
        json_push(items, item(arena, &feed->items.items[i]));
    json_set(object, "items", items);
    set_object(object, "_feed", feed_own(arena, feed, own));
    json_set(object, "_liandong", report(arena, feed));
    return object;
}
