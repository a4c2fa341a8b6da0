/* app/folder.h - the data folder: one alliance, one log origin (ground-rules.md). */
#ifndef APP_FOLDER_H
#define APP_FOLDER_H

#include "app/cli.h"
#include "conf/conf.h"
#include "db/db.h"
#include "sec/box.h"

typedef struct Folder {
    Str path;
    int lock; /* descriptor of run/lock while held, else -1 */
    Config *config;
    Str socket; /* run/liandong.sock */
} Folder;

/* --data, else LIANDONG_DATA, else ERR_INVALID with the remedy. */
CHECKED Err folder_path(Cli *cli, Str *ret);
/* Makes the folder (0700) with its parts; ERR_CONFLICT when there is an alliance in it already. */
CHECKED Err folder_make(Arena *arena, Str path);
/* One more folder (0700) inside it. ERR_IO. */
CHECKED Err folder_make_part(const char *path);
/* Reads VERSION and liandong.conf. ERR_NOT_FOUND names `liandong init`; ERR_IO for a newer VERSION. */
CHECKED Err folder_open(Arena *arena, Str path, const ConfigFlag *flags, size_t flag_count,
                        Folder *ret);
/* Takes run/lock without waiting. ERR_BUSY: a server or another command holds it. */
CHECKED Err folder_lock(Arena *arena, Folder *folder);
void folder_unlock(Folder *folder);
/* Opens the store as the settings say. */
CHECKED Err folder_store(Arena *arena, const Folder *folder, DbStore **ret);
/*
 * Reads keys/box.key; where there is none and may_make says so makes it, mode 0600, synced; else number 0. ERR_IO:
 * damaged, or open to others.
 */
CHECKED Err folder_box_key(Arena *arena, const Folder *folder, bool may_make, BoxKey *ret);
/* Adds `name = value` to liandong.conf of a new alliance. ERR_IO. */
CHECKED Err folder_write_setting(Arena *arena, const Folder *folder, const char *name, Str value);
/* A path below the folder, NUL-terminated in the arena. */
const char *folder_file(Arena *arena, const Folder *folder, const char *name);
/* Empties tmp/, which holds nothing anybody owes. */
CHECKED Err folder_empty_tmp(Arena *arena, const Folder *folder);

#endif
