// One SQL text, two engines.
//
// In the column definitions of CREATE TABLE and ALTER TABLE … ADD COLUMN, and in a CAST inside
// them, these type words are replaced; anywhere else (names, literals, comments, queries) nothing
// is:
//
//   word    SQLite    PostgreSQL
//   int64   INTEGER   BIGINT              `int64 primary key` is SQLite's rowid; give the number
//   text    TEXT      TEXT COLLATE "C"    sorted by bytes on both
//   bytes   BLOB      BYTEA
//   bool    INTEGER   BIGINT              0 and 1: parameters and answers are integers
//   time    INTEGER   BIGINT              microseconds since 1970, UTC
//
// SQLite's tables become STRICT. WITHOUT ROWID may be written; PostgreSQL does not get to see it.
#pragma once
#include <string>
#include <string_view>

namespace store {

enum class Engine : unsigned char { sqlite, postgresql };

// The text for an engine; several statements are fine.
std::string translate(std::string_view sql, Engine engine);

// Whether the first word of `sql` is CREATE, ALTER or DROP.
bool changes_schema(std::string_view sql);

}  // namespace store
