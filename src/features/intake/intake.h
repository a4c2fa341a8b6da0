/* features/intake/intake.h - what the outlets posted elsewhere, deposited with date and hash; one card a story. */
#ifndef FEATURES_INTAKE_INTAKE_H
#define FEATURES_INTAKE_INTAKE_H

#include "base/ctx.h"
#include "http/route.h"

enum {
    DEPOSIT_TITLE_CHARS_MAX = 200,
    DEPOSIT_URL_BYTES_MAX = 2000,
    DEPOSIT_TEXT_CHARS_MAX = 200000,
    DEPOSIT_TEXT_CHARS_MIN = 80, /* a shorter text tells no story from another */
    DEPOSIT_VERSIONS_MAX = 200,  /* later changes of one item are not kept */
    DEPOSIT_LIST_MAX = 20
};

/*
 * A link with date and hash. Kept are title, address, date, and of the text its hash and length, never the text. The hash
 * is SHA-256 of the text in NFC without any white space, so that anybody who has the text can compute it.
 */
typedef struct Deposit {
    int64_t id;
    int64_t card_id; /* of the oldest deposit of the same story; its own id at first */
    int64_t outlet_id;
    int64_t feed_id;   /* 0: by hand */
    int64_t person_id; /* 0: from a feed */
    Str title;         /* plain text, 1..DEPOSIT_TITLE_CHARS_MAX characters */
    Str url;           /* http or https; empty where an item of a feed names none */
    Str address;       /* the form that is compared, without scheme; empty: says nothing */
    Str guid;
    Str text_hash; /* 64 hex digits; empty: no text */
    Str text_key;  /* the same where it may tell that two stories are one, else empty */
    int64_t text_chars;
    int64_t published_ms; /* as the outlet told it; 0: not told */
    int64_t deposited_ms, changed_ms;
    int64_t n; /* the newest version, from 1 */
} Deposit;
typedef struct DepositList {
    Deposit *items;
    size_t len;
} DepositList;

typedef struct DepositVersion {
    int64_t deposit_id;
    int64_t n;
    Str title, url, text_hash;
    int64_t text_chars, published_ms, made_ms, feed_id, person_id;
} DepositVersion;
typedef struct DepositVersions {
    DepositVersion *items;
    size_t len;
} DepositVersions;

/* What is known of one item before it is compared with what is stored. */
typedef struct DepositFacts {
    Str title, url;
    Str guid; /* empty: by its address, else by its text, title and date */
    Str text; /* plain; only its hash and length are kept */
    int64_t published_ms;
    bool has_common_url;  /* several stories stand at this address: it tells none from another */
    bool has_common_text; /* several stories have this text: the same */
} DepositFacts;

typedef enum DepositOutcome { DEPOSIT_NEW, DEPOSIT_CHANGED, DEPOSIT_SAME } DepositOutcome;

/*
 * Deposits a link for ctx->outlet_id, by hand. The outlet's own deposit with the same guid, else the same address,
 * else the same text is that item: its other words become its next version, and without any difference nothing
 * is written, so repeating is safe. With the row go its version, the log entry "deposit.made" or "deposit.changed" (subject:
 * the deposit; payload: deposit, card, version, title, url, text_sha256, feed) and the event of the same name { deposit_id,
 * card_id, outlet_id }, tags deposits, deposit:{card_id}, deposits_of:{outlet_id}, in one transaction. A story that several outlets deposited
 * is one card: equal address, or equal text of DEPOSIT_TEXT_CHARS_MIN characters and more.
 *
 * facts is borrowed. ERR_FORBIDDEN (no person), ERR_INVALID and ERR_LIMIT with the field (title, url, date, text),
 * ERR_CONFLICT (the same was deposited at the same moment), ERR_BUSY with retry, ERR_IO.
 */
CHECKED Err intake_deposit(Ctx *ctx, const DepositFacts *facts, Deposit *ret,
                           DepositOutcome *ret_outcome);

/* The outlet's own deposits of the newest cards, for its page; limit 1..DEPOSIT_LIST_MAX. One statement. */
CHECKED Err intake_newest(Ctx *ctx, int64_t outlet_id, int limit, DepositList *ret);
/* Where it was posted: "mp.example"; empty without an address. Borrows from url. */
Str intake_host(Str url);

/* ERR_NOT_FOUND. */
CHECKED Err intake_get(Ctx *ctx, int64_t id, Deposit *ret);
/*
 * Cards of the alliance, or those with a deposit of the outlet (0: all), newest first, after the card with that id (0
 * at first); limit 1..DEPOSIT_LIST_MAX. *ret holds all deposits of these cards, card by card, the oldest first.
 */
CHECKED Err intake_cards(Ctx *ctx, int64_t outlet_id, int64_t after_card_id, int limit,
                         DepositList *ret, int64_t *ret_next);
/* The deposits of a card, oldest first, and their versions, newest first: at most 1,000 and 600. */
CHECKED Err intake_card(Ctx *ctx, int64_t card_id, DepositList *ret, DepositVersions *ret_versions);
/* ERR_NOT_FOUND. */
CHECKED Err intake_version(Ctx *ctx, int64_t deposit_id, int64_t n, DepositVersion *ret);

extern const Route intake_routes[];
extern const Route intake_desk_routes[];

#endif
