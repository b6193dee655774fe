// One event to thousands of streams (benchmark `events`): a server in a process of its own, and a
// client that connects to it, publishes, and reads until the last stream has the event.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

#include "base/metrics.h"
#include "base/random.h"
#include "http/server.h"
#include "http/tls.h"
#include "load.h"
#include "plan.h"

namespace {

using load::Clock;

constexpr std::size_t kEventBytes = 300;

std::string event(std::uint64_t number) {
  std::string text = "id: " + std::to_string(number) + "\nevent: document\ndata: ";
  text.append(kEventBytes, 'e');
  return text + " #" + std::to_string(number) + "#\n\n";
}

// Events by number, and the streams that want them.
class Feed {
 public:
  void publish() {
    std::vector<std::shared_ptr<http::PushSource>> streams;
    {
      std::lock_guard lock(mutex_);
      ++last_;
      for (const auto& weak : streams_) {
        if (auto stream = weak.lock()) streams.push_back(std::move(stream));
      }
    }
    for (const auto& stream : streams) stream->wake();
  }
  std::uint64_t last() const { return last_; }
  std::shared_ptr<http::PushSource> stream();

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<http::PushSource>> streams_;
  std::atomic<std::uint64_t> last_{0};
};

class Stream : public http::PushSource {
 public:
  explicit Stream(Feed& feed) : feed_(feed), cursor_(feed.last()) {}
  base::Result<Next> next(std::string& to, std::size_t) override {
    while (cursor_ < feed_.last()) to += event(++cursor_);
    return Next::wait;
  }

 private:
  Feed& feed_;
  std::uint64_t cursor_;
};

std::shared_ptr<http::PushSource> Feed::stream() {
  auto made = std::make_shared<Stream>(*this);
  std::lock_guard lock(mutex_);
  streams_.push_back(made);
  return made;
}

// The server's process: says its port through `out`, ends when `in` does.
[[noreturn]] void serve(const bench::Arguments& arguments, int in, int out) {
  Feed feed;
  http::Router router;
  router.add({{http::Method::get, "/events", http::Permission::open, 0,
               [&](http::Request&) { return http::Response::events(feed.stream()); }, ""},
              {http::Method::post, "/publish", http::Permission::open, 0,
               [&](http::Request&) {
                 feed.publish();
                 return http::Response::text(204, "text/plain", "");
               },
               ""}});
  base::Metrics metrics;
  base::SystemRandom random;
  http::Server::Options options;
  options.streams_max = static_cast<std::size_t>(arguments.number("streams", 10000));
  options.connections_max = options.streams_max + 100;
  options.workers = static_cast<int>(arguments.number("workers", 48));
  options.loops = static_cast<int>(arguments.number("loops", 1));
  options.certificate_file = arguments.text("certificate", "");
  options.key_file = arguments.text("key", "");
  auto server = http::Server::start(options, router, metrics, random);
  if (!server.ok()) bench::die(server.error().detail());
  const std::uint16_t port = (*server)->port();
  if (::write(out, &port, sizeof port) != sizeof port) bench::die("cannot say the port");
  char byte = 0;
  if (::read(in, &byte, 1) != 0) bench::die("not told to end");
  (*server)->stop(0);
  ::_exit(0);
}

double status_mib(pid_t process, const std::string& key) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) / 1024;
  }
  bench::die("no " + key + " of the server");
}

struct Reader {
  int fd = -1;
  std::unique_ptr<http::Transport> transport;
  std::string rest;  // the end of what was read: a mark may be cut in two
  std::uint64_t has = 0;
};

class Client {
 public:
  Client(const bench::Arguments& arguments, std::uint16_t port)
      : port_(port), epoll_(::epoll_create1(0)) {
    if (arguments.text("certificate", "").empty()) return;
    auto made = http::TlsContext::for_client({{}, {}, arguments.text("certificate", "")});
    if (!made.ok()) bench::die(made.error().detail());
    tls_ = *made;
  }

  void open(std::size_t count) {
    readers_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      connect(readers_[i]);
      send(readers_[i],
           "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
           "User-Agent: bench\r\n\r\n");
      epoll_event wanted{};
      wanted.events = EPOLLIN;
      wanted.data.u64 = i;
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, readers_[i].fd, &wanted) != 0) bench::die("epoll");
    }
    connect(publisher_);
    read_until(count,
               [](Reader& reader) { return reader.rest.find("\r\n\r\n") != std::string::npos; });
  }

  // Seconds from before publishing until the last stream has the event; of each into `each`.
  double publish(std::uint64_t number, std::vector<double>& each) {
    const std::string mark = "#" + std::to_string(number) + "#";
    for (Reader& reader : readers_) reader.rest.clear();
    const auto start = Clock::now();
    send(publisher_, "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    read_until(readers_.size(), [&](Reader& reader) {
      if (reader.has >= number || reader.rest.find(mark) == std::string::npos) return false;
      reader.has = number;
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
    for (std::size_t here = 0; here < count;) {
      const int n = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 60000);
      if (n <= 0) bench::die("streams are missing: " + std::to_string(count - here));
      for (int i = 0; i < n; ++i) {
        Reader& reader = readers_[ready[static_cast<std::size_t>(i)].data.u64];
        while (const std::size_t bytes = read(reader, buffer.data(), buffer.size())) {
          reader.rest.append(buffer.data(), bytes);
        }
        if (arrived(reader)) ++here;
      }
    }
  }

  const std::uint16_t port_;
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

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const std::int64_t streams = arguments.number("streams", 10000);
  allow_files(streams + 200);
  int to_server[2], from_server[2];
  if (::pipe(to_server) != 0 || ::pipe(from_server) != 0) bench::die("no pipe");
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(to_server[1]);
    serve(arguments, to_server[0], from_server[1]);
  }
  std::uint16_t port = 0;
  ::close(from_server[1]);
  if (::read(from_server[0], &port, sizeof port) != sizeof port) bench::die("no server");
  Client client(arguments, port);
  const double before = status_mib(process, "VmRSS");
  const auto start = Clock::now();
  client.open(static_cast<std::size_t>(streams));
  const double opened = std::chrono::duration<double>(Clock::now() - start).count();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const double idle = status_mib(process, "VmRSS");
  std::vector<double> all, each;
  const auto events = static_cast<std::uint64_t>(arguments.number("events", 10));
  for (std::uint64_t i = 1; i <= events; ++i) all.push_back(client.publish(i, each));
  bench::Figures figures;
  figures.add_count("streams", static_cast<std::uint64_t>(streams));
  figures.add("events_all_s", median(all));
  figures.add("events_all_max_s", *std::max_element(all.begin(), all.end()));
  figures.add("events_p50_s", median(each));
  figures.add("events_p99_s", median(each, 0.99));
  figures.add("open_s", opened);
  figures.add("rss_before_mib", before);
  figures.add("rss_idle_mib", idle);
  figures.add("rss_mib", status_mib(process, "VmHWM"));
  figures.print();
  ::close(to_server[1]);
  int ended = 0;
  ::waitpid(process, &ended, 0);
  return WIFEXITED(ended) && WEXITSTATUS(ended) == 0 ? 0 : 1;
}
