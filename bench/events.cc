// One event to thousands of streams (benchmark `events`): connects them to /api/v1/events of a
// running server as one system, hands a document in for it, and reads until the last stream has the
// event.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <thread>

#include "http/tls.h"
#include "load.h"
#include "plan.h"

namespace {

using load::Clock;

constexpr std::string_view kType = "delivery.available";

double status_mib(std::int64_t process, const std::string& key) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) / 1024;
  }
  bench::die("no " + key + " of the server");
}

struct Reader {
  int fd = -1;
  std::unique_ptr<http::Transport> transport;
  bool here = false;  // what is waited for has come
  std::string rest;   // what was read since the last event was published
};

class Client {
 public:
  explicit Client(const bench::Arguments& arguments)
      : port_(static_cast<std::uint16_t>(arguments.number("port", 0))),
        key_(bench::read_file(arguments.text("key", ""))),
        epoll_(::epoll_create1(0)) {
    if (arguments.text("certificate", "").empty()) return;
    auto made = http::TlsContext::for_client({{}, {}, arguments.text("certificate", "")});
    if (!made.ok()) bench::die(made.error().detail());
    tls_ = *made;
  }

  void open(std::size_t count) {
    readers_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      connect(readers_[i]);
      send(readers_[i], "GET /api/v1/events?types=" + std::string(kType) +
                            " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                            "Authorization: Bearer " +
                            key_ + "\r\nUser-Agent: bench\r\n\r\n");
      epoll_event wanted{};
      wanted.events = EPOLLIN;
      wanted.data.u64 = i;
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, readers_[i].fd, &wanted) != 0) bench::die("epoll");
    }
    connect(publisher_);
    // The answer's first piece says where the stream begins: what is accepted from then on is in
    // it.
    read_until(count, [](Reader& reader) {
      if (!reader.rest.empty() && !reader.rest.starts_with("HTTP/1.1 200")) {
        bench::die("a stream is refused: " + reader.rest.substr(0, 600));
      }
      return reader.rest.find("id: ") != std::string::npos;
    });
  }

  // Seconds from before the document is handed in until the last stream has its event; of each
  // stream into `each`.
  double publish(const load::Request& request, std::vector<double>& each) {
    const std::string mark = "event: " + std::string(kType);
    for (Reader& reader : readers_) reader.rest.clear();
    const auto start = Clock::now();
    send(publisher_, request.own);
    if (request.shared) send(publisher_, *request.shared);
    send(publisher_, request.end);
    read_until(readers_.size(), [&](Reader& reader) {
      if (reader.rest.find(mark) == std::string::npos) return false;
      each.push_back(std::chrono::duration<double>(Clock::now() - start).count());
      return true;
    });
    const double all = std::chrono::duration<double>(Clock::now() - start).count();
    char answer[4096];
    while (read(publisher_, answer, sizeof answer) == 0) wait(publisher_, POLLIN);
    return all;
  }

 private:
  static void wait(const Reader& reader, short events) {
    pollfd p{reader.fd, events, 0};
    if (::poll(&p, 1, 20000) != 1) bench::die("the server does not answer");
  }

  void connect(Reader& reader) {
    reader.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(reader.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      bench::die("cannot connect");
    }
    const int on = 1;
    ::setsockopt(reader.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(reader.fd, F_SETFL, O_NONBLOCK);
    reader.transport =
        tls_ ? tls_->connect(reader.fd, "localhost") : http::plain_transport(reader.fd);
    for (;;) {
      const http::Io io = reader.transport->handshake();
      if (io.state == http::Io::State::done) return;
      if (io.state == http::Io::State::failed || io.state == http::Io::State::ended) {
        bench::die("no TLS: " + reader.transport->failure());
      }
      wait(reader, io.state == http::Io::State::wants_read ? POLLIN : POLLOUT);
    }
  }

  static void send(Reader& reader, std::string_view bytes) {
    while (!bytes.empty()) {
      const http::Io io = reader.transport->write(bytes, {});
      if (io.state == http::Io::State::failed) bench::die("a connection broke");
      bytes.remove_prefix(io.bytes);
      if (io.state != http::Io::State::done) wait(reader, POLLOUT);
    }
  }

  static std::size_t read(Reader& reader, char* to, std::size_t size) {
    const http::Io io = reader.transport->read(to, size);
    if (io.state == http::Io::State::ended || io.state == http::Io::State::failed) {
      bench::die("the server has closed a stream");
    }
    return io.bytes;
  }

  void read_until(std::size_t count, const std::function<bool(Reader&)>& arrived) {
    std::vector<epoll_event> ready(512);
    std::vector<char> buffer(64 * 1024);
    for (Reader& reader : readers_) reader.here = false;
    for (std::size_t here = 0; here < count;) {
      const int n = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 60000);
      if (n <= 0) bench::die("streams are missing: " + std::to_string(count - here));
      for (int i = 0; i < n; ++i) {
        Reader& reader = readers_[ready[static_cast<std::size_t>(i)].data.u64];
        while (const std::size_t bytes = read(reader, buffer.data(), buffer.size())) {
          reader.rest.append(buffer.data(), bytes);
        }
        if (!reader.here && arrived(reader)) {
          reader.here = true;
          ++here;
        }
      }
    }
  }

  const std::uint16_t port_;
  const std::string key_;
  const int epoll_;
  std::shared_ptr<const http::TlsContext> tls_;
  std::vector<Reader> readers_;
  Reader publisher_;
};

double median(std::vector<double> values, double part = 0.5) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

void allow_files(std::int64_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, static_cast<rlim_t>(wanted));
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < static_cast<rlim_t>(wanted)) {
    bench::die("only " + std::to_string(limit.rlim_cur) + " open files are allowed (ulimit -Hn)");
  }
}

}  // namespace

// --plan FILE --port N --process PID --key FILE (an API key of the probe) [--streams N]
// [--events N] [--certificate FILE]
int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const auto streams = static_cast<std::size_t>(arguments.number("streams", 10000));
  allow_files(static_cast<std::int64_t>(streams) + 200);
  const std::int64_t process = arguments.number("process", 0);
  const bench::Plan plan(arguments.text("plan", ""),
                         static_cast<std::uint16_t>(arguments.number("port", 0)));
  bench::Stock stock(&plan, 20 * 1024, 1,
                     static_cast<std::uint64_t>(Clock::now().time_since_epoch().count()));
  Client client(arguments);
  const double before = status_mib(process, "VmRSS");
  const auto start = Clock::now();
  client.open(streams);
  const double opened = std::chrono::duration<double>(Clock::now() - start).count();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const double idle = status_mib(process, "VmRSS");
  std::vector<double> all, each;
  for (std::int64_t i = arguments.number("events", 10); i > 0; --i) {
    const auto request = stock.request(stock.to({plan.probe().organisations.front()}));
    all.push_back(client.publish(request, each));
  }
  bench::Figures figures;
  figures.add_count("streams", streams);
  figures.add("events_all_s", median(all));
  figures.add("events_all_max_s", *std::max_element(all.begin(), all.end()));
  figures.add("events_p50_s", median(each));
  figures.add("events_p99_s", median(each, 0.99));
  figures.add("open_s", opened);
  figures.add("rss_before_mib", before);
  figures.add("rss_idle_mib", idle);
  figures.add("rss_mib", status_mib(process, "VmHWM"));
  figures.print();
  return 0;
}
