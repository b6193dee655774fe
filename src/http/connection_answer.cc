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
  state_ = State::answering;
  if (!body_whole_ || !keep_alive_ || extra_ || site_.stopping) close_after_ = true;
  site_.count_answer(route_, response.status,
                     began_micros_ == 0 ? 0 : base::monotonic_micros() - began_micros_);
  response.source = std::move(answer_.source);
  answer_ = std::move(response);
  AnswerFraming framing;
  framing.date = loop_.date();
  framing.id = request_.id;
  framing.keep_alive = !close_after_;
  if (has_source_) {
    framing.body_bytes = source_left_ + source_piece_.size();
  } else {
    framing.body_bytes = answer_.shared_body ? answer_.shared_body->size() : answer_.body.size();
  }
  out_head_ = answer_head(answer_, framing);
  choose_body(request_.method != Method::head && !has_no_body(answer_.status));
  set_deadline(site_.options.body_timeout_ms);
  write_answer();
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
  for (;;) {
    const auto head = std::string_view(out_head_).substr(head_done_);
    const auto body = out_body_.substr(body_done_);
    if (head.empty() && body.empty()) {
      if (source_out_ == 0) return answer_written();
      if (!next_piece()) {
        deadline_ = 0;  // a worker is reading; work_done() goes on
        return;
      }
      set_deadline(site_.options.body_timeout_ms);
      continue;
    }
    const Io io = transport_->write(head, body);
    switch (io.state) {
      case Io::State::done: {
        const std::size_t of_head = std::min(io.bytes, head.size());
        head_done_ += of_head;
        body_done_ += io.bytes - of_head;
        set_deadline(site_.options.body_timeout_ms);
        break;
      }
      case Io::State::wants_read:
        return wait(Wait::read);
      case Io::State::wants_write:
        return wait(Wait::write);
      case Io::State::ended:
      case Io::State::failed:
        return close();
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
  let_go(piece_);
  let_go(out_head_);
  let_go(out_piece_);
  let_go(source_piece_);
  out_body_ = {};
  head_done_ = body_done_ = 0;
  let_go(answer_);
  if (extra_) site_.count_refused("http.pipelined");
  let_go(static_cast<Head&>(request_));
  let_go(request_.body);
  route_ = nullptr;
  pending_refusal_.reset();
  extra_ = chunked_ = body_whole_ = began_work_ = has_source_ = false;
  chunks_ = {};
  lane_ = base::Lane::normal;
  received_ = left_ = 0;
  source_left_ = 0;
  began_micros_ = 0;
  if (close_after_) return close_gently();
  state_ = State::idle;
  set_deadline(site_.options.idle_timeout_ms);
  if (tls_) return read_some();  // OpenSSL may hold the next request already
  wait(Wait::read);
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
