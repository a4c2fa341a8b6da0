/* net/curl_start.h - private: libcurl is made ready once, with memory that does not fail. */
#ifndef NET_CURL_START_H
#define NET_CURL_START_H

#include <curl/curl.h>

/*
 * Before any other call of libcurl, from any thread, as often as one likes. libcurl 7.88 does not
 * survive lost memory (a socket whose list could not grow is divided by zero later), so its memory
 * is as that of an arena: when the system gives none, the process writes one line and ends with
 * status 70.
 */
void curl_start(void);

#endif
