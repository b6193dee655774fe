// What is counted of one day, for one organisation and direction: numbers that can be added up. The
// bytes are docs/formats/insight.md.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace insight {

// Raised whenever a figure is computed differently: then everything is computed anew.
inline constexpr int kDefinition = 1;

// Days of Viet Nam since 1970. The day of a document is that of its number (exchange/identifiers.h)
// and so of its acceptance.
std::int64_t day_of(base::Time time);
base::Time start_of(std::int64_t day);
base::Date date_of(std::int64_t day);
std::int64_t day_of(const base::Date& date);
std::string day_text(std::int64_t day);  // "2026-11-22"

// Durations, by classes whose width is at most 1/32 of their beginning: seconds below 64 are told
// apart.
std::size_t class_of(base::Duration duration);
std::int64_t last_second_of(std::size_t duration_class);
using Durations = std::vector<std::int64_t>;  // how many, by class

// How far a delivery has come: the six states that are reported, and those that are none of them.
enum class Stage : unsigned char {
  waiting,     // nobody has fetched it
  arrived,     // fetched, acknowledged, or 01
  received,    // 03
  assigned,    // 04
  processing,  // 05
  completed,   // 06
  recovered,   // taken back, or withdrawn before it was fetched
  refused,     // 02, could not be taken, or kept out for malware
};
inline constexpr std::size_t kStages = 8;
std::string_view name_of(Stage stage);
const base::Text& text_of(Stage stage);

// The organisation 0 of direction `received` stands for all: every document and every delivery.
enum class Direction : unsigned char { sent = 0, received = 1 };
std::string_view name_of(Direction direction);  // "sent", "received"

// A delivery that waits for its recipient's word, since when and until when, to be added up.
struct Waits {
  std::int64_t minute = 0;  // of acceptance, since 1970
  std::int64_t due = 0;     // microseconds since 1970; 0: its clock is paused
  auto operator<=>(const Waits&) const = default;
};

struct Cell {
  std::int64_t documents = 0, urgent_documents = 0;
  std::int64_t deliveries = 0, urgent_deliveries = 0;
  std::int64_t urgent_arrived = 0;
  std::int64_t answered_late = 0;
  std::array<std::int64_t, kStages> stages{};
  // From acceptance: until it was fetched or acknowledged first, and until the recipient's first
  // word; and until it was taken back before that.
  Durations arrival, arrival_ended, answer, answer_ended;
  std::map<std::int64_t, std::int64_t> unarrived;  // how many, by the minute of acceptance
  std::map<Waits, std::int64_t> unanswered;

  void add(const Cell& other);
  std::int64_t open() const;  // unarrived and unanswered ones
  bool operator==(const Cell&) const = default;

  // The same cell gives the same bytes. insight.cell_damaged (data_loss).
  base::Bytes encode() const;
  static base::Result<Cell> decode(base::BytesView bytes);
};

// What a ranking needs of a cell, read without the rest: a year of every organisation has a quarter
// of a million.
struct Tally {
  std::int64_t documents = 0, deliveries = 0;
  std::int64_t answered = 0, answered_late = 0, late_now = 0, unarrived = 0;
  static base::Result<Tally> read(base::BytesView cell, base::Time as_of);
};

void add_to(Durations& durations, std::size_t duration_class, std::int64_t count);
std::int64_t sum_of(const Durations& durations);

}  // namespace insight
