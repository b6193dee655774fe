#include "exchange/notifications/reader.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace exchange::notifications {
namespace {

using store::Query;

const Query kReader{"exchange.notification_reader",
                    "select seq, until, hidden, quiet_from, quiet_to from notification_reader "
                    "where person = $1"};
const Query kRead{"exchange.notification_read_ids",
                  "select id from notification_read where person = $1"};
const Query kMark{"exchange.notification_mark",
                  "insert into notification_reader (person, seq, until, hidden) "
                  "values ($1, $2, $3, 0) on conflict (person) do update set "
                  "seq = excluded.seq, until = excluded.until"};
const Query kPrefer{"exchange.notification_prefer",
                    "insert into notification_reader (person, hidden, quiet_from, quiet_to) "
                    "values ($1, $2, $3, $4) on conflict (person) do update set "
                    "hidden = excluded.hidden, quiet_from = excluded.quiet_from, "
                    "quiet_to = excluded.quiet_to"};
const Query kAdd{"exchange.notification_read_add",
                 "insert into notification_read (person, id, read_at) values ($1, $2, $3) "
                 "on conflict (person, id) do update set read_at = excluded.read_at"};
const Query kRemove{"exchange.notification_read_remove",
                    "delete from notification_read where person = $1 and id = $2"};
const Query kForget{"exchange.notification_read_forget",
                    "delete from notification_read where person = $1 and id in "
                    "(select id from notification_read where person = $1 "
                    "order by read_at desc, id limit $3 offset $2)"};

constexpr int kDayMinutes = 24 * 60;
constexpr std::size_t kIdBytesMax = 64;

base::Error bad_mark() {
  return {base::Code::invalid, "exchange.bad_read_mark",
          "`up_to` must be passed exactly as a list of notifications gave it, or `ids` name some",
          "`up_to` phải đúng như danh sách thông báo đã trả, hoặc `ids` nêu từng thông báo"};
}

base::Error bad_hours() {
  return {base::Code::invalid, "exchange.bad_quiet_hours",
          "quiet hours: `from` and `to` must be two different times such as 21:00 and 06:00",
          "giờ yên lặng: `from` và `to` phải là hai giờ khác nhau, ví dụ 21:00 và 06:00"};
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdBytesMax && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::int64_t bit(Kind kind) { return std::int64_t{1} << static_cast<int>(kind); }

bool is_minute(int minute) { return minute >= 0 && minute < kDayMinutes; }

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string Mark::text() const {
  return std::to_string(seq) + "-" + std::to_string(base::to_micros(until));
}

base::Result<Mark> Mark::parse(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return bad_mark();
  const auto seq = number_of(text.substr(0, dash)), until = number_of(text.substr(dash + 1));
  if (!seq || !until) return bad_mark();
  return Mark{*seq, base::from_micros(*until)};
}

bool QuietHours::at(base::Time now) const {
  constexpr std::int64_t kMinute = 60'000'000, kZone = 7 * 60;
  const int minute = static_cast<int>((base::to_micros(now) / kMinute + kZone) % kDayMinutes);
  return from < to ? from <= minute && minute < to : from <= minute || minute < to;
}

bool Preferences::hides(Kind kind) const {
  return std::find(hidden.begin(), hidden.end(), kind) != hidden.end();
}

base::Result<Reader> reader(store::Connection& connection, identity::PersonKey person) {
  Reader found;
  TRY(connection.first(kReader, {person}, [&](const store::Row& row) {
    if (!row.is_null(0)) found.mark = Mark{row.integer(0), row.time(1)};
    for (int i = 0; i < kKinds; ++i) {
      const auto kind = static_cast<Kind>(i);
      if ((row.integer(2) & bit(kind)) != 0) found.preferences.hidden.push_back(kind);
    }
    if (!row.is_null(3)) {
      found.preferences.quiet =
          QuietHours{static_cast<int>(row.integer(3)), static_cast<int>(row.integer(4))};
    }
  }));
  TRY(connection.each(kRead, {person}, [&](const store::Row& row) {
    found.read.insert(row.string(0));
    return true;
  }));
  return found;
}

base::Result<void> keep_mark(store::Connection& connection, identity::PersonKey person,
                             const Mark& mark) {
  TRY(connection.run(kMark, {person, mark.seq, mark.until}));
  return base::done();
}

base::Result<void> keep_read(store::Connection& connection, identity::PersonKey person,
                             const std::vector<std::string>& ids, bool read, base::Time now) {
  for (const std::string& id : ids) {
    if (!is_id(id)) {
      return base::Error(base::Code::invalid, "exchange.notification_unknown",
                         "`ids` must be ids as a list of notifications gave them",
                         "`ids` phải là các mã thông báo như danh sách đã trả");
    }
    if (read) {
      TRY(connection.run(kAdd, {person, id, now}));
    } else {
      TRY(connection.run(kRemove, {person, id}));
    }
  }
  TRY(connection.run(kForget, {person, kReadKept, static_cast<std::int64_t>(kReadAtOnce)}));
  return base::done();
}

base::Result<void> keep_preferences(store::Connection& connection, identity::PersonKey person,
                                    const Preferences& preferences) {
  std::int64_t hidden = 0;
  for (const Kind kind : preferences.hidden) {
    if (escalates(kind)) {
      const std::string name(name_of(kind));
      return base::Error(base::Code::invalid, "exchange.notification_always_on",
                         name + " cannot be switched off: what is urgent or late is always told",
                         "không tắt được " + name + ": việc khẩn và việc quá hạn luôn được báo");
    }
    hidden |= bit(kind);
  }
  const auto& quiet = preferences.quiet;
  if (quiet && (!is_minute(quiet->from) || !is_minute(quiet->to) || quiet->from == quiet->to))
    return bad_hours();
  std::optional<std::int64_t> from, to;
  if (quiet) {
    from = quiet->from;
    to = quiet->to;
  }
  TRY(connection.run(kPrefer, {person, hidden, from, to}));
  return base::done();
}

base::Result<int> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return bad_hours();
  const auto hour = number_of(text.substr(0, 2)), minute = number_of(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return bad_hours();
  return static_cast<int>(*hour * 60 + *minute);
}

std::string minute_text(int minute) {
  char text[8];
  std::snprintf(text, sizeof text, "%02d:%02d", minute / 60 % 24, minute % 60);
  return text;
}

}  // namespace exchange::notifications
