/* features/site/site_words.c - what an entry of the public log says, for people. */
#include "features/site/site.h"
#include "view/catalogue.h"

Str site_entry_words(Ctx *ctx, Str kind) {
    static const struct {
        Str kind;
        const char *text;
    } rows[] = {
        { S_INIT("manuscript.filed"), N_("Story filed") },
        { S_INIT("manuscript.changed"), N_("Story changed") },
        { S_INIT("manuscript.submitted"), N_("Submitted to a second person") },
        { S_INIT("manuscript.returned"), N_("Returned to its author") },
        { S_INIT("manuscript.reviewed"), N_("A step of the check decided") },
        { S_INIT("manuscript.link_made"), N_("Link for a signature made") },
        { S_INIT("story.offered"), N_("Story offered to other outlets") },
        { S_INIT("story.taken"), N_("Story carried by another outlet") },
        { S_INIT("story.declined"), N_("Offered story declined") },
        { S_INIT("manuscript.flow_set"), N_("Way of checking set") },
        { S_INIT("manuscript.released"), N_("Released") },
        { S_INIT("manuscript.planned"), N_("Released for a later time") },
        { S_INIT("manuscript.unplanned"), N_("Planned release taken back") },
        { S_INIT("manuscript.held"), N_("Planned release held") },
        { S_INIT("manuscript.rezoned"), N_("Planned time moved with the rules of its zone") },
        { S_INIT("manuscript.withdrawn"), N_("Story withdrawn") },
        { S_INIT("manuscript.imported"), N_("Old story taken in") },
        { S_INIT("correction.issued"), N_("Correction issued") },
        { S_INIT("proof.ignored"), N_("Word let pass by the proofreader") },
        { S_INIT("proof.heeded"), N_("Word looked at again by the proofreader") },
        { S_INIT("pitch.proposed"), N_("Story proposed") },
        { S_INIT("pitch.accepted"), N_("Pitch accepted") },
        { S_INIT("pitch.declined"), N_("Pitch declined") },
        { S_INIT("pitch.withdrawn"), N_("Pitch taken back") },
        { S_INIT("pitch.moved"), N_("Wished day of a pitch moved") },
        { S_INIT("assignment.made"), N_("Pitch assigned") },
        { S_INIT("assignment.begun"), N_("Assigned story begun") },
        { S_INIT("assignment.moved"), N_("Due time moved") },
        { S_INIT("assignment.dropped"), N_("Assignment taken back") },
        { S_INIT("calendar.made"), N_("Calendar address made") },
        { S_INIT("calendar.ended"), N_("Calendar address ended") },
        { S_INIT("pitch.noted"), N_("Note on a pitch") },
        { S_INIT("proof.changed"), N_("List of the proofreader changed") },
        { S_INIT("media.added"), N_("Picture added") },
        { S_INIT("deposit.made"), N_("Link deposited") },
        { S_INIT("deposit.changed"), N_("Deposit changed") },
        { S_INIT("feed.added"), N_("Feed added") },
        { S_INIT("feed.state"), N_("Feed moved to another state") },
        { S_INIT("feed.moved"), N_("Feed has a new address") },
        { S_INIT("outlet.applied"), N_("Outlet applied") },
        { S_INIT("outlet.filed"), N_("Outlet filed") },
        { S_INIT("outlet.changed"), N_("Filing card changed") },
        { S_INIT("outlet.state"), N_("Outlet moved to another state") },
        { S_INIT("unit.filed"), N_("Unit filed") },
        { S_INIT("person.added"), N_("Person added") },
        { S_INIT("person.ended"), N_("Person left") },
        { S_INIT("handover.proposed"), N_("Handover proposed") },
        { S_INIT("handover.signed"), N_("Handover signed") },
        { S_INIT("handover.closed"), N_("Handover taken back or declined") },
        { S_INIT("review.opened"), N_("Annual review opened") },
        { S_INIT("review.answered"), N_("Self-check sent") },
        { S_INIT("review.decided"), N_("Annual review decided") },
        { S_INIT("grant.given"), N_("Role given") },
        { S_INIT("grant.ended"), N_("Role ended") },
        { S_INIT("password.set"), N_("Password set") },
        { S_INIT("invitation.made"), N_("One-time link made") },
        { S_INIT("factor.set"), N_("Second step turned on") },
        { S_INIT("factor.codes"), N_("New recovery codes made") },
        { S_INIT("factor.ended"), N_("Second step turned off") },
        { S_INIT("factor.reset"), N_("Second step taken away") },
        { S_INIT("token.made"), N_("Token made") },
        { S_INIT("token.ended"), N_("Token ended") },
        { S_INIT("site.created"), N_("Alliance created") },
        { S_INIT("site.changed"), N_("Settings changed") },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(kind, rows[i].kind))
            return catalogue_text(catalogue_of(ctx->lang), str_from_c(rows[i].text));
    return kind;
}
