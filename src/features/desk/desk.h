/* features/desk/desk.h - the pages of people at work. */
#ifndef FEATURES_DESK_DESK_H
#define FEATURES_DESK_DESK_H

#include "http/route.h"

extern const Route desk_routes[];

#endif
