/* db/tx.h - what db.c needs of the transactions; private to this folder. */
#ifndef DB_TX_H
#define DB_TX_H

#include "db/driver.h"

/* ERR_BUSY when the open transaction was lost, ERR_BUG when a statement of this level failed before. */
CHECKED Err tx_check_usable(const Db *db);
/* Counts one storage call; ERR_IO when db_fail_at chose it. */
CHECKED Err tx_inject(Db *db);

#endif
