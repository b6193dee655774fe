// One client's connection: reads requests, has workers serve them, writes answers. It lives on one
// loop; at any time at most one worker has one job of it, and then the two touch different members.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/queue.h"
#include "http/answer.h"
#include "http/chunked.h"
#include "http/head.h"
#include "http/loop.h"
#include "http/message.h"

namespace http {

// Shared: asynchronous waits and the job of a worker each keep it alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, Socket socket, std::unique_ptr<Transport> transport, bool tls);
  ~Connection();

  // On the loop.
  void start();
  void work_done();
  bool needs_attention(std::int64_t now_ms) const {
    return postponed_ || (deadline_ != 0 && now_ms >= deadline_);
  }
  void attend(std::int64_t now_ms);
  void stop();  // the server does: what waits or streams ends, what is idle closes
  void close();
  void woken();
  bool is_enqueued() const { return enqueued_; }
  bool take_turn();  // false when no worker can be asked
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

  // On a worker: does the job that was handed over.
  void work();

 private:
  enum class State : unsigned char {
    idle,       // between requests; holds no buffer
    head,       // some of a head is here
    body,       // reading the body
    working,    // the request is whole; a worker has it
    waiting,    // the answer comes later
    answering,  // writing the answer
    pushing,    // streaming what comes about
    draining,   // the answer is out; waits for the client to close
    closed,
  };
  enum class Task : unsigned char { serve, read_source, discard, ask_waiter, read_push };
  enum class Wait : bool { read, write };

  // connection.cc: reading
  void wait(Wait what);
  void ready();
  void read_some();
  std::size_t room() const;
  void take(std::string_view bytes);
  void take_head(std::string_view bytes);
  void begin(RequestHead&& parsed, std::string_view rest);
  base::Result<void> admit();
  void take_body(std::string_view bytes);
  void body_ended(std::string_view rest);
  void peer_ended();
  void set_deadline(int ms) { deadline_ = Loop::now_ms() + ms; }
  void charge(std::size_t bytes);
  void release(std::int64_t& charged);

  // connection_work.cc: handing over to workers, and what they do
  void submit();
  bool hand_over(Task task);
  void retry_hand_over();
  bool keep_part();
  void dispose();
  void serve();
  std::optional<Response> serve_piece();
  void finish_result();
  Response refusal(const base::Error& error) const;
  void start_source();
  void fill_from_source();

  // connection_answer.cc: writing
  void refuse(base::Error error);
  void start_answer(Response response);
  void choose_body(bool body_wanted);
  void frame_answer(AnswerFraming::Body body, std::uint64_t body_bytes);
  void write_answer();
  bool flush();
  bool next_piece();
  void answer_written();
  void forget_request();
  void close_gently();

  // connection_wait.cc: answers that come later, and streams
  void begin_wait(Response response);
  void ask_waiter();
  void waiter_asked();
  void begin_push(Response response);
  void read_push();
  void push_read();
  void push_piece(std::string_view bytes);
  void write_push();
  void piece_stalled();
  void push_written();
  void ask_for_turn();
  void heartbeat();
  void end_wait();

  Loop& loop_;
  Site& site_;
  Socket socket_;
  std::unique_ptr<Transport> transport_;
  const bool tls_;
  std::string remote_;
  std::shared_ptr<const ClientCertificate> certificate_;
  bool certificate_asked_ = false;
  bool loopback_ = false;
  std::size_t place_ = 0;

  State state_ = State::idle;
  bool waiting_read_ = false, waiting_write_ = false;
  std::int64_t deadline_ = 0;  // 0: none
  base::Bytes in_;             // the part of a head that is here

  // The request under way. A worker reads the head while the loop may do so too.
  Request request_;
  const Route* route_ = nullptr;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool version_1_0_ = false;
  bool gather_ = true;        // the body reaches a worker in one piece
  bool body_whole_ = false;   // read to its end
  bool close_after_ = false;  // the answer ends the connection
  bool extra_ = false;        // bytes came after the request
  bool began_work_ = false;   // a worker has had a piece of this request
  base::Lane lane_ = base::Lane::normal;
  std::int64_t began_micros_ = 0;
  std::uint64_t left_ = 0;      // of a body with Content-Length
  std::uint64_t received_ = 0;  // of the body's content
  ChunkedDecoder chunks_;
  base::Bytes filling_;  // the piece being read
  std::int64_t charged_filling_ = 0, charged_piece_ = 0;
  std::optional<base::Error> pending_refusal_;  // waits for the worker to be done

  // The job of a worker: the worker's alone while working_ is true.
  Task task_ = Task::serve;
  base::Bytes piece_;
  bool last_piece_ = false;
  std::optional<Response> result_;
  base::Bytes source_piece_;
  std::uint64_t source_left_ = 0;
  bool has_source_ = false;
  bool source_failed_ = false;

  bool working_ = false;    // on the loop: a worker has the job
  bool postponed_ = false;  // the queue was full: the sweep tries again

  // The answer under way.
  Response answer_;
  std::string out_head_;
  base::Bytes out_piece_;
  std::string_view out_body_;
  std::size_t head_done_ = 0, body_done_ = 0;
  std::uint64_t source_out_ = 0;  // of a source's bytes: not yet given to out_piece_
  std::uint64_t drained_ = 0;

  // What comes later: of the two at most one. While working_, a worker has it.
  std::shared_ptr<Waiter> waiter_;
  std::shared_ptr<PushSource> push_;
  std::int64_t charged_stalled_ = 0;
  PushSource::Next next_ = PushSource::Next::wait;
  bool enqueued_ = false;   // waits for its turn with a worker
  bool last_ = false;       // the waiter has to answer, the stream to end
  bool task_last_ = false;  // as the worker is told
  bool stalled_ = false;    // the client is slow to take a piece
  bool ending_ = false;     // the end of the stream is being written
};

}  // namespace http
