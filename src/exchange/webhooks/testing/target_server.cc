#include "exchange/webhooks/testing/target_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "base/check.h"
#include "base/text.h"

namespace exchange::testing {
namespace {

void write_all(int socket, const std::string& bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

// Head and body of one request; false when it does not come.
bool read_request(int socket, const std::atomic<bool>& stop, std::string& in, std::size_t& body) {
  for (;;) {
    const std::size_t end = in.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t at = base::lower_ascii(in).find("content-length: ");
      const std::size_t size = at < end ? std::stoul(in.substr(at + 16)) : 0;
      body = end + 4;
      if (in.size() >= body + size) return true;
    }
    pollfd p{socket, POLLIN, 0};
    if (stop) return false;
    if (::poll(&p, 1, 50) == 0) continue;
    char buffer[8192];
    const ssize_t n = ::recv(socket, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    in.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string TargetServer::Got::header(const std::string& name) const {
  const std::size_t at = base::lower_ascii(head).find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

TargetServer::TargetServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  CHECK(::bind(listener_, where, sizeof address) == 0 && ::listen(listener_, 64) == 0);
  socklen_t size = sizeof address;
  CHECK(::getsockname(listener_, where, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept(); });
}

TargetServer::~TargetServer() {
  stop_ = true;
  thread_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void TargetServer::behave(Way way, std::string location) {
  std::lock_guard lock(mutex_);
  way_ = way;
  location_ = std::move(location);
}

std::vector<TargetServer::Got> TargetServer::received() const {
  std::lock_guard lock(mutex_);
  return received_;
}

std::size_t TargetServer::taken() const {
  std::size_t taken = 0;
  for (const Got& got : received()) taken += got.taken ? 1 : 0;
  return taken;
}

std::set<std::string> TargetServer::subjects() const {
  std::set<std::string> out;
  for (const Got& got : received()) {
    if (got.taken) out.insert(got.header("webhook-id"));
  }
  return out;
}

void TargetServer::accept() {
  while (!stop_) {
    pollfd p{listener_, POLLIN, 0};
    if (::poll(&p, 1, 50) <= 0) continue;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) threads_.emplace_back([this, socket] { answer(socket); });
  }
}

void TargetServer::answer(int socket) {
  std::string in;
  std::size_t body = 0;
  if (read_request(socket, stop_, in, body)) {
    Way way = Way::take;
    std::string location;
    {
      std::lock_guard lock(mutex_);
      way = way_;
      location = location_;
      const std::size_t space = in.find(' ');
      received_.push_back({in.substr(0, body),
                           in.substr(space + 1, in.find(' ', space + 1) - space - 1),
                           in.substr(body), way == Way::take});
    }
    const std::string none = "Content-Length: 0\r\nConnection: close\r\n\r\n";
    if (way == Way::take) write_all(socket, "HTTP/1.1 200 OK\r\n" + none);
    if (way == Way::error) write_all(socket, "HTTP/1.1 500 Broken\r\n" + none);
    if (way == Way::redirect)
      write_all(socket, "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n" + none);
    if (way == Way::close) write_all(socket, "HTTP/1.1 200 OK\r\nContent-Le");
    if (way == Way::flood) {
      write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
      write_all(socket, std::string(10000000, 'x'));
    }
    if (way == Way::trickle) write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
    for (int i = 0; i < 60 && !stop_ && (way == Way::hang || way == Way::trickle); ++i) {
      if (way == Way::trickle) write_all(socket, "x");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  ::close(socket);
}

}  // namespace exchange::testing
