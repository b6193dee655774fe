// Sends a stock of signed documents over keep-alive connections, each as soon as the last was
// answered, or the same bytes to nginx by PUT (--target nginx). The stock is built before the clock
// starts. --attachments FOLDER --attached N attaches FOLDER/0.pdf … in turn.
#include <csignal>
#include <string>
#include <vector>

#include "load.h"
#include "plan.h"

namespace {

struct Round {
  std::vector<load::Request> stock;
  std::size_t taken = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t broken = 0;
  std::string first_refusal;
  load::Latencies latencies;
  bool put = false;
};

class Closed : public load::Sender {
 public:
  explicit Closed(Round* round) : round_(round) {}

  load::Next next(load::Clock::time_point, load::Request* out, load::Clock::time_point*) override {
    if (round_->taken == round_->stock.size()) {
      return load::Next::finished;
    }
    *out = std::move(round_->stock[round_->taken++]);
    return load::Next::request;
  }

  void answered(const load::Answer& answer) override {
    const bool good =
        round_->put ? answer.status == 201 || answer.status == 204 : bench::accepted(answer.body);
    if (good) {
      ++round_->accepted;
      round_->latencies.add(answer.milliseconds());
      return;
    }
    if (round_->refused++ == 0) {
      round_->first_refusal =
          std::to_string(answer.status) + " " + std::string(answer.body.substr(0, 300));
    }
  }

  void broken() override { ++round_->broken; }

 private:
  Round* round_;
};

load::Request put(bench::Stock::Document document, std::uint64_t run, std::uint64_t number) {
  load::Request request;
  request.own = "PUT /" + std::to_string(number % 256) + "/" + std::to_string(run) + "-" +
                std::to_string(number) + ".edxml HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " +
                std::to_string(document.size()) + "\r\n\r\n";
  request.own += document.front;
  request.shared = std::move(document.back);
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const bench::Arguments arguments(argc, argv);
  const auto port = static_cast<std::uint16_t>(arguments.number("port", 0));
  const auto count = static_cast<std::size_t>(arguments.number("count", 2000));
  const auto run = static_cast<std::uint64_t>(arguments.number("run", 1));
  const bench::Plan plan(arguments.text("plan", "plan.txt"), port);
  std::vector<std::string> attachments;
  for (std::int64_t i = 0; i < arguments.number("attached", 0); ++i) {
    attachments.push_back(arguments.text("attachments", ".") + "/" + std::to_string(i) + ".pdf");
  }
  bench::Stock stock(&plan, static_cast<std::size_t>(arguments.number("size", 20480)),
                     static_cast<std::size_t>(arguments.number("recipients", 5)), run, attachments);
  Round round;
  round.put = arguments.text("target", "truc") == "nginx";
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bench::Stock::Document document = stock.next();
    bytes += document.size();
    round.stock.push_back(round.put ? put(std::move(document), run, i)
                                    : stock.request(std::move(document)));
  }
  load::Loop loop("127.0.0.1", port);
  std::vector<std::unique_ptr<Closed>> senders;
  for (std::int64_t i = 0; i < arguments.number("connections", 64); ++i) {
    senders.push_back(std::make_unique<Closed>(&round));
    loop.add(senders.back().get());
  }
  const load::Clock::time_point start = load::Clock::now();
  const bool reached = loop.run(start + std::chrono::seconds(arguments.number("limit", 120)));
  const double seconds = std::chrono::duration<double>(load::Clock::now() - start).count();
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(round.accepted) / seconds);
  figures.add_latencies(round.latencies);
  figures.add("seconds", seconds);
  figures.add_count("accepted", round.accepted);
  figures.add_count("refused", round.refused);
  figures.add_count("broken", round.broken);
  figures.add("document_bytes", static_cast<double>(bytes) / static_cast<double>(count));
  figures.print();
  if (!round.first_refusal.empty()) {
    bench::die("refused: " + round.first_refusal);
  }
  return reached && round.accepted > 0 ? 0 : 1;
}
