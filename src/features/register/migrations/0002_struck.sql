-- store: named  file: record
-- A struck outlet stays, and its account may be filed anew under another number.
DROP INDEX outlet_account;
CREATE UNIQUE INDEX outlet_account ON outlet (platform, platform_account)
    WHERE platform_account <> '' AND state <> 'struck';
