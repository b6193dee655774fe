#include "search/index.h"

namespace search {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {{"search", 1, "search", R"sql(
create table search_document (
  number int64 primary key,
  id int64 not null,
  notation text not null,
  subject text not null,
  sender text not null,
  type text not null,
  note text not null,
  urgency int64 not null,
  day int64 not null,
  content text not null
);
create unique index search_document_id on search_document (id);
create table search_segment (
  id int64 primary key,
  first int64 not null,
  documents int64 not null,
  day_min int64 not null,
  day_max int64 not null,
  live bool not null
);
create table search_page (
  segment int64 not null,
  first text not null,
  data bytes not null,
  primary key (segment, first)
);
create table search_state (
  id int64 primary key,
  position int64 not null,
  next_number int64 not null,
  next_segment int64 not null
);
insert into search_state (id, position, next_number, next_segment) values (1, 0, 1, 1);
)sql"}};
  return kAll;
}

}  // namespace search
