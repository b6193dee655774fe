#include "background.h"

#include <algorithm>
#include <utility>

namespace bench {

using load::Clock;

namespace {
// A refused sender comes again after this long, as the SDK would much later.
constexpr std::chrono::milliseconds kAgain(20);
}  // namespace

class Background::Line : public load::Sender {
 public:
  explicit Line(Background* background) : background_(background) {}

  load::Next next(Clock::time_point now, load::Request* out, Clock::time_point* when) override {
    const Options& options = background_->options_;
    if (now >= options.start + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(options.seconds))) {
      return load::Next::finished;
    }
    if (now < again_) {
      *when = again_;
      return load::Next::later;
    }
    if (!again_pending_) {
      Clock::time_point due{};
      if (options.rate > 0) {
        due = options.start +
              std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                  static_cast<double>(background_->taken_) / options.rate));
        if (due > now) {
          *when = due;
          return load::Next::later;
        }
      }
      kept_ = background_->take();
      kept_.due = due;
    }
    again_pending_ = false;
    *out = kept_;
    return load::Next::request;
  }

  void answered(const load::Answer& answer) override {
    if (bench::accepted(answer.body)) {
      ++background_->accepted;
      background_->answered.add(answer.milliseconds());
      return;
    }
    ++background_->refused;
    again_pending_ = true;
    again_ = answer.received + kAgain;
  }

  void broken() override {
    ++background_->broken;
    again_pending_ = true;
  }

 private:
  Background* background_;
  load::Request kept_;
  bool again_pending_ = false;
  Clock::time_point again_{};
};

Background::Background(Stock* stock, std::size_t made_before) : stock_(stock) {
  for (std::size_t i = 0; i < made_before; ++i) {
    ready_.push_back(stock_->request(stock_->next()));
  }
}

Background::~Background() = default;

void Background::join(load::Loop* loop, const Options& options) {
  options_ = options;
  for (std::size_t i = 0; i < options.connections; ++i) {
    lines_.push_back(std::make_unique<Line>(this));
    loop->add(lines_.back().get());
  }
}

load::Request Background::take() {
  ++taken_;
  if (ready_.empty()) {
    return stock_->request(stock_->next());
  }
  load::Request request = std::move(ready_.front());
  ready_.pop_front();
  return request;
}

}  // namespace bench
