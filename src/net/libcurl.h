/* net/libcurl.h - private: libcurl, loaded when the first request needs it; the only way to its functions. */
#ifndef NET_LIBCURL_H
#define NET_LIBCURL_H

#define CURL_DISABLE_TYPECHECK /* its macros know no table of functions */
#include <curl/curl.h>

/* What we call of it; the names are those of the functions. */
#define LIBCURL_FUNCTIONS(X)                                                                       \
    X(curl_global_init_mem)                                                                        \
    X(curl_free)                                                                                   \
    X(curl_url)                                                                                    \
    X(curl_url_cleanup)                                                                            \
    X(curl_url_get)                                                                                \
    X(curl_url_set)                                                                                \
    X(curl_easy_init)                                                                              \
    X(curl_easy_cleanup)                                                                           \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_strerror)                                                                          \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)                                                                         \
    X(curl_multi_init)                                                                             \
    X(curl_multi_cleanup)                                                                          \
    X(curl_multi_setopt)                                                                           \
    X(curl_multi_add_handle)                                                                       \
    X(curl_multi_remove_handle)                                                                    \
    X(curl_multi_socket_action)                                                                    \
    X(curl_multi_info_read)

typedef struct Libcurl {
#define LIBCURL_MEMBER(name) __typeof__(name) *name;
    LIBCURL_FUNCTIONS(LIBCURL_MEMBER)
#undef LIBCURL_MEMBER
} Libcurl;

/*
 * The library, from any thread, as often as one likes; NULL when it is not installed. It brings 30
 * others, which an idle server does not map. libcurl 7.88 does not survive lost memory (a socket's
 * list that could not grow is divided by zero later), so its memory is as that of an arena: when
 * the system gives none, the process writes one line and ends with status 70.
 */
const Libcurl *libcurl_get(void);

#endif
