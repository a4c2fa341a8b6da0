/* features/desk/desk.h - the pages of people at work: what waits for them, and what the machine owes. */
#ifndef FEATURES_DESK_DESK_H
#define FEATURES_DESK_DESK_H

#include "http/route.h"

/* GET /desk (the to-do list of who is signed in), GET /desk/units/{id} (all that is due for a unit, on A4), GET /admin/jobs, POST /admin/jobs/{id}/{act}, long work
 * (/admin/long-work for all of it, /long-work for one's own), the tokens of programs below /account/tokens, which name outlets. */
extern const Route desk_routes[];

#endif
