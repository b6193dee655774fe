#include "insight/testing/busy_exchange.h"

namespace insight::testing {

using exchange::testing::kReceiver;
using exchange::testing::kSender;
using exchange::testing::Letter;

base::Time monday() { return *base::parse_vietnam_time("2026/11/16 12:00:00"); }

void Busy::send() {
  Letter letter;
  letter.number = std::to_string(sent_.size() + 1);
  letter.from = random_.below(3) == 0 ? "H99.02" : "H99.01";
  letter.to = {"G99"};
  if (random_.below(2) == 0) letter.to.emplace_back("H98");
  if (random_.below(4) == 0) letter.to.emplace_back("K97");
  letter.priority = random_.below(5) == 0 ? "2" : "0";
  const std::string id = site_.send(letter).id;
  sent_.push_back({std::move(letter), id});
}

void Busy::act() {
  Sent& one = sent_[random_.below(sent_.size())];
  const std::string& to =
      one.letter.to[random_.below(std::min<std::size_t>(2, one.letter.to.size()))];
  switch (random_.below(8)) {
    case 0:
    case 1:
    case 2:
      static_cast<void>(site_.fetch(kReceiver, one.id));
      break;
    case 3:
      static_cast<void>(site_.acknowledge(kReceiver, one.id, "done"));
      break;
    case 4:
      if (random_.below(4) == 0) static_cast<void>(site_.acknowledge(kReceiver, one.id, "fail"));
      break;
    case 5:
    case 6: {
      if (to == "K97") break;
      static constexpr const char* kCodes[] = {"01", "02", "03", "04", "05", "06"};
      auto report = exchange::testing::report_on(one.letter, to, kCodes[random_.below(6)]);
      report.time = base::vietnam_time_text(site_.clock.now(), '/');
      static_cast<void>(site_.send(kReceiver, report));
      break;
    }
    default:
      if (one.recalled || random_.below(3) != 0 || to == "K97") break;
      one.recalled = true;
      static_cast<void>(site_.send(kSender, exchange::testing::recall_of(one.letter, to)));
      if (random_.below(2) == 0) {
        static_cast<void>(
            site_.send(kReceiver, exchange::testing::report_on(one.letter, to, "15")));
      }
  }
}

void Busy::work(int steps) {
  for (int i = 0; i < steps; ++i) {
    if (sent_.empty() || random_.below(3) == 0) {
      send();
    } else {
      act();
    }
    site_.clock.advance(
        std::chrono::seconds(random_.below(4) == 0 ? random_.below(21600) : random_.below(300)));
  }
}

}  // namespace insight::testing
