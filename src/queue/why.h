/* queue/why.h - why something failed, as one text of a row: private to queue/. */
#ifndef QUEUE_WHY_H
#define QUEUE_WHY_H

#include "base/ctx.h"

/* The sentence, then what fills {0} and {1}, a line each: whoever reads it sees it in their own language. */
Str why_write(Ctx *ctx, Err outcome);
/* The other way round; the sentence is empty where the text is. Borrowed from text. */
Str why_read(Str text, Str ret_args[2]);

#endif
