/* base/banned.h - calls that this program does not make; using one stops the compiler. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * Every system header that declares one of them comes first, or including it later would not
 * compile.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef BASE_BANNED_OFF
/* With -D_FORTIFY_SOURCE the C library makes macros of these for clang. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets atoi atol
#pragma GCC poison gmtime localtime ctime asctime setlocale system popen rand
#endif

#endif
