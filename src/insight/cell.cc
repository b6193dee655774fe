#include "insight/cell.h"

#include <algorithm>
#include <bit>

namespace insight {
namespace {

constexpr std::int64_t kZoneSeconds = 7 * 3600, kDaySeconds = 86400;
constexpr int kFineBits = 5;  // 32 classes for each doubling
constexpr std::int64_t kExact = 64;
constexpr std::size_t kClassesMax = 1024;

std::int64_t floored(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// --- numbers as they are kept: seven bits a byte, low ones first ---------------------------------
void put(base::Bytes& out, std::int64_t number) {
  auto left = static_cast<std::uint64_t>(number);
  for (; left >= 0x80; left >>= 7) out.push_back(static_cast<char>(left | 0x80));
  out.push_back(static_cast<char>(left));
}

class Reading {
 public:
  explicit Reading(base::BytesView bytes) : bytes_(bytes) {}
  std::int64_t next() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) break;
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return static_cast<std::int64_t>(number);
    }
    damaged_ = true;
    return 0;
  }
  // Of things of which each takes two bytes at least.
  std::int64_t count() {
    const std::int64_t number = next();
    if (number < 0 || static_cast<std::uint64_t>(number) > bytes_.size()) damaged_ = true;
    return damaged_ ? 0 : number;
  }
  void damage() { damaged_ = true; }
  bool whole() const { return !damaged_ && at_ == bytes_.size(); }
  bool damaged() const { return damaged_; }

 private:
  const base::BytesView bytes_;
  std::size_t at_ = 0;
  bool damaged_ = false;
};

void put(base::Bytes& out, const Durations& durations) {
  put(out, std::count_if(durations.begin(), durations.end(), [](auto n) { return n != 0; }));
  std::size_t last = 0;
  for (std::size_t i = 0; i < durations.size(); ++i) {
    if (durations[i] == 0) continue;
    put(out, static_cast<std::int64_t>(i - last));
    put(out, durations[i]);
    last = i;
  }
}

void read(Reading& in, Durations& durations) {
  std::size_t at = 0;
  for (std::int64_t left = in.count(); left > 0 && !in.damaged(); --left) {
    at += static_cast<std::size_t>(in.next());
    const std::int64_t count = in.next();
    if (at >= kClassesMax) return in.damage();
    add_to(durations, at, count);
  }
}

base::Error damaged() {
  return {base::Code::data_loss, "insight.cell_damaged",
          "what was counted of a day is damaged: run truc insight rebuild",
          "số đếm của một ngày bị hỏng: hãy chạy truc insight rebuild"};
}

// The sum of what read() would take.
std::int64_t skip_durations(Reading& in) {
  std::int64_t sum = 0;
  for (std::int64_t left = in.count(); left > 0 && !in.damaged(); --left) {
    in.next();
    sum += in.next();
  }
  return sum;
}

}  // namespace

std::int64_t day_of(base::Time time) {
  const std::int64_t seconds = floored(base::to_micros(time), 1'000'000);
  return floored(seconds + kZoneSeconds, kDaySeconds);
}

base::Time start_of(std::int64_t day) {
  return base::from_micros((day * kDaySeconds - kZoneSeconds) * 1'000'000);
}

base::Date date_of(std::int64_t day) { return base::vietnam_date(start_of(day)); }

std::int64_t day_of(const base::Date& date) {
  using namespace std::chrono;
  return sys_days(year_month_day{year(date.year), month(static_cast<unsigned>(date.month)),
                                 std::chrono::day(static_cast<unsigned>(date.day))})
      .time_since_epoch()
      .count();
}

std::string day_text(std::int64_t day) {
  std::string text = base::date_text(date_of(day));
  std::replace(text.begin(), text.end(), '/', '-');
  return text;
}

std::size_t class_of(base::Duration duration) {
  const std::int64_t seconds = std::max<std::int64_t>(0, duration.count() / 1'000'000);
  if (seconds < kExact) return static_cast<std::size_t>(seconds);
  const int exponent = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(seconds))) - 1;
  const std::int64_t fine = (seconds >> (exponent - kFineBits)) & ((1 << kFineBits) - 1);
  return static_cast<std::size_t>(kExact + (std::int64_t{exponent - 6} << kFineBits) + fine);
}

std::int64_t last_second_of(std::size_t duration_class) {
  const auto place = static_cast<std::int64_t>(duration_class);
  if (place < kExact) return place;
  const std::int64_t exponent = ((place - kExact) >> kFineBits) + 6;
  const std::int64_t fine = (place - kExact) & ((1 << kFineBits) - 1);
  return (((std::int64_t{1} << kFineBits) + fine + 1) << (exponent - kFineBits)) - 1;
}

std::string_view name_of(Stage stage) {
  static constexpr std::string_view kNames[kStages] = {"waiting",   "arrived",    "received",
                                                       "assigned",  "processing", "completed",
                                                       "recovered", "refused"};
  return kNames[static_cast<std::size_t>(stage)];
}

std::string_view name_of(Direction direction) {
  return direction == Direction::sent ? "sent" : "received";
}

const base::Text& text_of(Stage stage) {
  static const base::Text kTexts[kStages] = {{"Chờ bên nhận lấy", "waiting for the recipient"},
                                             {"Đã đến", "arrived"},
                                             {"Đã tiếp nhận", "received"},
                                             {"Đã phân công", "assigned"},
                                             {"Đang xử lý", "being worked on"},
                                             {"Hoàn thành", "completed"},
                                             {"Đã lấy lại", "recovered"},
                                             {"Bị từ chối", "refused"}};
  return kTexts[static_cast<std::size_t>(stage)];
}

void add_to(Durations& durations, std::size_t duration_class, std::int64_t count) {
  if (durations.size() <= duration_class) durations.resize(duration_class + 1);
  durations[duration_class] += count;
}

std::int64_t sum_of(const Durations& durations) {
  std::int64_t sum = 0;
  for (const std::int64_t count : durations) sum += count;
  return sum;
}

void Cell::add(const Cell& other) {
  documents += other.documents;
  urgent_documents += other.urgent_documents;
  deliveries += other.deliveries;
  urgent_deliveries += other.urgent_deliveries;
  urgent_arrived += other.urgent_arrived;
  answered_late += other.answered_late;
  for (std::size_t i = 0; i < kStages; ++i) stages[i] += other.stages[i];
  for (const auto member :
       {&Cell::arrival, &Cell::arrival_ended, &Cell::answer, &Cell::answer_ended}) {
    const Durations& from = other.*member;
    for (std::size_t i = 0; i < from.size(); ++i)
      if (from[i] != 0) add_to(this->*member, i, from[i]);
  }
  for (const auto& [minute, count] : other.unarrived) unarrived[minute] += count;
  for (const auto& [waits, count] : other.unanswered) unanswered[waits] += count;
}

std::int64_t Cell::open() const {
  std::int64_t sum = 0;
  for (const auto& one : unarrived) sum += one.second;
  for (const auto& one : unanswered) sum += one.second;
  return sum;
}

base::Bytes Cell::encode() const {
  base::Bytes out;
  put(out, kDefinition);
  for (const std::int64_t number :
       {documents, urgent_documents, deliveries, urgent_deliveries, urgent_arrived, answered_late})
    put(out, number);
  for (const std::int64_t number : stages) put(out, number);
  for (const Durations* const one : {&arrival, &arrival_ended, &answer, &answer_ended})
    put(out, *one);
  put(out, static_cast<std::int64_t>(unarrived.size()));
  std::int64_t last = 0;
  for (const auto& [minute, count] : unarrived) {
    put(out, minute - last);
    put(out, count);
    last = minute;
  }
  put(out, static_cast<std::int64_t>(unanswered.size()));
  last = 0;
  for (const auto& [waits, count] : unanswered) {
    put(out, waits.minute - last);
    put(out, waits.due);
    put(out, count);
    last = waits.minute;
  }
  return out;
}

base::Result<Cell> Cell::decode(base::BytesView bytes) {
  Reading in(bytes);
  Cell cell;
  if (in.next() != kDefinition) in.damage();
  for (const auto member : {&Cell::documents, &Cell::urgent_documents, &Cell::deliveries,
                            &Cell::urgent_deliveries, &Cell::urgent_arrived, &Cell::answered_late})
    cell.*member = in.next();
  for (std::int64_t& number : cell.stages) number = in.next();
  for (Durations* const one :
       {&cell.arrival, &cell.arrival_ended, &cell.answer, &cell.answer_ended})
    read(in, *one);
  std::int64_t minute = 0;
  for (std::int64_t left = in.count(); left > 0 && !in.damaged(); --left) {
    minute += in.next();
    cell.unarrived[minute] = in.next();
  }
  minute = 0;
  for (std::int64_t left = in.count(); left > 0 && !in.damaged(); --left) {
    minute += in.next();
    const std::int64_t due = in.next();
    cell.unanswered[{minute, due}] = in.next();
  }
  if (in.whole()) return cell;
  return damaged();
}

base::Result<Tally> Tally::read(base::BytesView cell, base::Time as_of) {
  constexpr int kBeforeDurations = 6;  // the numbers ahead of the states
  Reading in(cell);
  Tally out;
  if (in.next() != kDefinition) in.damage();
  std::array<std::int64_t, kBeforeDurations> numbers{};
  for (std::int64_t& number : numbers) number = in.next();
  out.documents = numbers[0];
  out.deliveries = numbers[2];
  out.answered_late = numbers[5];
  for (std::size_t i = 0; i < kStages; ++i) in.next();
  skip_durations(in);
  skip_durations(in);
  out.answered = skip_durations(in);
  skip_durations(in);
  out.unarrived = skip_durations(in);  // laid out alike
  for (std::int64_t left = in.count(); left > 0 && !in.damaged(); --left) {
    in.next();
    const std::int64_t due = in.next(), count = in.next();
    if (due != 0 && base::to_micros(as_of) > due) out.late_now += count;
  }
  if (in.whole()) return out;
  return damaged();
}

}  // namespace insight
