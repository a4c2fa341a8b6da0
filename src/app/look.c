/* app/look.c - the templates and assets that this server shows: built in, or an alliance's own (architecture.md 10). */
#include "app/look.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embed.h"
#include "base/vec.h"
#include "sec/hash.h"

extern const Embedded app_templates[], app_assets[];
extern const size_t app_templates_count, app_assets_count;

/* One file of the folder: "portal/home.mustache", "look.css". */
typedef struct LookFile {
    Str name, text;
} LookFile;

typedef struct LookFiles {
    VEC(LookFile) files;
    VEC(LookFault) faults;
} LookFiles;

/* ---- what the program brings ---- */

/* "features/portal/templates/home.mustache" is "portal/home"; "view/templates/frame/page.mustache" is
 * "frame/page". */
static Str template_name(Arena *arena, Str path) {
    size_t middle = str_find(path, S("/templates/"), 0);
    Str room = str_slice(path, 0, middle), file = str_slice(path, middle + 11, path.len - 9);

    if (!str_starts(room, S("features/")))
        return file;
    return str_format(arena, "%.*s/%.*s", STR_ARG(str_slice(room, 9, room.len)), STR_ARG(file));
}

static ViewSource *built_in_sources(Arena *arena) {
    ViewSource *sources = arena_array(arena, app_templates_count + 1, sizeof *sources);

    for (size_t i = 0; i < app_templates_count; i++)
        sources[i] = (ViewSource){
            .name = template_name(arena, str_from_c(app_templates[i].name)),
            .text = { (const char *)app_templates[i].bytes, app_templates[i].len },
        };
    return sources;
}

static const char *content_type(Str name) {
    if (str_ends(name, S(".css")))
        return "text/css; charset=utf-8";
    if (str_ends(name, S(".js")))
        return "text/javascript; charset=utf-8";
    if (str_ends(name, S(".svg")))
        return "image/svg+xml";
    return "application/octet-stream";
}

static HttpAsset asset_of(Arena *arena, Str name, Str bytes) {
    Hash hash = hash_sha256(bytes);
    Str hex = hex_encode(arena, hash_str(&hash));

    return (HttpAsset){ .path = str_to_c(arena, name),
                        .content_type = content_type(name),
                        .bytes = bytes,
                        .hash = str_to_c(arena, str_slice(hex, 0, 16)) };
}

static HttpAsset *built_in_assets(Arena *arena) {
    HttpAsset *assets = arena_array(arena, app_assets_count + 1, sizeof *assets);

    for (size_t i = 0; i < app_assets_count; i++) {
        Str name = str_from_c(app_assets[i].name);
        assets[i] = asset_of(arena, str_slice(name, str_find(name, S("assets/"), 0) + 7, name.len),
                             (Str){ (const char *)app_assets[i].bytes, app_assets[i].len });
    }
    return assets;
}

Err look_built_in(App *app) {
    TRY(view_set_new(app->arena, built_in_sources(app->arena), app_templates_count, &app->views));
    app->http.views = app->views;
    app->http.assets = built_in_assets(app->arena);
    app->http.asset_count = app_assets_count;
    return OK;
}

/* ---- the folder ---- */

static void close_folder(DIR **folder) {
    if (*folder)
        (void)closedir(*folder);
}

static Err cannot_read(Arena *arena, Str path) {
    return FAIL_ARGS(ERR_IO, NULL, N_("Cannot read {0}: {1}."), path,
                     str_dup(arena, str_from_c(strerror(errno))));
}

static void add_fault(Arena *arena, LookFiles *all, Str file, Err err) {
    if (err.code == ERR_BUG) /* of a built-in template it would be ours */
        err.code = ERR_INVALID;
    err.args[0] = str_dup(arena, err.args[0]);
    err.args[1] = str_dup(arena, err.args[1]);
    *VEC_PUSH(arena, &all->faults) = (LookFault){ str_dup(arena, file), err };
}

static Err add_file(Arena *arena, Str path, Str name, LookFiles *all) {
    LookFile file = { .name = str_dup(arena, name) };

    if (all->files.len + all->faults.len >= LOOK_FILES)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("{0} holds more than {1} files."), path,
                         str_from_int(arena, LOOK_FILES));
    Err err = cli_read_file(arena, path, LOOK_FILE_BYTES, &file.text);
    if (err.code == ERR_OK)
        *VEC_PUSH(arena, &all->files) = file;
    else
        add_fault(arena, all, name, err);
    return OK;
}

/* Files, and one level of folders, in no order. Names that begin with a dot are nobody's business. */
static Err read_folder(Arena *arena, Str path, Str room, LookFiles *all) {
    CLEANUP(close_folder) DIR *folder = opendir(str_to_c(arena, path));
    struct stat state;

    if (!folder)
        return errno == ENOENT && room.len == 0 ? OK : cannot_read(arena, path);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        Str own = str_from_c(entry->d_name);
        if (str_starts(own, S(".")))
            continue;
        Str name = room.len ? str_format(arena, "%.*s/%.*s", STR_ARG(room), STR_ARG(own)) : own;
        Str at = str_format(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(own));
        if (stat(at.ptr, &state) != 0)
            return cannot_read(arena, at);
        if (S_ISDIR(state.st_mode) && room.len == 0)
            TRY(read_folder(arena, at, str_dup(arena, own), all));
        else
            TRY(add_file(arena, at, name, all));
    }
    return OK;
}

static int by_name(const void *a, const void *b) {
    return str_compare(((const LookFile *)a)->name, ((const LookFile *)b)->name);
}

/* ---- templates ---- */

static bool is_template(Str name) {
    return str_ends(name, S(".mustache"));
}

/* The set with these sources, when all of it holds together; *ret is the caller's. */
static Err try_sources(App *app, const ViewSource *sources, ViewSet **ret) {
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    HttpApp http = app->http;
    Buf document = buf_new(scratch, 0);
    ViewSet *views = NULL;

    Err err = view_set_new(scratch, sources, app_templates_count, &views);
    if (err.code == ERR_OK) {
        http.views = views;
        err = http_openapi(scratch, &http, &document); /* which checks all tables first */
    }
    if (err.code != ERR_OK) {
        view_set_free(views);
        err.args[0] = str_dup(app->arena, err.args[0]); /* they outlive scratch */
        err.args[1] = str_dup(app->arena, err.args[1]);
        return err;
    }
    *ret = views;
    return OK;
}

static ViewSource *source_of(ViewSource *sources, Str file) {
    Str name = str_slice(file, 0, file.len - 9);

    for (size_t i = 0; i < app_templates_count; i++)
        if (str_eq(sources[i].name, name))
            return &sources[i];
    return NULL;
}

/*
 * One after the other in the order of their names: a template is judged with those that were taken before it, so that
 * one with a fault costs only itself.
 */
static void take_templates(App *app, LookFiles *all, size_t *ret_used) {
    ViewSource *sources = built_in_sources(app->arena);

    for (size_t i = 0; i < all->files.len; i++) {
        LookFile *file = &all->files.items[i];
        ViewSet *views;

        if (!is_template(file->name))
            continue;
        ViewSource *source = source_of(sources, file->name);
        if (!source) {
            add_fault(app->arena, all, file->name,
                      FAIL_ARGS(ERR_INVALID, NULL,
                                N_("{0}: there is no built-in template of this name."),
                                file->name));
            continue;
        }
        ViewSource before = *source;
        source->text = file->text;
        Err err = try_sources(app, sources, &views);
        if (err.code != ERR_OK) {
            *source = before;
            add_fault(app->arena, all, file->name, err);
            continue;
        }
        view_set_free(app->views);
        app->views = views;
        app->http.views = views;
        ++*ret_used;
    }
}

/* ---- the style sheet and the icon ---- */

static void take_assets(App *app, LookFiles *all, size_t *ret_used) {
    HttpAsset *assets = built_in_assets(app->arena);

    for (size_t i = 0; i < all->files.len; i++) {
        LookFile *file = &all->files.items[i];
        if (is_template(file->name))
            continue;
        bool is_known = str_eq(file->name, S("look.css")) || str_eq(file->name, S("icon.svg"));
        if (!is_known) {
            add_fault(app->arena, all, file->name,
                      FAIL_ARGS(ERR_INVALID, NULL,
                                N_("{0}: a look has ROOM/NAME.mustache, look.css and icon.svg."),
                                file->name));
            continue;
        }
        for (size_t k = 0; k < app_assets_count; k++)
            if (str_eq(str_from_c(assets[k].path), file->name))
                assets[k] = asset_of(app->arena, file->name, file->text);
        ++*ret_used;
    }
    app->http.assets = assets;
}

Err look_apply(App *app, Str folder, LookState *ret) {
    LookFiles all = { 0 };
    size_t used = 0;

    TRY(read_folder(app->arena, folder, STR_EMPTY, &all));
    if (all.files.len > 0) {
        qsort(all.files.items, all.files.len, sizeof(LookFile), by_name);
        take_assets(app, &all, &used);
        take_templates(app, &all, &used);
    }
    *ret = (LookState){ .used = used, .faults = all.faults.items, .fault_count = all.faults.len };
    return OK;
}
