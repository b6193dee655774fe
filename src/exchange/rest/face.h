// The face of the exchange that programs of our time speak to: JSON over HTTP below /api/v1. It
// turns the rows of route.h into routes of the server. Each call goes the same way: who calls
// (401), how often (429), whether they may at all (403), parameters and body against the row (400),
// the handler, and any error as problem+json in the caller's language.
#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "base/random.h"
#include "exchange/rest/idempotency.h"
#include "exchange/rest/paging.h"
#include "exchange/rest/rates.h"
#include "exchange/rest/route.h"
#include "http/router.h"
#include "store/database.h"

namespace exchange::rest {

// Who calls, by what the head of the request shows; Code::unauthenticated when it shows nothing, or
// something that does not hold. Any thread.
using Authenticate = std::function<base::Result<identity::Principal>(const http::Head&)>;
// Told of every call of somebody who was known and that was refused. Any thread; quick.
using NoteRefusal =
    std::function<void(const identity::Principal&, const http::Head&, const base::Error&)>;

class Face {
 public:
  // All outlive the face.
  struct Parts {
    store::Database& database;
    const base::Clock& clock;
    base::Random& random;
    base::Metrics& metrics;
    Authenticate authenticate;  // empty: nobody can sign in
    base::Bytes secret;         // 32 bytes, the same over restarts
    NoteRefusal note_refusal = nullptr;
  };
  struct Options {
    RateLimit callers;                     // of each person and each system
    RateLimit strangers{60, 300, 50'000};  // of each address: open calls, failed sign-ins
  };
  Face(Parts parts, Options options);

  // All rows, before routes(); kept as long as the face.
  void add(std::vector<Route> rows);
  const std::deque<Route>& rows() const { return rows_; }
  const Options& options() const { return options_; }
  const Rates& rates() const { return rates_; }
  // Borrow this face.
  std::vector<http::Route> routes();

 private:
  // Who calls, and why they may not.
  struct Admission {
    identity::Principal principal;
    const RateLimit* limit = nullptr;
    RateState rate;
    std::optional<base::Error> refusal;
  };
  class AdmittedStream;
  Admission admit(const Route& row, const http::Head& head);
  base::Result<std::unique_ptr<http::BodySink>> open_stream(const Route& row,
                                                            const http::Head& head);
  http::Response serve(const Route& row, http::Request& request);
  base::Result<http::Response> carry_out(const Route& row, Call& call);
  base::Result<http::Response> once(const Route& row, Call& call, std::string_view key);
  static http::Response refused(const Route& row, const base::Error& error, const http::Head& head,
                                std::string_view pointer = {});

  const Parts parts_;
  const Options options_;
  const Cursors cursors_;
  Rates rates_;
  Idempotency idempotency_;
  base::Counter& unauthenticated_;
  base::Counter& limited_;
  base::Counter& replayed_;
  std::deque<Route> rows_;
};

}  // namespace exchange::rest
