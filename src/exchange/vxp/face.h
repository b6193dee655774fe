// The face of the exchange that speaks the national SDK's protocol. docs/protocols/vxp.md lists the
// calls; each has a file of its own here.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "edxml/reader.h"
#include "exchange/exchange.h"
#include "exchange/vxp/answer.h"
#include "exchange/vxp/signature.h"
#include "http/router.h"

namespace exchange::vxp {

// A call whose signature holds.
struct Call {
  ConnectedSystem system;
  Parameters parameters;
};

// A JSON answer that is the same for everybody until the directory changes or an organisation comes
// into or goes out of force, built once.
class SharedAnswer {
 public:
  struct Built {
    std::string text;
    std::optional<base::Time> until;  // from then on it must be built again
  };
  using Build = std::function<Built()>;
  // The answer for `version` at `now`, building it when it is not there; one builds, the others
  // wait.
  std::shared_ptr<const std::string> get(std::int64_t version, base::Time now, const Build& build);

 private:
  std::mutex mutex_;
  std::int64_t version_ = -1;
  std::optional<base::Time> until_;
  std::shared_ptr<const std::string> answer_;
};

class Face {
 public:
  struct Options {
    std::uint64_t document_bytes_max = 10ull << 30;
    edxml::ReadLimits read;
    // Failed signatures of one source within a minute that are logged one by one; beyond it they
    // are counted only.
    int failures_logged_max = 30;
  };
  Face(Exchange& exchange, base::Metrics& metrics, Options options);

  // One route a call, for any base path. Borrow this face.
  std::vector<http::Route> routes();

  Exchange& exchange() { return exchange_; }
  const Options& options() const { return options_; }

  // vxp-protocol.md §3.2; vxp.signature for an unknown or disabled system as for a wrong signature.
  base::Result<Call> authenticate(const http::Head& head);

  // Each call; send_edoc.cc, lists.cc, get_edoc.cc, update_status.cc, agencies.cc.
  base::Result<std::unique_ptr<http::BodySink>> open_edoc(const http::Head& head);
  base::Result<http::Response> send_edoc(http::Request& request);
  base::Result<http::Response> received_list(const Call& call);
  base::Result<http::Response> sent_list(const Call& call);
  base::Result<http::Response> count(const Call& call, edxml::Kind kind);
  base::Result<http::Response> get_edoc(const Call& call);
  base::Result<http::Response> download_edoc(const Call& call);
  base::Result<http::Response> update_status(const Call& call);
  base::Result<http::Response> agencies(const Call& call);
  base::Result<http::Response> agencies_qd20(const Call& call);
  base::Result<http::Response> synchronize_unit(const Call& call);
  base::Result<http::Response> register_agency(const Call& call, const http::Request& request);
  base::Result<http::Response> delete_agency(const Call& call);

 private:
  void note_failure(const http::Head& head);
  void note_refusal(const http::Head& head, const base::Result<http::Response>& result);

  Exchange& exchange_;
  const Options options_;
  base::Counter& refused_;
  SharedAnswer agencies_, agencies_qd20_, units_;
  // A key that no system has, so that an unknown id costs the same time as a wrong signature.
  const base::Bytes no_secret_ = std::string(32, '\x5a');
  std::mutex failures_mutex_;
  struct Failures {
    std::int64_t minute = 0;
    int count = 0;
  };
  std::unordered_map<std::string, Failures> failures_;
};

}  // namespace exchange::vxp
