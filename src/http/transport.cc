#include "http/transport.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace http {
namespace {

class PlainTransport : public Transport {
 public:
  explicit PlainTransport(int socket) : socket_(socket) {}

  Io read(char* to, std::size_t size) override {
    for (;;) {
      const ssize_t n = ::recv(socket_, to, size, 0);
      if (n > 0) {
        const auto bytes = static_cast<std::size_t>(n);
        return {Io::State::done, bytes, bytes == size};
      }
      if (n == 0) return {Io::State::ended};
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return {Io::State::wants_read};
      error_ = errno;
      return {Io::State::failed};
    }
  }

  Io write(std::string_view first, std::string_view second) override {
    iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                      {const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = first.empty() ? parts + 1 : parts;
    message.msg_iovlen = first.empty() ? 1 : 2;
    for (;;) {
      const ssize_t n = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
      if (n >= 0) return {Io::State::done, static_cast<std::size_t>(n)};
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return {Io::State::wants_write};
      error_ = errno;
      return {Io::State::failed};
    }
  }

  void close_write() override { ::shutdown(socket_, SHUT_WR); }

  std::string failure() const override {
    char text[128];
    return strerror_r(error_, text, sizeof text);
  }

 private:
  const int socket_;
  int error_ = 0;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) {
  return std::make_unique<PlainTransport>(socket);
}

}  // namespace http
