#include "http/client.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/time.h"
#include "http/address.h"
#include "http/chunked.h"
#include "http/head.h"
#include "http/limits.h"
#include "http/router.h"
#include "http/tls.h"

namespace http {
namespace {

constexpr std::size_t kAnswerHeadMax = 256 * 1024;
constexpr std::size_t kReadBytes = 64 * 1024;

struct FreeAddresses {
  void operator()(addrinfo* p) const { freeaddrinfo(p); }
};

base::Error timed_out() {
  return {base::Code::unavailable, "http.timed_out", "The other side has stopped answering.",
          "Máy chủ bên kia không trả lời trong thời gian cho phép."};
}

base::Error broken_off(const std::string& detail) {
  return {base::Code::unavailable, "http.broken_off",
          "The connection broke off before the whole answer had come" +
              (detail.empty() ? "." : ": " + detail + "."),
          "Kết nối bị ngắt trước khi nhận đủ câu trả lời."};
}

base::Error answer_too_large() {
  return {base::Code::too_large, "http.answer_too_large",
          "The answer is larger than what can be taken.",
          "Câu trả lời vượt quá giới hạn cho phép."};
}

// Everything of one exchange that a second attempt starts anew.
struct Progress {
  std::uint64_t sent = 0;
  bool source_touched = false;
  bool answer_began = false;
};

class BlockingClient : public Client {
 public:
  explicit BlockingClient(Options options) : options_(std::move(options)) {}
  ~BlockingClient() override { close(); }
  base::Result<Response> exchange(const Exchange& what) override;

 private:
  base::Result<Response> attempt(const Exchange& what, Progress& progress);
  base::Result<void> connect();
  int look_up(const std::string& port, addrinfo** found) const;
  bool is_late() const {
    return deadline_micros_ != 0 && base::monotonic_micros() >= deadline_micros_;
  }
  base::Result<int> connect_to(const addrinfo& address, std::int64_t deadline_ms);
  base::Result<void> shake_hands(std::int64_t deadline_ms);
  base::Result<void> send(const Exchange& what, Progress& progress);
  base::Result<bool> write_all(std::string_view first, std::string_view second);
  base::Result<bool> answer_is_here();
  base::Result<void> send_source(const Exchange& what, std::string_view head, Progress& progress);
  base::Result<Response> receive(const Exchange& what, Progress& progress);
  base::Result<AnswerHead> receive_head(Progress& progress);
  base::Result<void> receive_body(const Exchange& what, const AnswerHead& head, Response& into);
  base::Result<std::size_t> read_more();
  base::Result<void> wait(short events, int timeout_ms);
  std::string request_head(const Exchange& what) const;
  bool is_stale();
  void close();

  const Options options_;
  std::shared_ptr<const TlsContext> tls_;
  int socket_ = -1;
  std::unique_ptr<Transport> transport_;
  bool kept_ = false;  // the connection has served an exchange before
  base::Bytes in_;     // bytes of the answer that were not used yet
  bool ended_ = false;
  std::int64_t deadline_micros_ = 0;  // of the exchange under way
};

void BlockingClient::close() {
  if (transport_) transport_->close_write();
  transport_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  kept_ = ended_ = false;
  let_go(in_);
}

// A kept connection on which something can be read between exchanges has ended.
bool BlockingClient::is_stale() {
  pollfd p{socket_, POLLIN, 0};
  if (::poll(&p, 1, 0) == 0) return false;
  char byte = 0;
  const Io io = transport_->read(&byte, 1);  // session tickets of TLS 1.3 are not data
  return io.state != Io::State::wants_read;
}

base::Result<void> BlockingClient::wait(short events, int timeout_ms) {
  if (deadline_micros_ != 0) {
    const std::int64_t left = (deadline_micros_ - base::monotonic_micros()) / 1000;
    if (left <= 0) return timed_out();
    timeout_ms = static_cast<int>(std::min<std::int64_t>(timeout_ms, left));
  }
  pollfd p{socket_, events, 0};
  for (;;) {
    const int n = ::poll(&p, 1, std::max(0, timeout_ms));
    if (n > 0) return base::done();
    if (n == 0) return timed_out();
    if (errno != EINTR) return broken_off(strerror(errno));
  }
}

base::Result<int> BlockingClient::connect_to(const addrinfo& address, std::int64_t deadline_ms) {
  const auto failed = [](int error) {
    return base::Error(base::Code::unavailable, "http.connect_failed", strerror(error));
  };
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed(errno);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int error = ::connect(fd, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    socket_ = fd;
    const auto left = deadline_ms - base::monotonic_micros() / 1000;
    const auto ready = wait(POLLOUT, static_cast<int>(std::max<std::int64_t>(left, 0)));
    socket_ = -1;
    socklen_t size = sizeof error;
    if (!ready.ok()) {
      error = ETIMEDOUT;
    } else {
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
  }
  if (error == 0) return fd;
  ::close(fd);
  return failed(error);
}

base::Result<void> BlockingClient::shake_hands(std::int64_t deadline_ms) {
  for (;;) {
    const Io io = transport_->handshake();
    if (io.state == Io::State::done) return base::done();
    if (io.state == Io::State::failed || io.state == Io::State::ended) {
      const std::string why = transport_->failure();
      if (transport_->certificate_refused()) {
        return base::Error(
            base::Code::forbidden, "http.certificate_refused",
            "The certificate of " + options_.url.host + " is not accepted: " + why + ".",
            "Không chấp nhận chứng thư của máy chủ " + options_.url.host + ".");
      }
      return base::Error(base::Code::unavailable, "http.connect_failed",
                         "No TLS connection with " + options_.url.host + ": " + why + ".",
                         "Không thiết lập được kết nối TLS với " + options_.url.host + ".");
    }
    const auto left = deadline_ms - base::monotonic_micros() / 1000;
    if (left <= 0) return timed_out();
    TRY(wait(io.state == Io::State::wants_read ? POLLIN : POLLOUT, static_cast<int>(left)));
  }
}

// What is asked of the resolver: a name, or the address that was given.
int BlockingClient::look_up(const std::string& port, addrinfo** found) const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  if (!options_.address.empty()) {
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    return getaddrinfo(options_.address.c_str(), port.c_str(), &hints, found);
  }
  hints.ai_flags = AI_ADDRCONFIG;
  const int problem = getaddrinfo(options_.url.host.c_str(), port.c_str(), &hints, found);
  if (problem == 0) return problem;
  hints.ai_flags = 0;  // a literal address of a family that no interface but loopback has
  return getaddrinfo(options_.url.host.c_str(), port.c_str(), &hints, found);
}

base::Result<void> BlockingClient::connect() {
  close();
  const Url& url = options_.url;
  if (url.tls && !tls_) {
    tls_ = TRY(TlsContext::for_client(
        {options_.certificate_file, options_.key_file, options_.trust_file}));
  }
  addrinfo* found = nullptr;
  const std::string port = std::to_string(url.port);
  const int problem = look_up(port, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(problem == 0 ? found : nullptr);
  std::string why = problem == 0 ? "no address" : gai_strerror(problem);
  const std::int64_t deadline = base::monotonic_micros() / 1000 + options_.connect_timeout_ms;
  bool refused = false;
  for (const addrinfo* a = addresses.get(); a != nullptr && socket_ < 0; a = a->ai_next) {
    if (options_.public_only && (!is_public(*a->ai_addr) || is_own(*a->ai_addr))) {
      refused = true;
      continue;
    }
    const auto connected = connect_to(*a, deadline);
    if (connected.ok()) socket_ = *connected;
    if (!connected.ok()) why = connected.error().detail();
  }
  if (socket_ < 0 && refused) {
    return base::Error(
        base::Code::forbidden, "http.address_refused",
        url.host + " is on this machine or in a private network, which is not asked.",
        url.host + " thuộc máy này hoặc mạng riêng nên không được hỏi tới.");
  }
  if (socket_ < 0) {
    return base::Error(base::Code::unavailable, "http.connect_failed",
                       "Cannot connect to " + url.host + " port " + port + ": " + why + ".",
                       "Không kết nối được tới " + url.host + " cổng " + port + ".");
  }
  transport_ = url.tls ? tls_->connect(socket_, url.host) : plain_transport(socket_);
  auto shaken = shake_hands(deadline);
  if (!shaken.ok()) close();
  return shaken;
}

std::string BlockingClient::request_head(const Exchange& what) const {
  const Url& url = options_.url;
  std::string path = url.path + what.path;
  if (path.empty() || path[0] != '/') path.insert(0, "/");
  std::string out;
  out.reserve(512);
  out += std::string(method_name(what.method)) + " " + path + " HTTP/1.1\r\n";
  if (!what.headers.has("Host")) {
    const bool ipv6 = url.host.find(':') != std::string::npos;
    out += "Host: " + (ipv6 ? "[" + url.host + "]" : url.host);
    if (url.port != (url.tls ? 443 : 80)) out += ":" + std::to_string(url.port);
    out += "\r\n";
  }
  if (!what.headers.has("User-Agent")) out += "User-Agent: truc\r\n";
  const std::uint64_t size = what.source != nullptr ? what.source->size() : what.body.size();
  const bool sends = what.method == Method::post || what.method == Method::put ||
                     what.method == Method::patch || size > 0;
  if (sends) out += "Content-Length: " + std::to_string(size) + "\r\n";
  for (const Header& h : what.headers.all()) out += h.name + ": " + h.value + "\r\n";
  return out + "\r\n";
}

// While a request is still being sent: has the server answered already?
base::Result<bool> BlockingClient::answer_is_here() {
  char buffer[4096];
  const Io io = transport_->read(buffer, sizeof buffer);
  if (io.state == Io::State::done) in_.append(buffer, io.bytes);
  if (io.state == Io::State::failed || io.state == Io::State::ended) {
    return broken_off(transport_->failure());
  }
  return io.state == Io::State::done;
}

// False when the server answers before it has all: the rest is then not worth sending.
base::Result<bool> BlockingClient::write_all(std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    if (is_late()) return timed_out();
    const Io io = transport_->write(first, second);
    switch (io.state) {
      case Io::State::done: {
        const std::size_t of_first = std::min(io.bytes, first.size());
        first.remove_prefix(of_first);
        second.remove_prefix(io.bytes - of_first);
        break;
      }
      case Io::State::wants_read:
        TRY(wait(POLLIN, options_.idle_timeout_ms));
        break;
      case Io::State::wants_write: {
        TRY(wait(POLLOUT | POLLIN, options_.idle_timeout_ms));
        if (TRY(answer_is_here())) return false;
        TRY(wait(POLLOUT, options_.idle_timeout_ms));
        break;
      }
      case Io::State::ended:
      case Io::State::failed: {
        const std::string why = transport_->failure();
        if (const auto here = answer_is_here(); here.ok() && *here) return false;
        return broken_off(why);
      }
    }
  }
  return true;
}

base::Result<void> BlockingClient::send_source(const Exchange& what, std::string_view head,
                                               Progress& progress) {
  const std::uint64_t total = what.source->size();
  base::Bytes piece;
  while (progress.sent < total) {
    progress.source_touched = true;
    piece.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(total - progress.sent, kPieceBytes)));
    const std::size_t n = TRY(what.source->read(piece.data(), piece.size()));
    if (n == 0) {
      return base::Error(base::Code::internal, "http.body_cut",
                         "The body to send ended before its announced size.",
                         "Nội dung gửi đi kết thúc sớm hơn kích thước đã khai báo.");
    }
    const bool goes_on = TRY(write_all(head, std::string_view(piece).substr(0, n)));
    head = {};
    progress.sent += n;
    if (what.progress) what.progress(true, progress.sent, total);
    if (!goes_on) {
      ended_ = true;
      return base::done();
    }
  }
  return base::done();
}

base::Result<void> BlockingClient::send(const Exchange& what, Progress& progress) {
  const std::string head = request_head(what);
  if (what.source != nullptr && what.source->size() > 0) return send_source(what, head, progress);
  std::string_view first = head;
  base::BytesView body = what.body;
  do {
    const base::BytesView piece = body.substr(0, kPieceBytes);
    const bool goes_on = TRY(write_all(first, piece));
    first = {};
    body.remove_prefix(piece.size());
    progress.sent += piece.size();
    if (what.progress && !what.body.empty()) what.progress(true, progress.sent, what.body.size());
    if (!goes_on) {
      ended_ = true;
      return base::done();
    }
  } while (!body.empty());
  return base::done();
}

// Appends to in_; 0 at the end of what the server sends.
base::Result<std::size_t> BlockingClient::read_more() {
  const std::size_t before = in_.size();
  in_.resize(before + kReadBytes);
  for (;;) {
    const Io io = transport_->read(in_.data() + before, kReadBytes);
    in_.resize(before + (io.state == Io::State::done ? io.bytes : 0));
    switch (io.state) {
      case Io::State::done:
        return io.bytes;
      case Io::State::ended:
        return std::size_t{0};
      case Io::State::failed:
        return broken_off(transport_->failure());
      case Io::State::wants_read:
        TRY(wait(POLLIN, options_.idle_timeout_ms));
        break;
      case Io::State::wants_write:
        TRY(wait(POLLOUT, options_.idle_timeout_ms));
        break;
    }
    in_.resize(before + kReadBytes);
  }
}

base::Result<AnswerHead> BlockingClient::receive_head(Progress& progress) {
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = find_head_end(in_, searched);
    if (end != std::string::npos) {
      AnswerHead head = TRY(parse_answer_head(std::string_view(in_).substr(0, end)));
      in_.erase(0, end);
      searched = 0;
      if (head.status >= 200) return head;
      if (head.status == 101) {
        return base::Error(base::Code::unavailable, "http.answer_malformed",
                           "The server switches to a protocol that was not asked for.");
      }
      continue;  // 100 Continue and its like announce the answer
    }
    if (in_.size() > kAnswerHeadMax) {
      return base::Error(base::Code::unavailable, "http.answer_malformed",
                         "The head of the answer is too large.",
                         "Phần đầu của câu trả lời quá lớn.");
    }
    searched = in_.size();
    if (TRY(read_more()) == 0) return broken_off("");
    progress.answer_began = true;
  }
}

base::Result<void> BlockingClient::receive_body(const Exchange& what, const AnswerHead& head,
                                                Response& into) {
  const std::uint64_t total = head.body_bytes > 0 ? static_cast<std::uint64_t>(head.body_bytes) : 0;
  if (what.sink == nullptr && total > what.answer_bytes_max) return answer_too_large();
  const bool until_end = !head.chunked && head.body_bytes < 0;
  ChunkedDecoder chunks;
  std::uint64_t done = 0;
  base::Bytes content;
  for (;;) {
    content.clear();
    if (head.chunked) {
      in_.erase(0, chunks.decode(in_, content));
      if (chunks.failed()) {
        return base::Error(base::Code::unavailable, "http.answer_malformed",
                           "The chunked coding of the answer is malformed.",
                           "Câu trả lời sai quy cách chunked.");
      }
    } else if (until_end || in_.size() <= total - done) {
      content.swap(in_);
    } else {
      content = in_.substr(0, static_cast<std::size_t>(total - done));
      in_.erase(0, content.size());
    }
    done += content.size();
    if (!content.empty()) {
      if (what.sink != nullptr) {
        TRY(what.sink->write(content));
      } else {
        if (done > what.answer_bytes_max) return answer_too_large();
        into.body += content;
      }
      if (what.progress) what.progress(false, done, total);
    }
    if (head.chunked ? chunks.done() : !until_end && done == total) return base::done();
    if (is_late()) return timed_out();  // also on a server that never lets it wait
    if (TRY(read_more()) > 0) continue;
    ended_ = true;
    if (until_end) return base::done();
    return broken_off("");
  }
}

base::Result<Response> BlockingClient::receive(const Exchange& what, Progress& progress) {
  if (!in_.empty()) progress.answer_began = true;
  const AnswerHead head = TRY(receive_head(progress));
  Response response;
  response.status = head.status;
  response.headers = head.headers;
  if (what.head) TRY(what.head(response));
  const bool bodiless = what.method == Method::head || head.status == 204 || head.status == 304;
  if (!bodiless) TRY(receive_body(what, head, response));
  // Bytes beyond the answer, a request that was not sent whole: nothing to build on.
  kept_ = true;
  if (!head.keep_alive || ended_ || !in_.empty()) close();
  return response;
}

base::Result<Response> BlockingClient::attempt(const Exchange& what, Progress& progress) {
  if (socket_ < 0) TRY(connect());
  TRY(send(what, progress));
  return receive(what, progress);
}

base::Result<Response> BlockingClient::exchange(const Exchange& what) {
  for (const Header& h : what.headers.all()) {
    if ((h.name + h.value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return base::Error(base::Code::invalid, "http.bad_header",
                         "A header to send holds a line end.");
    }
  }
  if (what.path.find_first_of(std::string_view(" \r\n\0", 4)) != std::string::npos) {
    return base::Error(base::Code::invalid, "http.bad_url", "The path to ask for is malformed.");
  }
  deadline_micros_ = what.deadline_micros;
  if (socket_ >= 0 && is_stale()) close();
  const bool was_kept = socket_ >= 0 && kept_;
  Progress progress;
  auto answer = attempt(what, progress);
  const bool again = !answer.ok() && was_kept && answer.error().reason() == "http.broken_off" &&
                     !progress.answer_began && !progress.source_touched;
  if (again) {
    close();
    progress = {};
    answer = attempt(what, progress);
  }
  if (!answer.ok()) close();
  return answer;
}

}  // namespace

std::unique_ptr<Client> Client::create(Options options) {
  return std::make_unique<BlockingClient>(std::move(options));
}

}  // namespace http
