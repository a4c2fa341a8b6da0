/* net/libcurl.c - libcurl, loaded and made ready once for the process, under pthread_once. */
#include "net/libcurl.h"

#include <dlfcn.h>
#include <pthread.h>

#include "base/log.h"

#define LIBCURL_LIBRARY "libcurl.so.4"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static Libcurl table;
static bool is_ready; /* written once, with the table */

static void *must(void *memory) {
    if (!memory)
        log_fatal("no memory left", "the system gave none for libcurl");
    return memory;
}

static void *give(size_t bytes) {
    return must(malloc(bytes > 0 ? bytes : 1));
}

static void *give_zeroed(size_t count, size_t bytes) {
    return must(calloc(count > 0 ? count : 1, bytes > 0 ? bytes : 1));
}

static void *give_more(void *old, size_t bytes) {
    return must(realloc(old, bytes > 0 ? bytes : 1));
}

static char *give_copy(const char *text) {
    return must(strdup(text));
}

static bool load_table(void) {
    void *library = dlopen(LIBCURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return false;
#define LIBCURL_LOAD(function)                                                                     \
    *(void **)&table.function = dlsym(library, #function);                                         \
    if (!table.function)                                                                           \
        return false;
    LIBCURL_FUNCTIONS(LIBCURL_LOAD)
#undef LIBCURL_LOAD
    return true;
}

static void start(void) {
    is_ready =
        load_table() && table.curl_global_init_mem(CURL_GLOBAL_DEFAULT, give, free, give_more,
                                                   give_copy, give_zeroed) == CURLE_OK;
}

const Libcurl *libcurl_get(void) {
    pthread_once(&once, start);
    return is_ready ? &table : NULL;
}
