#include "exchange/feed/places.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/hash.h"

namespace exchange::feed {
namespace {

using store::Blob;
using store::Query;

const Query kNoted{"exchange.feed_noted", "select floor, seq from feed_position where id = 1"};
const Query kRowOf{"exchange.feed_row_of",
                   "select places from feed where organisation = $1 and last_seq >= $2 "
                   "order by last_seq limit 1"};
const Query kRowsBefore{"exchange.feed_rows_before",
                        "select places from feed where organisation = $1 and last_seq < $2 "
                        "order by last_seq desc limit $3"};

constexpr std::size_t kPlacesInRow = 256;  // more only when one entry alone has more

struct Row {
  OrganisationKey organisation = 0;
  std::int64_t last_seq = 0;
  base::Bytes places;
};

void append_number(base::Bytes& out, std::uint64_t value) {  // LEB128
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
}

bool take_number(base::BytesView& bytes, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

std::vector<Row> rows_of(const std::vector<EventPointer>& events, std::int64_t after) {
  std::map<OrganisationKey, std::vector<Cursor>> by_organisation;
  for (const EventPointer& event : events) {
    if (event->at.seq <= after) continue;
    for (const OrganisationKey key : event->concerned) by_organisation[key].push_back(event->at);
  }
  std::vector<Row> rows;
  for (const auto& [organisation, places] : by_organisation) {
    std::vector<Cursor> row;
    for (const Cursor& place : places) {
      // An entry is never split: its number is the row's key.
      if (row.size() >= kPlacesInRow && row.back().seq != place.seq) {
        rows.push_back({organisation, row.back().seq, packed(row)});
        row.clear();
      }
      row.push_back(place);
    }
    rows.push_back({organisation, row.back().seq, packed(row)});
  }
  return rows;
}

// Many rows in one statement: each statement is a round trip on PostgreSQL. Rows after the last
// repeat the first, which the conflict drops.
const Query kInsertOne{"exchange.feed_insert",
                       "insert into feed (organisation, last_seq, places) values ($1, $2, $3)"};
constexpr std::size_t kTogether = 64;

const Query& insert_together() {
  static const std::string sql = [] {
    std::string text = "insert into feed (organisation, last_seq, places) values ";
    for (std::size_t i = 0; i < kTogether; ++i) {
      if (i > 0) text += ", ";
      text += "($" + std::to_string(3 * i + 1) + ", $" + std::to_string(3 * i + 2) + ", $" +
              std::to_string(3 * i + 3) + ")";
    }
    return text + " on conflict (organisation, last_seq) do nothing";
  }();
  static const Query kQuery{"exchange.feed_insert_together", sql};
  return kQuery;
}

store::Param parameter(const std::vector<Row>& rows, std::size_t first, std::size_t i) {
  const std::size_t at = first + i / 3;
  const Row& row = rows[at < rows.size() ? at : first];
  if (i % 3 == 0) return row.organisation;
  if (i % 3 == 1) return row.last_seq;
  return Blob{row.places};
}

template <std::size_t... I>
base::Result<std::int64_t> run_together(store::Connection& connection, const std::vector<Row>& rows,
                                        std::size_t first, std::index_sequence<I...> /*columns*/) {
  return connection.run(insert_together(), {parameter(rows, first, I)...});
}

}  // namespace

base::Bytes packed(const std::vector<Cursor>& places) {
  base::Bytes out;
  std::int64_t seq = 0;
  for (const Cursor& place : places) {
    append_number(out, static_cast<std::uint64_t>(place.seq - seq));
    append_number(out, place.sub);
    seq = place.seq;
  }
  return out;
}

base::Result<std::vector<Cursor>> unpacked(base::BytesView bytes) {
  std::vector<Cursor> places;
  std::int64_t seq = 0;
  while (!bytes.empty()) {
    std::uint64_t step = 0, sub = 0;
    if (!take_number(bytes, step) || !take_number(bytes, sub) || sub >= Cursor::kWholeEntry) {
      return base::Error(base::Code::data_loss, "exchange.feed_damaged",
                         "a row of the table feed is damaged; run truc verify",
                         "một dòng của bảng feed bị hỏng; hãy chạy truc verify");
    }
    seq += static_cast<std::int64_t>(step);
    places.push_back({seq, static_cast<std::uint32_t>(sub)});
  }
  return places;
}

base::Result<void> insert_places(store::Connection& connection,
                                 const std::vector<EventPointer>& events, std::int64_t after) {
  const std::vector<Row> rows = rows_of(events, after);
  std::size_t at = 0;
  constexpr std::size_t kFew = kTogether / 8;
  while (at < rows.size()) {
    if (rows.size() - at > kFew) {
      TRY(run_together(connection, rows, at, std::make_index_sequence<3 * kTogether>()));
      at += kTogether;
      continue;
    }
    TRY(connection.run(kInsertOne,
                       {rows[at].organisation, rows[at].last_seq, Blob{rows[at].places}}));
    ++at;
  }
  return base::done();
}

base::Result<Noted> noted(store::Connection& connection) {
  Noted found;
  TRY(connection.first(kNoted, {}, [&](const store::Row& row) {
    found = {row.integer(0), row.integer(1)};
  }));
  return found;
}

base::Result<std::vector<Cursor>> places_before(store::Connection& connection,
                                                OrganisationKey organisation, Cursor before,
                                                std::size_t most) {
  std::vector<Cursor> found;
  base::Result<void> failed;
  const auto take = [&](const store::Row& row) {
    const auto places = unpacked(row.bytes(0));
    if (!places) {
      failed = places.error();
      return false;
    }
    for (auto place = places->rbegin(); place != places->rend() && found.size() < most; ++place) {
      if (*place < before) found.push_back(*place);
    }
    return found.size() < most;
  };
  // `before` may lie in the middle of a row.
  TRY(connection.each(kRowOf, {organisation, before.seq}, take));
  TRY(failed);
  if (found.size() < most) {
    TRY(connection.each(kRowsBefore, {organisation, before.seq, static_cast<std::int64_t>(most)},
                        take));
  }
  TRY(failed);
  return found;
}

}  // namespace exchange::feed
