/* net/curl_start.c - libcurl is made ready once, with memory that does not fail. */
#include "net/curl_start.h"

#include <pthread.h>

#include "base/log.h"

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

static void start(void) {
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, give, free, give_more, give_copy, give_zeroed) !=
        CURLE_OK)
        log_fatal("libcurl cannot be used", "curl_global_init_mem");
}

void curl_start(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, start);
}
