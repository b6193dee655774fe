#include <algorithm>
#include <array>
#include <charconv>
#include <exception>

#include "base/log.h"
#include "base/time.h"
#include "http/connection.h"
#include "http/limits.h"

namespace http {
namespace {

constexpr int kWaitMsMax = 10 * 60 * 1000;

std::string chunk(std::string_view bytes) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16);
  std::string out;
  out.reserve(bytes.size() + 12);
  out.append(digits.data(), end.ptr);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
  return out;
}

constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace

void Connection::begin_wait(Response response) {
  if (site_.waits->fetch_add(1) >= site_.options.waits_max) {
    site_.waits->fetch_sub(1);
    return refuse(busy());
  }
  state_ = State::waiting;
  waiter_ = std::move(response.waiter);
  last_ = site_.stopping;
  set_deadline(std::clamp(response.wait_ms, 1, kWaitMsMax));
  if (waiter_->attach(loop_, weak_from_this()) || last_) ask_for_turn();
  wait(Wait::read);  // the client may leave
}

// On a worker.
void Connection::ask_waiter() {
  if (site_.abandoning) return;
  waiter_->take_ring();
  try {
    result_ = waiter_->answer(task_last_);
    if (!result_ && task_last_) result_ = refusal(broke("a waiter gave no last answer"));
    if (result_) finish_result();
  } catch (const std::exception& e) {
    result_ = refusal(broke(e.what()));
  } catch (...) {
    result_ = refusal(broke("not an exception of the standard"));
  }
}

void Connection::waiter_asked() {
  if (result_) {
    end_wait();
    Response response = std::move(*result_);
    result_.reset();
    return start_answer(std::move(response));
  }
  if (site_.abandoning) return close();
  if (last_ || waiter_->is_rung()) ask_for_turn();
}

void Connection::begin_push(Response response) {
  if (site_.streams->fetch_add(1) >= site_.options.streams_max) {
    site_.streams->fetch_sub(1);
    return refuse(busy());
  }
  state_ = State::pushing;
  push_ = std::move(response.push);
  last_ = site_.stopping || request_.method == Method::head;
  ending_ = request_.method == Method::head;  // without a body, not even an empty one
  next_ = PushSource::Next::again;
  close_after_ = true;
  answer_ = std::move(response);
  frame_answer(version_1_0_ ? AnswerFraming::Body::until_close : AnswerFraming::Body::chunked, 0);
  // Of the request only its id is needed from here on, and a stream may be there for days.
  std::string id = std::move(request_.id);
  const bool was_1_0 = version_1_0_;
  std::string head = std::move(out_head_);
  forget_request();
  request_.id = std::move(id);
  version_1_0_ = was_1_0;
  out_head_ = std::move(head);
  push_->attach(loop_, weak_from_this());
  deadline_ = 0;
  write_push();
  if (state_ == State::pushing) wait(Wait::read);  // the client may leave
}

// On a worker.
void Connection::read_push() {
  push_->take_ring();
  next_ = PushSource::Next::end;
  source_failed_ = true;
  try {
    auto next = push_->next(source_piece_, kPushBytes);
    if (next.ok()) {
      next_ = *next;
      source_failed_ = false;
    } else {
      base::log::warning("http.source_failed", {{"reason", next.error().reason()}});
    }
  } catch (const std::exception& e) {
    base::log::error("http.source_threw", {{"what", e.what()}});
  } catch (...) {
    base::log::error("http.source_threw", {{"what", "not an exception of the standard"}});
  }
  if (source_piece_.size() <= kPushBytes) return;
  base::log::error("http.source_threw", {{"what", "a piece larger than was asked for"}});
  source_failed_ = true;
}

void Connection::push_read() {
  if (source_failed_) return close();
  push_piece(source_piece_);
  let_go(source_piece_);
  write_push();
}

void Connection::push_piece(std::string_view bytes) {
  if (!bytes.empty()) out_piece_ = version_1_0_ ? std::string(bytes) : chunk(bytes);
  out_body_ = out_piece_;
}

void Connection::write_push() {
  // Nothing is under way: the socket has only become readable.
  if (out_head_.empty() && out_piece_.empty() && (enqueued_ || working_ || deadline_ != 0)) return;
  while (state_ == State::pushing) {
    if (!flush()) {
      if (state_ == State::pushing) piece_stalled();
      return;
    }
    push_written();
    if (out_piece_.empty()) return;
  }
}

void Connection::piece_stalled() {
  if (stalled_) return;
  stalled_ = true;
  set_deadline(site_.options.stall_timeout_ms);
  charged_stalled_ = static_cast<std::int64_t>(out_piece_.size());
  const auto before = site_.stream_memory.fetch_add(charged_stalled_);
  if (before + charged_stalled_ <= static_cast<std::int64_t>(site_.options.memory_for_streams)) {
    return;
  }
  site_.count_refused("http.stream_stalled");
  close();
}

// A piece is with the kernel: what is next?
void Connection::push_written() {
  if (stalled_) site_.stream_memory.fetch_sub(charged_stalled_);
  charged_stalled_ = 0;
  stalled_ = false;
  let_go(out_head_);
  let_go(out_piece_);
  out_body_ = {};
  head_done_ = body_done_ = 0;
  if (ending_) {
    end_wait();
    return close_gently();
  }
  if (last_ || next_ == PushSource::Next::end) {
    ending_ = true;
    if (version_1_0_) {
      end_wait();
      return close_gently();
    }
    out_piece_ = kLastChunk;
    out_body_ = out_piece_;
    return;
  }
  if (next_ == PushSource::Next::again || push_->is_rung()) return ask_for_turn();
  // Not all at one moment: thousands of clients may have come back at once.
  const int beat = site_.options.heartbeat_ms;
  set_deadline(beat - static_cast<int>(place_ % 64) * (beat / 256));
}

void Connection::heartbeat() {
  deadline_ = 0;
  push_piece(push_->heartbeat());
  write_push();
}

// On the loop, by way of Loop::woken.
void Connection::woken() {
  if (state_ == State::waiting && !working_) return ask_for_turn();
  const bool resting = out_head_.empty() && out_piece_.empty() && !working_;
  if (state_ == State::pushing && resting && push_->is_rung()) ask_for_turn();
}

void Connection::ask_for_turn() {
  deadline_ = 0;
  if (enqueued_ || working_) return;
  enqueued_ = true;
  loop_.enqueue(shared_from_this());
}

bool Connection::take_turn() {
  task_last_ = last_;
  if (state_ == State::waiting) began_micros_ = base::monotonic_micros();
  enqueued_ = !hand_over(state_ == State::waiting ? Task::ask_waiter : Task::read_push);
  return !enqueued_;
}

void Connection::stop() {
  if (state_ == State::idle) return close();
  if (state_ != State::waiting && state_ != State::pushing) return;
  last_ = true;
  if (state_ == State::waiting) return ask_for_turn();
  if (working_ || !out_head_.empty() || !out_piece_.empty()) return;  // after what is under way
  enqueued_ = false;
  push_written();
  write_push();
}

// The client has its answer, or has left.
void Connection::end_wait() {
  if (stalled_) site_.stream_memory.fetch_sub(charged_stalled_);
  charged_stalled_ = 0;
  stalled_ = false;
  if (const auto waiter = std::move(waiter_)) {
    waiter->detach();
    site_.waits->fetch_sub(1);
    waiter->ended();
  }
  if (const auto push = std::move(push_)) {
    push->detach();
    site_.streams->fetch_sub(1);
    push->ended();
  }
}

}  // namespace http
