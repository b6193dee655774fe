#include "http/connection.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/log.h"
#include "base/time.h"
#include "http/limits.h"

namespace http {

Connection::Connection(Loop& loop, Socket socket, std::unique_ptr<Transport> transport, bool tls)
    : loop_(loop),
      site_(loop.site()),
      socket_(std::move(socket)),
      transport_(std::move(transport)),
      tls_(tls) {
  boost::system::error_code error;
  const auto peer = socket_.remote_endpoint(error);
  if (error) return;
  auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  loopback_ = address.is_loopback();
  remote_ = address.to_string();
}

Connection::~Connection() {
  release(charged_filling_);
  release(charged_piece_);
}

void Connection::start() {
  set_deadline(tls_ ? site_.options.head_timeout_ms : site_.options.idle_timeout_ms);
  wait(Wait::read);
}

void Connection::close() {
  if (state_ == State::closed) return;
  const bool keeps_part = state_ == State::body && route_->keeps_partial_body &&
                          route_->open_body != nullptr && !filling_.empty() && !pending_refusal_;
  state_ = State::closed;
  deadline_ = 0;
  transport_.reset();
  boost::system::error_code ignored;
  socket_.close(ignored);
  let_go(in_);
  if (!keeps_part) {
    let_go(filling_);
    release(charged_filling_);
  }
  enqueued_ = false;
  if (waiter_) waiter_->detach();
  if (push_) push_->detach();
  if (!working_) {
    end_wait();
    if (!keep_part()) dispose();
  }
  loop_.remove(*this);
}

void Connection::attend(std::int64_t now_ms) {
  if (postponed_) retry_hand_over();
  if (deadline_ == 0 || now_ms < deadline_) return;
  if (state_ == State::waiting) {
    last_ = true;
    return ask_for_turn();
  }
  if (state_ == State::pushing && !stalled_) return heartbeat();
  // It may be the loop that is late: what the client did in time counts.
  if (state_ == State::answering) {
    write_answer();
  } else if (state_ == State::pushing) {
    write_push();
  } else if (state_ != State::draining) {
    read_some();
  }
  if (deadline_ == 0 || now_ms < deadline_) return;
  if (state_ == State::head || state_ == State::body || state_ == State::answering) {
    site_.count_refused("http.timed_out");
  }
  if (state_ == State::pushing) site_.count_refused("http.stream_stalled");
  close();
}

void Connection::wait(Wait what) {
  bool& waiting = what == Wait::read ? waiting_read_ : waiting_write_;
  if (waiting) return;
  waiting = true;
  const auto kind = what == Wait::read ? Socket::wait_read : Socket::wait_write;
  socket_.async_wait(kind, [self = shared_from_this(), what](const boost::system::error_code& e) {
    (what == Wait::read ? self->waiting_read_ : self->waiting_write_) = false;
    if (self->state_ == State::closed) return;
    if (e) return self->close();
    self->ready();
  });
}

void Connection::ready() {
  switch (state_) {
    case State::idle:
    case State::head:
    case State::body:
    case State::waiting:
    case State::draining:
      return read_some();
    case State::answering:
      return write_answer();
    case State::pushing:
      write_push();
      if (state_ == State::pushing) read_some();
      return;
    case State::working:
    case State::closed:
      return;
  }
}

// How much may be read now; 0 while a worker must first take what is here.
std::size_t Connection::room() const {
  if (state_ != State::body || gather_) return Loop::kScratchBytes;
  if (filling_.size() >= kPieceBytes || pending_refusal_) return 0;
  std::size_t room = std::min(Loop::kScratchBytes, kPieceBytes - filling_.size());
  if (site_.is_memory_short()) {
    if (working_) return 0;
    room = std::min(room, kFrugalBytes);
  }
  return room;
}

void Connection::read_some() {
  for (int turn = 0; turn < kReadsInARow; ++turn) {
    const std::size_t size = room();
    if (size == 0) {
      deadline_ = 0;  // the server is the slow side; work_done() goes on
      return;
    }
    const Io io = transport_->read(loop_.scratch(), size);
    switch (io.state) {
      case Io::State::done:
        take({loop_.scratch(), io.bytes});
        break;
      case Io::State::wants_read:
        return wait(Wait::read);
      case Io::State::wants_write:
        return wait(Wait::write);
      case Io::State::ended:
        return peer_ended();
      case Io::State::failed:
        return close();
    }
    const bool reading = state_ == State::idle || state_ == State::head || state_ == State::body ||
                         state_ == State::waiting || state_ == State::pushing ||
                         state_ == State::draining;
    if (!reading) return;
    if (!io.more) return room() == 0 ? void(deadline_ = 0) : wait(Wait::read);
  }
  // Others have their turn; what OpenSSL holds would not make the socket readable.
  asio::post(loop_.io(), [self = shared_from_this()] { self->ready(); });
}

void Connection::take(std::string_view bytes) {
  switch (state_) {
    case State::idle:
    case State::head:
      return take_head(bytes);
    case State::body:
      return take_body(bytes);
    case State::draining:
      drained_ += bytes.size();
      if (drained_ > kDrainBytes) close();
      return;
    case State::waiting:
    case State::pushing:
      // It is the client's turn to listen. Reading on is how its leaving is noticed.
      extra_ = true;
      drained_ += bytes.size();
      if (drained_ > kStrayBytes) close();
      return;
    case State::working:
    case State::answering:
    case State::closed:
      return;
  }
}

void Connection::peer_ended() {
  if (state_ == State::body) site_.count_refused("http.cut_off");
  close();
}

void Connection::take_head(std::string_view bytes) {
  if (state_ == State::idle) {
    // RFC 9112 §2.2: empty lines before a request are read over.
    while (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
    if (bytes.empty()) return;
    state_ = State::head;
    set_deadline(site_.options.head_timeout_ms);
  }
  base::Bytes held;
  const std::size_t before = in_.size();
  if (before > 0) {
    in_.append(bytes);
    held = std::move(in_);
    let_go(in_);
    bytes = held;
  }
  const std::size_t end = find_head_end(bytes, before);
  const std::size_t size = std::min(end, bytes.size());
  if (size > site_.options.head_bytes_max) {
    request_.id = loop_.next_id();
    return refuse({base::Code::too_large, "http.head_too_large",
                   "The head of the request is too large.", "Phần đầu của yêu cầu HTTP quá lớn."});
  }
  if (end == std::string_view::npos && !is_hopeless(bytes)) {
    if (held.empty()) held = bytes;
    in_ = std::move(held);
    return;
  }
  auto parsed = parse_request_head(bytes.substr(0, size));
  if (!parsed.ok()) {
    request_.id = loop_.next_id();
    return refuse(std::move(parsed).error());
  }
  begin(std::move(*parsed), bytes.substr(end));
}

void Connection::begin(RequestHead&& parsed, std::string_view rest) {
  static_cast<Head&>(request_) = std::move(parsed.head);
  request_.remote = remote_;
  request_.tls = tls_;
  if (!certificate_asked_) certificate_ = transport_->client_certificate();
  certificate_asked_ = true;
  request_.client_certificate = certificate_;
  request_.id = loop_.next_id();
  began_micros_ = base::monotonic_micros();
  keep_alive_ = parsed.keep_alive;
  chunked_ = parsed.chunked;
  version_1_0_ = parsed.version_1_0;
  left_ = chunked_ ? 0 : static_cast<std::uint64_t>(request_.body_bytes);
  body_whole_ = !chunked_ && left_ == 0;
  if (auto admitted = admit(); !admitted.ok()) {
    extra_ = body_whole_ && !rest.empty();
    return refuse(std::move(admitted).error());
  }
  gather_ = route_->open_body == nullptr || (!chunked_ && left_ <= site_.options.small_body_bytes);
  state_ = State::body;
  if (body_whole_) return body_ended(rest);
  set_deadline(site_.options.body_timeout_ms);
  if (!chunked_) {
    filling_.reserve(static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, gather_ ? site_.options.small_body_bytes : kPieceBytes)));
  }
  if (!rest.empty()) return take_body(rest);
  if (!parsed.expects_continue) return;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const Io io = transport_->write(kContinue, {});
  if (io.state != Io::State::done || io.bytes != kContinue.size()) close();
}

// Finds the route, and what forbids this request before its body.
base::Result<void> Connection::admit() {
  Router::Match match = site_.router.find(request_);
  const Route* route = match.route;
  const bool hidden = route != nullptr && route->permission == Permission::loopback && !loopback_;
  if (hidden || (route == nullptr && !match.path_known)) {
    return base::Error(base::Code::not_found, "http.not_found", "There is nothing at this address.",
                       "Không có gì tại địa chỉ này.");
  }
  if (route == nullptr) {
    return base::Error(base::Code::invalid, "http.method_not_allowed",
                       "This address does not take the method.",
                       "Địa chỉ này không nhận phương thức HTTP đó.");
  }
  route_ = route;
  request_.parameters = std::move(match.parameters);
  if (left_ > route->body_bytes_max) return body_too_large(route->body_bytes_max);
  if (site_.is_memory_short() && !body_whole_ && route->open_body == nullptr) return busy();
  return base::done();
}

void Connection::take_body(std::string_view bytes) {
  const std::size_t before = filling_.size();
  std::string_view rest;
  if (chunked_) {
    rest = bytes.substr(chunks_.decode(bytes, filling_));
    body_whole_ = chunks_.done();
  } else {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    filling_.append(bytes.substr(0, n));
    rest = bytes.substr(n);
    left_ -= n;
    body_whole_ = left_ == 0;
  }
  set_deadline(site_.options.body_timeout_ms);
  charge(filling_.size() - before);
  received_ += filling_.size() - before;
  if (chunks_.failed()) {
    return refuse({base::Code::invalid, "http.body_malformed",
                   "The chunked coding of the body is malformed.",
                   "Phần thân của yêu cầu sai quy cách chunked."});
  }
  if (received_ > route_->body_bytes_max) return refuse(body_too_large(route_->body_bytes_max));
  const bool is_short = site_.is_memory_short();
  if (gather_ && is_short) return refuse(busy());
  if (body_whole_) return body_ended(rest);
  if (!gather_ && !working_ && (filling_.size() >= kPieceBytes || is_short)) submit();
}

void Connection::body_ended(std::string_view rest) {
  body_whole_ = true;
  // One empty line after a body is an old habit of clients; anything more is a second request that
  // did not wait for its turn. It is not served: that is how hidden requests arrive.
  if (rest.starts_with("\r\n")) rest.remove_prefix(2);
  extra_ = !rest.empty();
  state_ = State::working;
  deadline_ = 0;
  if (!working_) submit();
}

void Connection::charge(std::size_t bytes) {
  charged_filling_ += static_cast<std::int64_t>(bytes);
  site_.body_memory.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

void Connection::release(std::int64_t& charged) {
  if (charged != 0) site_.body_memory.fetch_sub(charged, std::memory_order_relaxed);
  charged = 0;
}

}  // namespace http
