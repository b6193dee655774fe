#include "http/server.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "http/connection.h"
#include "http/loop.h"
#include "http/site.h"
#include "http/tls.h"

namespace http {
namespace {

using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using Tls = std::shared_ptr<const TlsContext>;

constexpr int kBacklog = 4096;
// What the kernel takes in before it is read is sent twice when the server dies; left to itself it
// may be 30 MiB. 2 MiB let 100 MiB/s through with 20 ms of way.
using ReceiveWindow = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_WINDOW_CLAMP>;
constexpr int kWindowBytes = 2 << 20;
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

base::Result<asio::ip::address> address_of(asio::io_context& io, const std::string& host) {
  boost::system::error_code error;
  std::string bare = host;
  if (bare.size() > 2 && bare.front() == '[' && bare.back() == ']') {
    bare = bare.substr(1, bare.size() - 2);
  }
  const auto literal = asio::ip::make_address(bare, error);
  if (!error) return literal;
  const auto found = tcp::resolver(io).resolve(bare, "", tcp::resolver::passive, error);
  if (error || found.empty()) {
    return base::Error(base::Code::invalid, "http.bad_address",
                       "The address to listen on, " + host + ", is none of this machine's.",
                       "Địa chỉ lắng nghe " + host + " không phải của máy này.");
  }
  return found.begin()->endpoint().address();
}

base::Error plain_refused(const std::string& host) {
  return {base::Code::invalid, "http.plain_refused",
          "Plain HTTP on " + host +
              " would send everything unencrypted over the network. Set the certificate and key "
              "files, or listen on 127.0.0.1 behind a proxy that does TLS, or allow plain HTTP "
              "explicitly.",
          "HTTP không mã hóa trên địa chỉ " + host +
              " sẽ để lộ mọi dữ liệu trên mạng. Hãy khai báo tệp chứng thư và tệp khóa, hoặc chỉ "
              "lắng nghe ở 127.0.0.1 phía sau một proxy có TLS, hoặc cho phép HTTP không mã hóa "
              "một cách tường minh."};
}

class ServerOnLoops : public Server {
 public:
  ServerOnLoops(const Options& options, const Router& router, base::Metrics& metrics,
                base::Random& random)
      : site_(options, router, metrics, random) {
    const int count = std::max(1, options.loops);
    for (int i = 0; i < count; ++i) {
      loops_.push_back(std::make_unique<Loop>(site_, static_cast<std::uint64_t>(i)));
    }
    acceptor_.emplace(loops_[0]->io());
    pause_.emplace(loops_[0]->io());
  }
  ~ServerOnLoops() override { stop(0); }

  base::Result<void> open() {
    TRY(open_tls());
    TRY(open_socket());
    for (int i = 0; i < std::max(1, site_.options.workers); ++i) {
      workers_.emplace_back([this] { run_worker(); });
    }
    for (const auto& loop : loops_) loop->start();
    asio::post(loops_[0]->io(), [this] { accept(); });
    base::log::info("http.listening", {{"host", site_.options.host},
                                       {"port", port_},
                                       {"tls", !site_.options.certificate_file.empty()}});
    return base::done();
  }

  std::uint16_t port() const override { return port_; }
  void stop(int grace_ms) override;

  base::Result<void> reload_certificates() override {
    if (site_.options.certificate_file.empty()) return base::done();
    const Options& options = site_.options;
    auto made = TRY(TlsContext::for_server(
        {options.certificate_file, options.key_file, options.client_ca_file}));
    std::lock_guard lock(tls_mutex_);
    tls_ = std::move(made);
    return base::done();
  }

 private:
  base::Result<void> open_tls();
  base::Result<void> open_socket();
  void accept();
  void accepted(const boost::system::error_code& error, Socket socket, Loop& loop);
  void run_worker();

  Site site_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::optional<Acceptor> acceptor_;         // used on loops_[0] only, once it runs
  std::optional<asio::steady_timer> pause_;  // after an accept that failed
  std::size_t next_loop_ = 0;
  std::uint16_t port_ = 0;
  std::mutex tls_mutex_;
  Tls tls_;
  std::vector<std::thread> workers_;
  std::mutex stop_mutex_;
  bool stopped_ = false;
};

base::Result<void> ServerOnLoops::open_tls() {
  const Options& options = site_.options;
  if (options.certificate_file.empty() != options.key_file.empty()) {
    return base::Error(base::Code::invalid, "http.certificate_unusable",
                       "A certificate file and a key file belong together; one of them is not set.",
                       "Phải khai báo cả tệp chứng thư và tệp khóa; hiện thiếu một trong hai.");
  }
  if (options.certificate_file.empty() && !options.client_ca_file.empty()) {
    return base::Error(base::Code::invalid, "http.certificate_unusable",
                       "Clients show certificates over TLS only: set the server's certificate and "
                       "key files too.",
                       "Chỉ kiểm tra được chứng thư của máy khách qua TLS: phải khai báo cả tệp "
                       "chứng thư và tệp khóa của máy chủ.");
  }
  return reload_certificates();
}

base::Result<void> ServerOnLoops::open_socket() {
  const Options& options = site_.options;
  const auto address = TRY(address_of(loops_[0]->io(), options.host));
  const bool plain = options.certificate_file.empty();
  if (plain && !options.plain_anywhere && !address.is_loopback())
    return plain_refused(options.host);
  const tcp::endpoint endpoint(address, options.port);
  boost::system::error_code error;
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor_->set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor_->set_option(ReceiveWindow(kWindowBytes), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(kBacklog, error);
  const std::string where = options.host + " port " + std::to_string(options.port);
  if (error == asio::error::address_in_use) {
    return base::Error(base::Code::conflict, "http.address_in_use",
                       "Another program listens on " + where + " already.",
                       "Đã có chương trình khác lắng nghe ở " + where + ".");
  }
  if (error) {
    return base::Error(base::Code::invalid, "http.bad_address",
                       "Cannot listen on " + where + ": " + error.message() + ".",
                       "Không lắng nghe được ở " + where + ".");
  }
  port_ = acceptor_->local_endpoint(error).port();
  return base::done();
}

void ServerOnLoops::accept() {
  if (!acceptor_->is_open()) return;
  Loop& loop = *loops_[next_loop_++ % loops_.size()];
  acceptor_->async_accept(loop.io().get_executor(),
                          [this, &loop](const boost::system::error_code& error, Socket socket) {
                            accepted(error, std::move(socket), loop);
                          });
}

void ServerOnLoops::accepted(const boost::system::error_code& error, Socket socket, Loop& loop) {
  if (!acceptor_->is_open()) return;
  if (error == asio::error::connection_aborted) return accept();
  if (error) {  // no file descriptor is free, for one: connections that close give some back
    base::log::warning("http.accept_failed", {{"what", error.message()}});
    pause_->expires_after(kAcceptPause);
    pause_->async_wait([this](const boost::system::error_code& e) {
      if (!e) accept();
    });
    return;
  }
  if (site_.connections->load() >= site_.options.connections_max) {
    site_.count_refused("http.connections_max");
    boost::system::error_code ignored;
    socket.close(ignored);
    return accept();
  }
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.native_non_blocking(true, ignored);
  Tls tls;
  {
    std::lock_guard lock(tls_mutex_);
    tls = tls_;
  }
  site_.connections->fetch_add(1);
  const int fd = socket.native_handle();
  auto transport = tls ? tls->accept(fd) : plain_transport(fd);
  if (&loop == loops_[0].get()) {
    loop.adopt(std::move(socket), std::move(transport), tls != nullptr);
  } else {
    asio::post(loop.io(), [&loop, s = std::move(socket), t = std::move(transport),
                           encrypted = tls != nullptr]() mutable {
      loop.adopt(std::move(s), std::move(t), encrypted);
    });
  }
  accept();
}

void ServerOnLoops::run_worker() {
  while (auto job = site_.jobs.pop()) (*job)->work();
}

void ServerOnLoops::stop(int grace_ms) {
  std::lock_guard once(stop_mutex_);
  if (stopped_) return;
  stopped_ = true;
  site_.stopping = true;
  const bool runs = !workers_.empty();
  if (runs) {
    asio::post(loops_[0]->io(), [this] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
      for (const auto& loop : loops_) loop->close_idle();
    });
    std::unique_lock lock(site_.gone_mutex);
    site_.gone.wait_for(lock, std::chrono::milliseconds(grace_ms),
                        [this] { return site_.connections->load() == 0; });
  }
  site_.abandoning = true;
  if (runs) {
    for (const auto& loop : loops_) loop->close_all();
  }
  site_.jobs.close();
  for (std::thread& worker : workers_) worker.join();
  for (const auto& loop : loops_) loop->finish();
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const Options& options, const Router& router,
                                                    base::Metrics& metrics, base::Random& random) {
  try {
    auto server = std::make_unique<ServerOnLoops>(options, router, metrics, random);
    TRY(server->open());
    return std::unique_ptr<Server>(std::move(server));
  } catch (const std::exception& e) {
    return base::Error(base::Code::internal, "http.start_failed",
                       std::string("The server cannot start: ") + e.what() + ".",
                       "Không khởi động được máy chủ HTTP.");
  }
}

}  // namespace http
