// A province's year in small: every document is sent, listed, fetched and acknowledged by the
// recipient's system. A few connections do whatever is most urgent: acknowledge, fetch, list, send.
#include <csignal>
#include <cstdio>
#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

#include "load.h"
#include "plan.h"

namespace {

using load::Clock;

struct Delivery {
  std::size_t system = 0;
  std::string id;
};

struct World {
  const bench::Plan* plan = nullptr;
  bench::Stock* stock = nullptr;
  std::uint64_t documents = 0;
  std::uint64_t recipients = 1;
  // Deliveries that may wait at once: recipients keep up with senders, as they do over a day.
  std::uint64_t window = 4000;

  std::uint64_t begun = 0;
  std::uint64_t accepted = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t fetched_bytes = 0;
  std::uint64_t lists = 0;
  std::uint64_t again = 0;  // requests that had to be sent once more
  std::string first_refusal;
  std::deque<Delivery> to_fetch;
  std::deque<Delivery> to_acknowledge;
  std::vector<bool> listing;
  std::vector<Clock::time_point> list_at;
  std::unordered_set<std::string> known;
  load::Latencies sends;

  std::uint64_t deliveries() const { return documents * recipients; }
};

class Worker : public load::Sender {
 public:
  explicit Worker(World* world) : world_(world) {}

  load::Next next(Clock::time_point now, load::Request* out, Clock::time_point* when) override {
    World& world = *world_;
    if (task_ == Task::none && !choose(now)) {
      if (world.acknowledged == world.deliveries()) {
        return load::Next::finished;
      }
      *when = now + std::chrono::milliseconds(1);
      return load::Next::later;
    }
    if (now < again_) {
      *when = again_;
      return load::Next::later;
    }
    const vxp_client::Caller& caller = world.plan->caller(delivery_.system);
    switch (task_) {
      case Task::acknowledge:
        out->own = caller.update_status(delivery_.id, "done");
        break;
      case Task::fetch:
        out->own = caller.get(delivery_.id);
        break;
      case Task::list:
        out->own = caller.received_list(vxp_client::MessageType::edoc);
        break;
      default:
        *out = document_;
        break;
    }
    return load::Next::request;
  }

  void answered(const load::Answer& answer) override {
    World& world = *world_;
    if (!bench::accepted(answer.body)) {
      if (world.again++ == 0) {
        world.first_refusal = answer.body.substr(0, 300);
      }
      again_ = answer.received + std::chrono::milliseconds(20);
      return;
    }
    if (task_ == Task::acknowledge) {
      ++world.acknowledged;
    } else if (task_ == Task::fetch) {
      world.fetched_bytes += answer.body.size();
      world.to_acknowledge.push_back(delivery_);
    } else if (task_ == Task::list) {
      take_list(answer);
    } else {
      ++world.accepted;
      world.sends.add(answer.milliseconds());
      document_ = {};
    }
    task_ = Task::none;
  }

  void broken() override { ++world_->again; }

 private:
  enum class Task { none, acknowledge, fetch, list, send };

  static bool pop(std::deque<Delivery>* from, Delivery* to) {
    if (from->empty()) {
      return false;
    }
    *to = std::move(from->front());
    from->pop_front();
    return true;
  }

  bool choose(Clock::time_point now) {
    World& world = *world_;
    if (pop(&world.to_acknowledge, &delivery_)) {
      task_ = Task::acknowledge;
      return true;
    }
    if (pop(&world.to_fetch, &delivery_)) {
      task_ = Task::fetch;
      return true;
    }
    const std::uint64_t waiting = world.begun * world.recipients - world.acknowledged;
    const bool may_send = world.begun < world.documents && waiting < world.window;
    if (!may_send || waiting >= world.window / 2) {
      for (std::size_t i = 0; i < world.listing.size(); ++i) {
        if (!world.listing[i] && world.list_at[i] <= now) {
          world.listing[i] = true;
          delivery_ = {i, {}};
          task_ = Task::list;
          return true;
        }
      }
    }
    if (!may_send) {
      return false;
    }
    ++world.begun;
    document_ = world.stock->request(world.stock->next());
    task_ = Task::send;
    return true;
  }

  void take_list(const load::Answer& answer) {
    World& world = *world_;
    ++world.lists;
    world.listing[delivery_.system] = false;
    world.list_at[delivery_.system] = answer.received + std::chrono::milliseconds(20);
    const auto list = vxp_client::parse_answer(answer.body);
    if (!list) {
      bench::die("a list that is not JSON");
    }
    for (const vxp_client::Item& item : list->items) {
      std::string id(item["docId"]);
      // The same id for several recipients of one system stands once per recipient.
      if (world.known.insert(id + '\n' + std::string(item["to"])).second) {
        world.to_fetch.push_back({delivery_.system, std::move(id)});
      }
    }
  }

  World* world_;
  Task task_ = Task::none;
  Delivery delivery_;
  load::Request document_;
  Clock::time_point again_{};
};

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const bench::Arguments arguments(argc, argv);
  const auto port = static_cast<std::uint16_t>(arguments.number("port", 0));
  const bench::Plan plan(arguments.text("plan", "plan.txt"), port);
  constexpr double kAll = 5'000'000;
  World world;
  world.plan = &plan;
  world.documents = static_cast<std::uint64_t>(kAll * arguments.real("scale", 0.02));
  world.recipients = static_cast<std::uint64_t>(arguments.number("recipients", 1));
  bench::Stock stock(&plan, static_cast<std::size_t>(arguments.number("size", 20480)),
                     static_cast<std::size_t>(world.recipients),
                     static_cast<std::uint64_t>(arguments.number("run", 1)));
  world.stock = &stock;
  world.listing.assign(plan.systems().size(), false);
  world.list_at.assign(plan.systems().size(), Clock::time_point{});
  load::Loop loop("127.0.0.1", port);
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::int64_t i = 0; i < arguments.number("connections", 32); ++i) {
    workers.push_back(std::make_unique<Worker>(&world));
    loop.add(workers.back().get());
  }
  const Clock::time_point start = Clock::now();
  loop.run(start + std::chrono::seconds(arguments.number("limit", 7200)));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const double share =
      static_cast<double>(world.acknowledged) / static_cast<double>(world.recipients) / kAll;
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(world.acknowledged) /
                                static_cast<double>(world.recipients) / seconds);
  figures.add("projected_hours", share > 0 ? seconds / share / 3600 : 0);
  figures.add_latencies(world.sends);
  figures.add("seconds", seconds);
  figures.add_count("documents", world.accepted);
  figures.add_count("acknowledged", world.acknowledged);
  figures.add_count("lists", world.lists);
  figures.add_count("again", world.again);
  figures.print();
  if (!world.first_refusal.empty()) {
    std::fprintf(stderr, "first refusal: %s\n", world.first_refusal.c_str());
  }
  return world.acknowledged == world.deliveries() ? 0 : 1;
}
