// How long a document takes from before it is sent until the recipient system has it in its list,
// under a load: at a rate (benchmark `latency`), or with far more senders than the server can
// serve while the followed documents are urgent (benchmark `urgent`).
#include <csignal>
#include <string>

#include "background.h"
#include "follow.h"
#include "load.h"
#include "plan.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const bench::Arguments arguments(argc, argv);
  const auto port = static_cast<std::uint16_t>(arguments.number("port", 0));
  const auto run = static_cast<std::uint64_t>(arguments.number("run", 1));
  const double seconds = arguments.real("seconds", 10);
  const double rate = arguments.real("rate", 0);
  const bench::Plan plan(arguments.text("plan", "plan.txt"), port);
  const auto size = static_cast<std::size_t>(arguments.number("size", 20480));
  const auto recipients = static_cast<std::size_t>(arguments.number("recipients", 5));
  bench::Stock normal(&plan, size, recipients, run * 2);
  bench::Stock followed(&plan, size, recipients, run * 2 + 1);
  bench::Background background(&normal, static_cast<std::size_t>(arguments.number("stock", 10000)));
  load::Loop loop("127.0.0.1", port);
  const load::Clock::time_point start = load::Clock::now() + std::chrono::milliseconds(100);

  bench::Background::Options load_options;
  load_options.rate = rate;
  load_options.connections = static_cast<std::size_t>(arguments.number("connections", 64));
  load_options.start = start;
  load_options.seconds = seconds;
  background.join(&loop, load_options);

  bench::Follow::Options follow_options;
  follow_options.rate = arguments.real("followed-rate", 50);
  follow_options.priority = static_cast<int>(arguments.number("priority", 0));
  // The load is in full swing before the first document is followed.
  const double warm = arguments.real("warm", 1);
  follow_options.start = start + std::chrono::milliseconds(static_cast<int>(warm * 1000));
  follow_options.seconds = seconds - warm;
  bench::Follow follow(&plan, &followed, follow_options);
  follow.join(&loop);

  const bool reached = loop.run(start + std::chrono::seconds(static_cast<int>(seconds) + 30));
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(background.accepted) / seconds);
  figures.add_latencies(follow.seen);
  figures.add_latencies(follow.answered, "answer_");
  figures.add_latencies(background.answered, "normal_");
  figures.add_count("followed", follow.sent);
  figures.add_count("missing", follow.missing());
  figures.add_count("followed_refused", follow.refused);
  figures.add_count("held_back", follow.held_back);
  figures.add_count("accepted", background.accepted);
  figures.add_count("refused", background.refused);
  figures.add_count("broken", background.broken);
  figures.add_count("polls", follow.polls);
  figures.print();
  return reached && follow.missing() == 0 ? 0 : 1;
}
