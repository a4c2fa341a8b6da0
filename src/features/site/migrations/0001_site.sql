-- store: named  file: record
CREATE TABLE site_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
