/* conf/conf_table.h - the one table of process settings: every limit and its reason. */
#ifndef CONF_CONF_TABLE_H
#define CONF_CONF_TABLE_H

/*
 * X(ID, name, type, default, lowest, highest, words, help)
 *
 * The default is written as in liandong.conf. Bounds are those of the number (INT; SIZE in bytes;
 * DURATION in ms), the length in bytes (TEXT types), or 0 where the type is its own bound (BOOL,
 * CHOICE). `words` are the words of a CHOICE, separated by one blank, else NULL.
 */
#define CONFIG_SETTINGS(X)                                                                         \
    X(HTTP_LISTEN, "http.listen", ADDRESS, "127.0.0.1:8080", 3, 64, NULL,                          \
      N_("Address and port the server listens on. Loopback by default, for TLS belongs to the "    \
         "proxy in front; port 0 takes any free one."))                                            \
    X(HTTP_WORKERS, "http.workers", INT, "32", 1, 512, NULL,                                       \
      N_("Most worker threads, started on demand. A worker waits in each open group commit, so "   \
         "more than processors are useful; each holds a connection to the database."))             \
    X(HTTP_IO_THREADS, "http.io_threads", INT, "2", 1, 64, NULL,                                   \
      N_("Threads that read and write sockets and answer from the page cache. About one per "      \
         "processor; they never wait for the database."))                                          \
    X(HTTP_HEADER_BYTES, "http.header_bytes", SIZE, "16 KiB", 2048, 65536, NULL,                   \
      N_("Largest header block of a request; beyond it 431. It is also the memory each "           \
         "connection holds."))                                                                     \
    X(HTTP_URL_BYTES, "http.url_bytes", SIZE, "8 KiB", 256, 32768, NULL,                           \
      N_("Longest address of a request with its query; beyond it 414. It has to fit into "         \
         "http.header_bytes."))                                                                    \
    X(HTTP_BODY_BYTES, "http.body_bytes", SIZE, "1 MiB", 1024, 67108864, NULL,                     \
      N_("Largest body of a request that uploads no file; beyond it 413. A story with its form "   \
         "is far below."))                                                                         \
    X(HTTP_UPLOAD_BYTES, "http.upload_bytes", SIZE, "32 MiB", 1024, 1073741824, NULL,              \
      N_("Largest body of a request that uploads a file; beyond it 413. Uploads stream to the "    \
         "disk, so they cost no memory."))                                                         \
    X(HTTP_CONNECTIONS, "http.connections", INT, "10000", 16, 200000, NULL,                        \
      N_("Most connections at once; further ones are closed. Each needs a file descriptor and "    \
         "http.header_bytes of memory."))                                                          \
    X(HTTP_HEADER_MS, "http.header_ms", DURATION, "10 s", 1000, 120000, NULL,                      \
      N_("Time within which the header of a request has to be complete, so that clients that "     \
         "drip bytes hold nothing."))                                                              \
    X(HTTP_BODY_RATE_BYTES, "http.body_rate_bytes", SIZE, "1 KiB", 1, 1048576, NULL,               \
      N_("Bytes a second that a body must arrive with, averaged over 10 s; slower ones are cut. "  \
         "A bad mobile line still reaches 1 KiB."))                                                \
    X(HTTP_IDLE_MS, "http.idle_ms", DURATION, "30 s", 1000, 600000, NULL,                          \
      N_("Time after which a connection without a request is closed. Keep-alive to the proxy "     \
         "saves more than it holds."))                                                             \
    X(HTTP_SHOW_COST, "http.show_cost", BOOL, "false", 0, 0, NULL,                                 \
      N_("Adds a Server-Timing header with the SQL statements and arena bytes of each answer. "    \
         "For tests and tuning; it tells strangers about the inside."))                            \
    X(HTTP_CACHE_BYTES, "http.cache_bytes", SIZE, "32 MiB", 0, 4294967296, NULL,                   \
      N_("Memory of the page cache; 0 turns it off. The front pages of 54 outlets in both "        \
         "languages need about 10 MiB."))                                                          \
    X(HTTP_PROXIES, "http.proxies", ADDRESSES, "", 0, 4096, NULL,                                  \
      N_("Addresses or ranges (10.0.0.0/8), separated by commas, of the proxies whose forwarded "  \
         "headers count. Empty: nobody's, for anyone can write them."))                            \
    X(HTTP_HOSTS, "http.hosts", HOSTS, "", 0, 4096, NULL,                                          \
      N_("Names this server answers to, separated by commas; a request for another is refused. "   \
         "Empty: any name, on loopback only."))                                                    \
    X(DB_URL, "db.url", DATABASE, "", 0, 1024, NULL,                                               \
      N_("Empty: SQLite in the data folder. Else postgres://USER@HOST/DATABASE; a password "       \
         "belongs into ~/.pgpass, never here."))                                                   \
    X(DB_BATCH_MEMBERS, "db.batch_members", INT, "128", 1, 1024, NULL,                             \
      N_("Most acts that share one commit on SQLite. More share the cost of one write to the "     \
         "disk, and are run again together when it fails."))                                       \
    X(DB_BATCH_US, "db.batch_us", INT, "2000", 0, 100000, NULL,                                    \
      N_("Microseconds after which a batch commits although more acts wait. A person does not "    \
         "notice 2 ms."))                                                                          \
    X(DB_CACHE_KIB, "db.cache_kib", INT, "256", 64, 1048576, NULL,                                 \
      N_("Page cache of each database connection in KiB. Every worker has one connection, so "     \
         "this counts up to http.workers times."))                                                 \
    X(DB_BUSY_MS, "db.busy_ms", DURATION, "5 s", 0, 60000, NULL,                                   \
      N_("How long a connection waits for a lock that another holds before the act is refused "    \
         "as busy. Nothing of ours holds one that long."))                                         \
    X(NODE_ID, "node.id", INT, "0", 0, 255, NULL,                                                  \
      N_("Number of this machine in the ids it makes. Every node on one PostgreSQL needs its "     \
         "own."))                                                                                  \
    X(ARENA_REQUEST_BYTES, "arena.request_bytes", SIZE, "8 MiB", 1048576, 1073741824, NULL,        \
      N_("Memory one request may use before it is refused. It bounds what one reader can make "    \
         "the server hold, up to http.workers times."))                                            \
    X(ARENA_IMPORT_BYTES, "arena.import_bytes", SIZE, "256 MiB", 8388608, 8589934592, NULL,        \
      N_("Memory one import may use before it is refused: its file, and a report of every row. "   \
         "Only people with that right can ask for it."))                                           \
    X(ARENA_JOB_BYTES, "arena.job_bytes", SIZE, "64 MiB", 8388608, 4294967296, NULL,               \
      N_("Memory one job of the queue may use before it fails. Imports and reports need more "     \
         "than pages."))                                                                           \
    X(QUEUE_COMPUTE_THREADS, "queue.compute_threads", INT, "1", 1, 64, NULL,                       \
      N_("Threads for jobs that compute. One leaves the other processors to readers."))            \
    X(QUEUE_DELIVER_THREADS, "queue.deliver_threads", INT, "1", 1, 16, NULL,                       \
      N_("Threads that send to other servers. Each serves many destinations at once."))            \
    X(QUEUE_MAIL_THREADS, "queue.mail_threads", INT, "1", 1, 16, NULL,                             \
      N_("Threads that hand mail to the mail server, which takes few at once."))                   \
    X(QUEUE_UPKEEP_THREADS, "queue.upkeep_threads", INT, "1", 1, 16, NULL,                         \
      N_("Threads for sweeping and other upkeep, which may wait."))                                \
    X(QUEUE_RELEASE_THREADS, "queue.release_threads", INT, "1", 1, 16, NULL,                       \
      N_("Threads that release planned stories on the minute, apart from all longer work."))       \
    X(QUEUE_MAX_ATTEMPTS, "queue.max_attempts", INT, "12", 1, 100, NULL,                           \
      N_("Attempts after which a job is given up as dead, for a person to send again. With "       \
         "growing pauses 12 span half a day."))                                                    \
    X(QUEUE_LEASE_MS, "queue.lease_ms", DURATION, "60 s", 1000, 3600000, NULL,                     \
      N_("Time after which the job of a worker that fell silent goes to another. Longer than "     \
         "any single step of a job."))                                                             \
    X(QUEUE_POLL_MS, "queue.poll_ms", DURATION, "1 s", 10, 60000, NULL,                            \
      N_("How often waiting jobs are looked for when no signal came. A second is enough to be "    \
         "correct without one."))                                                                  \
    X(LEDGER_INTERVAL_MS, "ledger.interval_ms", DURATION, "200 ms", 10, 1000, NULL,                \
      N_("How often new entries are placed in the log. An act's position is promised within a "    \
         "second."))                                                                               \
    X(LEDGER_BATCH, "ledger.batch", INT, "256", 1, 4096, NULL,                                     \
      N_("Entries that are placed at once without waiting for the interval. 256 fill one tile."))  \
    X(SITE_INSECURE, "site.insecure", BOOL, "false", 0, 0, NULL,                                   \
      N_("Lets people sign in over plain http from other machines, under a red bar. For a demo "   \
         "only: passwords cross the network readable."))                                           \
    X(LOG_LEVEL, "log.level", CHOICE, "info", 0, 0, "debug info warn error",                       \
      N_("The least weight of events written to standard error. debug is for looking for a "       \
         "fault."))                                                                                \
    X(JSON_DEPTH, "json.depth", INT, "128", 8, 1000, NULL,                                         \
      N_("Deepest nesting of JSON from outside. Each level costs stack; known formats stay "       \
         "below 20."))                                                                             \
    X(TEXT_ARTICLE_BYTES, "text.article_bytes", SIZE, "256 KiB", 1024, 1048576, NULL,              \
      N_("Longest text of a story. Rendering the worst text of that size stays below two "         \
         "seconds."))                                                                              \
    X(MEDIA_UPLOAD_BYTES, "media.upload_bytes", SIZE, "32 MiB", 1024, 1073741824, NULL,            \
      N_("Largest file of the media store. With PostgreSQL files lie in the database, which "      \
         "takes 32 MiB well."))                                                                    \
    X(MEDIA_PIXELS, "media.pixels", INT, "50000000", 1000000, 500000000, NULL,                     \
      N_("Most pixels of a picture, width times height. A small file can unfold to gigabytes; "    \
         "cameras stay below 50 million."))                                                        \
    X(MEDIA_FRAMES, "media.frames", INT, "300", 1, 10000, NULL,                                    \
      N_("Most frames of an animated picture, for each is decoded."))                              \
    X(MEDIA_OUTLET_QUOTA_BYTES, "media.outlet_quota_bytes", SIZE, "2 GiB", 0, 1099511627776, NULL, \
      N_("Most bytes of all pictures of one outlet. A picture in its three sizes takes about "     \
         "250 KiB, so this holds 8,000; an outlet that fills it hinders no other."))               \
    X(MEDIA_PERSON_DAY_FILES, "media.person_day_files", INT, "500", 1, 100000, NULL,               \
      N_("Most pictures one person may upload within 24 hours. A day of sports brings 200."))      \
    X(IMPORT_ROWS, "import.rows", INT, "100000", 1, 1000000, NULL,                                 \
      N_("Most rows of one import. All are checked before one is written; stories 200 at a "       \
         "time."))                                                                                 \
    X(IMPORT_BYTES, "import.bytes", SIZE, "64 MiB", 1024, 1073741824, NULL,                        \
      N_("Largest file of an import; it is held in memory while it is checked."))                  \
    X(SEARCH_QUERY_CHARS, "search.query_chars", INT, "100", 2, 200, NULL,                          \
      N_("Longest search in characters. Every pair of characters is looked up, so its cost "       \
         "grows with its length."))                                                                \
    X(LIST_PAGE_ITEMS, "list.page_items", INT, "20", 1, 100, NULL,                                 \
      N_("Items on one page of a list. A page of 20 is answered in few milliseconds and read in "  \
         "one go."))                                                                               \
    X(SESSION_IDLE_MS, "session.idle_ms", DURATION, "12 h", 60000, 604800000, NULL,                \
      N_("Time without a request after which a session ends. A working day passes without a new "  \
         "sign-in, a night does not."))                                                            \
    X(SESSION_ABSOLUTE_MS, "session.absolute_ms", DURATION, "7 d", 60000, 2592000000, NULL,        \
      N_("Time after which a session ends in any case, so that a stolen one dies."))               \
    X(SESSION_STEP_UP_MS, "session.step_up_ms", DURATION, "15 min", 60000, 3600000, NULL,          \
      N_("How long a freshly given password counts for decisions that demand one."))               \
    X(INVITATION_VALID_MS, "invitation.valid_ms", DURATION, "72 h", 60000, 2592000000, NULL,       \
      N_("How long an invitation or reset link may be used. Three days span a weekend."))          \
    X(SIGNIN_HASH_KIB, "signin.hash_kib", INT, "19456", 19456, 1048576, NULL,                      \
      N_("Memory of one password hash (Argon2id) in KiB. 19 MiB is the least that OWASP advises "  \
         "with two passes."))                                                                      \
    X(SIGNIN_HASH_PASSES, "signin.hash_passes", INT, "2", 2, 32, NULL,                             \
      N_("Passes of one password hash (Argon2id). Each one costs the guesser and the server "      \
         "alike."))                                                                                \
    X(SIGNIN_PARALLEL, "signin.parallel", INT, "2", 1, 64, NULL,                                   \
      N_("Password hashes computed at once. They bound the memory a wave of sign-ins takes."))     \
    X(SIGNIN_QUEUE, "signin.queue", INT, "64", 1, 4096, NULL,                                      \
      N_("Sign-ins that may wait for their hash; a further one is told to come back (503)."))      \
    X(SIGNIN_FREE_FAILURES, "signin.free_failures", INT, "3", 0, 20, NULL,                         \
      N_("Failed sign-ins of an account or an address before the next ones are delayed. People "   \
         "mistype."))                                                                              \
    X(SIGNIN_DELAY_MS, "signin.delay_ms", DURATION, "1 s", 0, 60000, NULL,                         \
      N_("First delay after failed sign-ins; it doubles with every further failure."))             \
    X(SIGNIN_DELAY_MAX_MS, "signin.delay_max_ms", DURATION, "5 min", 0, 3600000, NULL,             \
      N_("Longest delay after failed sign-ins. It slows a guesser to 288 tries a day and locks "   \
         "nobody out."))                                                                           \
    X(IMAGE_CPU_SECONDS, "image.cpu_seconds", INT, "10", 1, 300, NULL,                             \
      N_("Processor seconds the child that works on a picture may use before the kernel ends "     \
         "it."))                                                                                   \
    X(IMAGE_MEMORY_BYTES, "image.memory_bytes", SIZE, "1 GiB", 134217728, 17179869184, NULL,       \
      N_("Address space of the child that works on a picture. Its libraries alone map some "       \
         "hundred MiB."))                                                                          \
    X(IMAGE_TIMEOUT_MS, "image.timeout_ms", DURATION, "20 s", 1000, 600000, NULL,                  \
      N_("Time after which the child that works on a picture is ended. The largest allowed "       \
         "picture takes about 2 s."))                                                              \
    X(NET_ALLOW, "net.allow", ADDRESSES, "", 0, 4096, NULL,                                        \
      N_("Addresses or ranges inside (10.8.0.0/16), separated by commas, that this server may "    \
         "fetch from. Empty: none, for an address that a stranger writes into a form must not "    \
         "lead into the network behind the server."))                                              \
    X(NET_CONNECTIONS, "net.connections", INT, "256", 1, 20000, NULL,                              \
      N_("Most requests to other servers at once. Each needs a file descriptor and about 50 "      \
         "KiB; further ones wait."))                                                               \
    X(NET_HOST_CONNECTIONS, "net.host_connections", INT, "1", 1, 64, NULL,                         \
      N_("Most requests at once to one host and to one address. One is what a polite reader of "   \
         "feeds keeps to."))                                                                       \
    X(NET_WAITING, "net.waiting", INT, "20000", 1, 1000000, NULL,                                  \
      N_("Most requests to other servers that wait or run; a further one is refused as busy. "     \
         "Each holds about 8 KiB."))                                                               \
    X(NET_CONNECT_MS, "net.connect_ms", DURATION, "5 s", 100, 60000, NULL,                         \
      N_("How long another server may take to accept a connection, TLS included."))                \
    X(NET_HEAD_MS, "net.head_ms", DURATION, "10 s", 100, 120000, NULL,                             \
      N_("How long another server may take from the request to the end of its header, looking "    \
         "up its name and connecting included."))                                                  \
    X(NET_TOTAL_MS, "net.total_ms", DURATION, "30 s", 100, 600000, NULL,                           \
      N_("How long a request to another server may take with its redirects."))                     \
    X(NET_RATE_BYTES, "net.rate_bytes", SIZE, "256", 1, 1048576, NULL,                             \
      N_("Bytes a second that an answer must arrive with, averaged over 10 s; slower ones are "    \
         "cut."))                                                                                  \
    X(NET_HEADER_BYTES, "net.header_bytes", SIZE, "32 KiB", 1024, 262144, NULL,                    \
      N_("Largest header of an answer from another server."))                                      \
    X(NET_WIRE_BYTES, "net.wire_bytes", SIZE, "5 MiB", 1024, 1073741824, NULL,                     \
      N_("Largest answer from another server as it arrives. The largest feeds of news sites "      \
         "are about 2 MiB."))                                                                      \
    X(NET_BODY_BYTES, "net.body_bytes", SIZE, "20 MiB", 1024, 1073741824, NULL,                    \
      N_("Largest answer from another server when it is unfolded, for it is held in memory."))     \
    X(NET_RATIO, "net.ratio", INT, "100", 2, 10000, NULL,                                          \
      N_("How many times its size an answer may unfold to. Text unfolds to 10 times, an attack "   \
         "to 1,000 times."))                                                                       \
    X(NET_REDIRECTS, "net.redirects", INT, "3", 0, 10, NULL,                                       \
      N_("Most redirects that one request follows. Sites that moved need one or two."))            \
    X(NET_RESOLVE_THREADS, "net.resolve_threads", INT, "8", 1, 32, NULL,                           \
      N_("Names of other servers that are looked up at once. A name that nobody knows holds a "    \
         "thread for many seconds."))                                                              \
    X(NET_RESOLVE_MS, "net.resolve_ms", DURATION, "5 min", 0, 86400000, NULL,                      \
      N_("How long the address of another server is remembered. Sites that move keep the old "     \
         "one alive for at least that long."))                                                     \
    X(NET_RESOLVE_MISSING_MS, "net.resolve_missing_ms", DURATION, "30 s", 0, 3600000, NULL,        \
      N_("How long it is remembered that a name could not be found."))                             \
    X(NET_IDLE_MS, "net.idle_ms", DURATION, "60 s", 100, 3600000, NULL,                            \
      N_("Time without any request to others after which the kept connections are closed and "     \
         "their memory is given back."))                                                           \
    X(NET_ROBOTS_MS, "net.robots_ms", DURATION, "24 h", 60000, 86400000, NULL,                     \
      N_("How long the robots.txt of another site is remembered. Its standard forbids more "       \
         "than a day."))

#endif
