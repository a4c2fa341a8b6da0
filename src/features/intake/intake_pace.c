/* features/intake/intake_pace.c - how often a feed is asked: by what it has, by what it says, after failures. */
#include "features/intake/intake_pace.h"

#include "text/feed.h"

enum { DATES_MAX = 20, DATES_MIN = 3 };
static const int64_t HOUR_MS = 3600000;

static int64_t clamp(int64_t ms) {
    return ms < FEED_INTERVAL_MIN_MS   ? FEED_INTERVAL_MIN_MS
           : ms > FEED_INTERVAL_MAX_MS ? FEED_INTERVAL_MAX_MS
                                       : ms;
}

/* The newest DATES_MAX of those that are no later than now, falling. */
static size_t newest(const int64_t *dates_ms, size_t count, int64_t now_ms, int64_t *ret) {
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t date = dates_ms[i];
        size_t at = len < DATES_MAX ? len : DATES_MAX - 1;
        if (date <= 0 || date > now_ms || (len == DATES_MAX && date <= ret[at]))
            continue;
        while (at > 0 && ret[at - 1] < date) {
            ret[at] = ret[at - 1];
            at--;
        }
        ret[at] = date;
        if (len < DATES_MAX)
            len++;
    }
    return len;
}

int64_t intake_pace_interval(const int64_t *dates_ms, size_t count, int64_t now_ms,
                             int64_t last_interval_ms, bool has_news) {
    int64_t dates[DATES_MAX];
    size_t len = newest(dates_ms, count, now_ms, dates);
    int64_t last = last_interval_ms > 0 ? clamp(last_interval_ms) : FEED_INTERVAL_FIRST_MS;

    if (len < DATES_MIN)
        return clamp(has_news ? last / 2 : last + last / 2);
    int64_t gap = (dates[0] - dates[len - 1]) / (int64_t)(len - 1) / 2;
    int64_t silence = (now_ms - dates[0]) / 4;
    return clamp(gap > silence ? gap : silence);
}

int64_t intake_pace_pause(Chance *chance, int64_t failures, int64_t interval_ms) {
    int64_t pause = clamp(interval_ms);

    for (int64_t i = 1; i < failures && pause < FEED_INTERVAL_MAX_MS; i++)
        pause *= 2;
    pause = clamp(pause);
    return clamp(pause - (int64_t)chance_below(chance, (uint64_t)pause / 2 + 1));
}

int64_t intake_pace_max_age(Str cache_control) {
    enum { SECONDS_MAX = 86400, MS = 1000 };
    Str part;

    while (str_cut(&cache_control, ',', &part)) {
        int64_t seconds;
        part = str_trim(part);
        if (part.len > 8 && str_eq_nocase(str_slice(part, 0, 8), S("max-age=")) &&
            str_parse_int(str_slice(part, 8, part.len), &seconds) && seconds > 0)
            return (seconds < SECONDS_MAX ? seconds : SECONDS_MAX) * MS;
    }
    return 0;
}

static int64_t period_ms(Str period) {
    static const struct {
        Str word;
        int64_t hours;
    } periods[] = { { S_INIT("hourly"), 1 },
                    { S_INIT("daily"), 24 },
                    { S_INIT("weekly"), 24 * 7 },
                    { S_INIT("monthly"), 24 * 30 },
                    { S_INIT("yearly"), 24 * 365 } };

    for (size_t i = 0; i < COUNT_OF(periods); i++)
        if (str_eq_nocase(period, periods[i].word))
            return periods[i].hours * HOUR_MS;
    return 0;
}

int64_t intake_pace_told(const Feed *feed) {
    enum { MINUTES_MAX = 24 * 60 };
    int64_t minutes, frequency, told = 0, period = period_ms(feed->update_period);

    if (str_parse_int(feed->ttl, &minutes) && minutes > 0)
        told = (minutes < MINUTES_MAX ? minutes : MINUTES_MAX) * 60000;
    if (str_parse_int(feed->update_frequency, &frequency) && frequency > 0)
        period /= frequency;
    if (period > told)
        told = period;
    return told > 0 ? clamp(told) : 0;
}

int64_t intake_pace_skip(int64_t next_ms, int64_t now_ms, int64_t skip_hours, int64_t skip_days) {
    enum { EPOCH_DAY = 4 }; /* 1970-01-01 was a Thursday */
    int64_t last_ms = now_ms + FEED_INTERVAL_MAX_MS, at = next_ms;

    while (at < last_ms) {
        int64_t hour = at / HOUR_MS;
        if (!(skip_hours >> hour % 24 & 1) && !(skip_days >> (hour / 24 + EPOCH_DAY) % 7 & 1))
            return at;
        at = (hour + 1) * HOUR_MS;
    }
    return next_ms > last_ms ? next_ms : last_ms;
}

int64_t intake_pace_jitter(Chance *chance, int64_t ms) {
    return clamp(ms - ms / 10 + (int64_t)chance_below(chance, (uint64_t)(ms / 5) + 1));
}
