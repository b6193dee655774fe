#include <algorithm>
#include <exception>

#include "base/log.h"
#include "http/compression.h"
#include "http/connection.h"
#include "http/limits.h"

namespace http {

base::Error broke(const char* what) {
  base::log::error("http.handler_threw", {{"what", what}});
  return {base::Code::internal, "http.handler_failed",
          "An error inside the server; its log has it under the id of this request.",
          "Lỗi bên trong máy chủ; nhật ký ghi lỗi theo mã của yêu cầu này."};
}

base::Error busy() {
  return {base::Code::unavailable, "http.busy",
          "The server has as much to do as it can take. Try again in a few seconds.",
          "Máy chủ đang quá tải. Hãy thử lại sau vài giây."};
}

base::Error body_too_large(std::uint64_t bytes_max) {
  return {base::Code::too_large, "http.body_too_large",
          "The body is larger than the " + std::to_string(bytes_max) + " bytes allowed here.",
          "Nội dung vượt quá " + std::to_string(bytes_max) + " byte cho phép."};
}

// Gives what has been read of the body to a worker; with all of it, the handler follows.
void Connection::submit() {
  if (!began_work_ && route_->lane) {
    try {
      lane_ = route_->lane(request_, std::string_view(filling_).substr(0, kLaneBytes));
    } catch (const std::exception& e) {
      return refuse(broke(e.what()));
    }
  }
  // The two buffers change places for the length of a body.
  piece_.swap(filling_);
  filling_.clear();
  if (body_whole_) let_go(filling_);
  release(charged_piece_);
  std::swap(charged_piece_, charged_filling_);
  last_piece_ = body_whole_;
  if (hand_over(Task::serve)) {
    began_work_ = true;
  } else if (began_work_) {
    working_ = postponed_ = true;  // half of the body is with the sink already: it keeps its place
  } else {
    let_go(piece_);
    release(charged_piece_);
    refuse(busy());
  }
}

bool Connection::hand_over(Task task) {
  task_ = task;
  working_ = true;
  if (site_.jobs.push(shared_from_this(), lane_)) return true;
  working_ = false;
  return false;
}

void Connection::retry_hand_over() {
  postponed_ = false;
  if (!hand_over(task_)) working_ = postponed_ = true;
}

// The client has left in the middle of a body that is wanted in part too: its sink gets the rest of
// what came. False when there is no such rest, or no worker for it in either lane.
bool Connection::keep_part() {
  if (filling_.empty()) return false;
  postponed_ = false;
  piece_.swap(filling_);
  let_go(filling_);
  release(charged_piece_);
  std::swap(charged_piece_, charged_filling_);
  last_piece_ = false;
  if (hand_over(Task::serve)) return true;
  lane_ = base::Lane::urgent;
  if (hand_over(Task::serve)) return true;
  site_.count_refused("http.busy");
  let_go(piece_);
  release(charged_piece_);
  return false;
}

// What a route opened may take time to close: a worker does it.
void Connection::dispose() {
  postponed_ = false;
  if (request_.sink == nullptr && answer_.source == nullptr) return;
  if (hand_over(Task::discard)) return;
  request_.sink.reset();
  answer_.source.reset();
}

void Connection::work() {
  const base::log::RequestScope scope(request_.id);
  switch (task_) {
    case Task::serve:
      serve();
      break;
    case Task::read_source:
      fill_from_source();
      break;
    case Task::discard:
      request_.sink.reset();
      answer_.source.reset();
      break;
    case Task::ask_waiter:
      ask_waiter();
      break;
    case Task::read_push:
      read_push();
      break;
  }
  loop_.finished(shared_from_this());
}

void Connection::serve() {
  if (site_.abandoning) return;
  try {
    result_ = serve_piece();
    if (result_) finish_result();
  } catch (const std::exception& e) {
    result_ = refusal(broke(e.what()));
  } catch (...) {
    result_ = refusal(broke("not an exception of the standard"));
  }
  piece_.clear();
  if (!result_) return;
  let_go(piece_);
  // What the handler left is closed here and not on the loop.
  request_.sink.reset();
  let_go(request_.body);
}

// What is to be done with an answer before the loop has it.
void Connection::finish_result() {
  compress(*result_, request_);
  if (result_->source != nullptr) start_source();
}

// The first piece goes out with the head; a source that fails at once can still be answered for.
void Connection::start_source() {
  answer_.source = std::move(result_->source);
  source_left_ = answer_.source->size();
  has_source_ = true;
  if (request_.method == Method::head) return answer_.source.reset();
  fill_from_source();
  if (!source_failed_) return;
  has_source_ = source_failed_ = false;
  source_left_ = 0;
  let_go(source_piece_);
  result_ = refusal({base::Code::internal, "http.handler_failed",
                     "What was asked for cannot be read.", "Không đọc được nội dung yêu cầu."});
}

// Nothing while more of the body is to come.
std::optional<Response> Connection::serve_piece() {
  if (route_->open_body != nullptr) {
    if (request_.sink == nullptr) {
      auto opened = route_->open_body(request_);
      if (!opened.ok()) return refusal(opened.error());
      request_.sink = std::move(*opened);
    }
    if (!piece_.empty()) {
      if (auto written = request_.sink->write(piece_); !written.ok()) {
        return refusal(written.error());
      }
    }
  } else {
    request_.body = std::move(piece_);
  }
  if (!last_piece_) return std::nullopt;
  return route_->handler(request_);
}

Response Connection::refusal(const base::Error& error) const {
  if (route_ != nullptr && route_->refuse) {
    try {
      return route_->refuse(request_, error);
    } catch (const std::exception& e) {
      base::log::error("http.refuse_threw", {{"what", e.what()}});
    }
  }
  return problem(error, request_.target);
}

void Connection::fill_from_source() {
  const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(source_left_, kPieceBytes));
  source_piece_.resize(want);
  std::size_t have = 0;
  try {
    while (have < want) {
      auto got = answer_.source->read(source_piece_.data() + have, want - have);
      if (!got.ok()) {
        base::log::warning("http.source_failed", {{"reason", got.error().reason()}});
        break;
      }
      if (*got == 0) break;
      have += std::min(*got, want - have);
    }
  } catch (const std::exception& e) {
    base::log::error("http.source_threw", {{"what", e.what()}});
  }
  source_failed_ = have < want;
  source_left_ -= have;
  if (source_left_ == 0 || source_failed_) answer_.source.reset();
}

void Connection::work_done() {
  working_ = false;
  release(charged_piece_);
  const bool had_turn = task_ == Task::ask_waiter || task_ == Task::read_push;
  if (had_turn) loop_.served();
  if (state_ == State::closed) {
    const bool over = result_.has_value();  // the sink has refused, or has it all
    result_.reset();
    end_wait();
    if (!over && keep_part()) return;
    return dispose();
  }
  if (had_turn) return task_ == Task::ask_waiter ? waiter_asked() : push_read();
  if (task_ == Task::discard) return answer_written();
  if (task_ == Task::read_source) {
    if (source_failed_) return close();
    return write_answer();
  }
  if (result_) {
    Response response = std::move(*result_);
    result_.reset();
    return start_answer(std::move(response));
  }
  if (pending_refusal_) {
    base::Error error = std::move(*pending_refusal_);
    pending_refusal_.reset();
    return refuse(std::move(error));
  }
  if (site_.abandoning) return close();
  if (body_whole_) return submit();
  if (filling_.size() >= kPieceBytes || (site_.is_memory_short() && !filling_.empty())) submit();
  if (state_ != State::body) return;
  set_deadline(site_.options.body_timeout_ms);
  read_some();
}

}  // namespace http
