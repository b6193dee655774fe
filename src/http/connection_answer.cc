#include <algorithm>

#include "base/time.h"
#include "http/answer.h"
#include "http/connection.h"
#include "http/limits.h"

namespace http {

// Answers with an error in place of the handler.
void Connection::refuse(base::Error error) {
  if (working_) {
    // A worker has the head and the sink: the answer waits for it, and nothing more is read.
    pending_refusal_ = std::move(error);
    state_ = State::working;
    deadline_ = 0;
    return;
  }
  site_.count_refused(error.reason());
  Response response = refusal(error);
  if (error.reason() == "http.method_not_allowed") {
    response.headers.set("Allow", site_.router.allowed(request_));
  }
  let_go(filling_);
  release(charged_filling_);
  start_answer(std::move(response));
}

void Connection::start_answer(Response response) {
  if (response.waiter) return begin_wait(std::move(response));
  if (response.push) return begin_push(std::move(response));
  state_ = State::answering;
  response.source = std::move(answer_.source);
  answer_ = std::move(response);
  if (has_source_) {
    frame_answer(AnswerFraming::Body::sized, source_left_ + source_piece_.size());
  } else {
    frame_answer(AnswerFraming::Body::sized,
                 answer_.shared_body ? answer_.shared_body->size() : answer_.body.size());
  }
  choose_body(request_.method != Method::head && !has_no_body(answer_.status));
  set_deadline(site_.options.body_timeout_ms);
  write_answer();
}

// Counts the answer and puts its head in out_head_.
void Connection::frame_answer(AnswerFraming::Body body, std::uint64_t body_bytes) {
  if (!body_whole_ || !keep_alive_ || extra_ || site_.stopping) close_after_ = true;
  site_.count_answer(route_, answer_.status,
                     began_micros_ == 0 ? 0 : base::monotonic_micros() - began_micros_);
  AnswerFraming framing;
  framing.date = loop_.date();
  framing.id = request_.id;
  framing.keep_alive = !close_after_;
  framing.body = body;
  framing.body_bytes = body_bytes;
  out_head_ = answer_head(answer_, framing);
}

void Connection::choose_body(bool body_wanted) {
  out_body_ = {};
  source_out_ = 0;
  if (!body_wanted) {
    let_go(source_piece_);
    source_left_ = 0;
  } else if (has_source_) {
    source_out_ = source_left_ + source_piece_.size();
    next_piece();
  } else {
    out_body_ = answer_.shared_body ? std::string_view(*answer_.shared_body)
                                    : std::string_view(answer_.body);
  }
}

// Takes the piece that a worker has read and sends the worker for the next one. False when there is
// none yet.
bool Connection::next_piece() {
  if (working_) return false;
  out_piece_.swap(source_piece_);
  source_piece_.clear();
  out_body_ = out_piece_;
  body_done_ = 0;
  source_out_ -= out_piece_.size();
  if (source_out_ > 0 && !hand_over(Task::read_source)) working_ = postponed_ = true;
  return true;
}

void Connection::write_answer() {
  if (state_ != State::answering) return;
  while (flush()) {
    if (source_out_ == 0) return answer_written();
    if (!next_piece()) {
      deadline_ = 0;  // a worker is reading; work_done() goes on
      return;
    }
    set_deadline(site_.options.body_timeout_ms);
  }
}

// Writes what is in out_head_ and out_body_. False when it has to wait for the socket, or closed.
bool Connection::flush() {
  for (;;) {
    const auto head = std::string_view(out_head_).substr(head_done_);
    const auto body = out_body_.substr(body_done_);
    if (head.empty() && body.empty()) return true;
    const Io io = transport_->write(head, body);
    switch (io.state) {
      case Io::State::done: {
        const std::size_t of_head = std::min(io.bytes, head.size());
        head_done_ += of_head;
        body_done_ += io.bytes - of_head;
        if (state_ == State::answering) set_deadline(site_.options.body_timeout_ms);
        break;
      }
      case Io::State::wants_read:
        wait(Wait::read);
        return false;
      case Io::State::wants_write:
        wait(Wait::write);
        return false;
      case Io::State::ended:
      case Io::State::failed:
        close();
        return false;
    }
  }
}

void Connection::answer_written() {
  dispose();
  if (working_) {
    // A worker is closing what the route opened; nothing of it is needed again before it is done.
    state_ = State::working;
    deadline_ = 0;
    return;
  }
  if (extra_) site_.count_refused("http.pipelined");
  forget_request();
  if (close_after_) return close_gently();
  state_ = State::idle;
  set_deadline(site_.options.idle_timeout_ms);
  if (tls_) return read_some();  // OpenSSL may hold the next request already
  wait(Wait::read);
}

// Leaves nothing that costs memory.
void Connection::forget_request() {
  let_go(piece_);
  let_go(out_head_);
  let_go(out_piece_);
  let_go(source_piece_);
  out_body_ = {};
  head_done_ = body_done_ = 0;
  let_go(answer_);
  let_go(static_cast<Head&>(request_));
  let_go(request_.body);
  route_ = nullptr;
  pending_refusal_.reset();
  extra_ = chunked_ = version_1_0_ = body_whole_ = began_work_ = has_source_ = false;
  chunks_ = {};
  lane_ = base::Lane::normal;
  received_ = left_ = drained_ = 0;
  source_left_ = 0;
  began_micros_ = 0;
}

// A socket closed with unread bytes is reset, and the client may lose the answer: so the answer's
// end is told first, and a bounded amount is read over.
void Connection::close_gently() {
  transport_->close_write();
  state_ = State::draining;
  drained_ = 0;
  set_deadline(kDrainMs);
  read_some();
}

}  // namespace http
