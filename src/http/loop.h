// One network thread: its sockets, its clock, and the connections that live on it.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/site.h"
#include "http/transport.h"

namespace http {

namespace asio = boost::asio;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

// Everything is called on the loop's own thread unless it says otherwise.
class Loop {
 public:
  static constexpr std::size_t kScratchBytes = 128 * 1024;

  Loop(Site& site, std::uint64_t number);
  ~Loop();
  void start();  // the thread
  void adopt(Socket socket, std::unique_ptr<Transport> transport, bool tls);
  void remove(Connection& connection);
  // Any thread: a worker is done with the connection's job.
  void finished(std::shared_ptr<Connection> connection);
  // Any thread: what the connection waits for may be there.
  void woken(std::shared_ptr<Connection> connection);
  // Has a worker look after a connection that waits, when its turn comes. Waiting connections have
  // half of the workers at most: a storm of them must not hold up requests.
  void enqueue(std::shared_ptr<Connection> connection);
  void served() { --serving_; }  // a worker is done with one of them
  // Any thread. Idle connections close, streams end, the others close after the answer under way.
  void close_idle();
  void close_all();
  void finish();  // any other thread: ends and joins the thread

  asio::io_context& io() { return io_; }
  Site& site() { return site_; }
  // For reading from sockets and nothing that outlives the call.
  char* scratch() { return scratch_.get(); }
  static std::int64_t now_ms();
  std::string_view date();
  std::string next_id();

 private:
  void run();
  void tick();
  void drain_finished();
  void drain_woken();
  void serve_enqueued();

  asio::io_context io_{1};  // first: destroyed after everything that uses it
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  asio::steady_timer timer_;
  Site& site_;
  std::unique_ptr<char[]> scratch_;
  std::vector<std::shared_ptr<Connection>> connections_;  // each knows its place
  std::int64_t date_seconds_ = -1;
  std::string date_;
  const std::uint64_t id_prefix_;
  std::uint32_t id_count_ = 0;
  std::mutex finished_mutex_;
  std::vector<std::shared_ptr<Connection>> finished_;
  std::vector<std::shared_ptr<Connection>> draining_;
  std::mutex woken_mutex_;
  std::vector<std::shared_ptr<Connection>> woken_;
  std::deque<std::shared_ptr<Connection>> enqueued_;
  const std::size_t serving_max_;
  std::size_t serving_ = 0;
  std::thread thread_;
};

}  // namespace http
