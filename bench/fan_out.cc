// Documents to every organisation at once (benchmark `fan-out`), and how fast a recipient's own
// list is while very many deliveries wait for others (benchmark `backlog`).
#include <csignal>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "load.h"
#include "plan.h"

namespace {

using load::Clock;

class Site {
 public:
  Site(const bench::Arguments& arguments, std::uint16_t port)
      : plan(arguments.text("plan", "plan.txt"), port),
        stock(&plan, static_cast<std::size_t>(arguments.number("size", 20480)), 1,
              static_cast<std::uint64_t>(arguments.number("run", 1))),
        connection("127.0.0.1", port, std::chrono::seconds(120)) {}

  // Sends one document; milliseconds from before sending to the answer.
  double send(std::vector<vxp_client::Organisation> to) {
    load::Request request = stock.request(stock.to(std::move(to)));
    std::string bytes = std::move(request.own);
    bytes.append(*request.shared).append(request.end);
    sent_bytes += bytes.size();
    const Clock::time_point start = Clock::now();
    const auto reply = connection.call(bytes);
    if (!reply || !bench::accepted(reply->body)) {
      bench::die("a document was not accepted: " + (reply ? reply->body : "no answer"));
    }
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }

  std::vector<vxp_client::Organisation> everybody() const {
    std::vector<vxp_client::Organisation> all;
    for (const bench::Plan::Member& member : plan.members()) {
      all.push_back(member.organisation);
    }
    return all;
  }

  vxp_client::Answer list(const vxp_client::Caller& caller) {
    const auto reply = connection.call(caller.received_list(vxp_client::MessageType::edoc));
    const auto answer = reply ? vxp_client::parse_answer(reply->body) : std::nullopt;
    if (!answer || !answer->ok()) {
      bench::die("a list was not answered: " + (reply ? reply->body.substr(0, 300) : "no answer"));
    }
    return *answer;
  }

  bench::Plan plan;
  bench::Stock stock;
  vxp_client::Connection connection;
  std::uint64_t sent_bytes = 0;
};

// Lists and acknowledges until nothing waits; how many items each organisation had.
std::map<std::string, int> drain(Site* site) {
  std::map<std::string, int> items;
  for (std::size_t i = 0; i < site->plan.systems().size(); ++i) {
    const vxp_client::Caller& caller = site->plan.caller(i);
    for (vxp_client::Answer page = site->list(caller); !page.items.empty();
         page = site->list(caller)) {
      for (const vxp_client::Item& item : page.items) {
        ++items[std::string(item["to"])];
        const auto reply = site->connection.call(caller.update_status(item["docId"], "done"));
        if (!reply || !bench::accepted(reply->body)) {
          bench::die("an acknowledgement was not accepted");
        }
      }
    }
  }
  return items;
}

int fan_out(Site* site, std::int64_t documents) {
  site->send(site->everybody());  // the first also shows that everybody gets it, once
  std::uint64_t reached = 0;
  for (const auto& [code, count] : drain(site)) {
    reached += count == 1 ? 1U : 0U;
  }
  load::Latencies answered;
  std::uint64_t bytes = site->sent_bytes;
  for (std::int64_t i = 0; i < documents; ++i) {
    answered.add(site->send(site->everybody()));
  }
  bytes = (site->sent_bytes - bytes) / static_cast<std::uint64_t>(documents);
  bench::Figures figures;
  figures.add_latencies(answered);
  figures.add_count("documents", static_cast<std::uint64_t>(documents) + 1);
  figures.add("document_kib", static_cast<double>(bytes) / 1024);
  figures.add_count("recipients", site->plan.members().size());
  figures.add_count("recipients_reached_once", reached);
  figures.print();
  return reached == site->plan.members().size() ? 0 : 1;
}

void fill(Site* site, std::int64_t* waiting, std::int64_t wanted) {
  const auto everybody = site->everybody();
  while (*waiting < wanted) {
    site->send(everybody);
    *waiting += static_cast<std::int64_t>(everybody.size());
  }
}

load::Latencies measure_list(Site* site, std::size_t own, int calls) {
  load::Latencies latencies;
  for (int i = 0; i < calls; ++i) {
    const Clock::time_point start = Clock::now();
    const vxp_client::Answer answer = site->list(site->plan.probe_caller());
    latencies.add(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    if (answer.items.size() != own) {
      bench::die("the list has " + std::to_string(answer.items.size()) + " items, not " +
                 std::to_string(own));
    }
  }
  return latencies;
}

int backlog(Site* site, const bench::Arguments& arguments) {
  const auto& probes = site->plan.probe().organisations;
  const std::size_t own = 50;
  for (std::size_t i = 0; i < own; ++i) {
    site->send({probes[i % probes.size()]});
  }
  const int calls = static_cast<int>(arguments.number("calls", 2000));
  std::int64_t waiting = 0;
  fill(site, &waiting, arguments.number("few", 10'000));
  const load::Latencies few = measure_list(site, own, calls);
  const Clock::time_point start = Clock::now();
  fill(site, &waiting, arguments.number("many", 1'000'000));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const load::Latencies many = measure_list(site, own, calls);
  bench::Figures figures;
  figures.add_latencies(many);
  figures.add_latencies(few, "few_");
  figures.add_count("waiting", static_cast<std::uint64_t>(waiting));
  figures.add("fill_seconds", seconds);
  figures.print();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const bench::Arguments arguments(argc, argv);
  Site site(arguments, static_cast<std::uint16_t>(arguments.number("port", 0)));
  return arguments.text("what", "fan-out") == "backlog"
             ? backlog(&site, arguments)
             : fan_out(&site, arguments.number("documents", 20));
}
