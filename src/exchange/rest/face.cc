#include "exchange/rest/face.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "exchange/rest/request.h"
#include "http/problem.h"
#include "http/range.h"

namespace exchange::rest {
namespace {

constexpr std::string_view kKeyHeader = "Idempotency-Key";

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= kKeyBytesMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

base::Error bad_key() {
  return base::Error(base::Code::invalid, "rest.bad_key",
                     "Idempotency-Key must be 1 to 255 visible ASCII characters, best a UUID",
                     "Idempotency-Key phải gồm 1 đến 255 ký tự ASCII nhìn thấy được, tốt nhất là "
                     "UUID");
}

// A client that has what it asks for gets no body again.
void compare_versions(const http::Head& head, http::Response& response) {
  if (response.status != 200) return;
  if (!response.headers.has("ETag") && !response.body.empty())
    response.headers.add("ETag", etag_of(response.body));
  const std::string_view known = head.headers["If-None-Match"];
  if (known.empty() || !response.headers.has("ETag")) return;
  if (!names_etag(known, response.headers["ETag"])) return;
  response.status = 304;
  response.body.clear();
  response.shared_body.reset();
  response.source.reset();
}

bool gives_parts(const Route& row) {
  return std::any_of(row.answers.begin(), row.answers.end(),
                     [](const Answer& one) { return one.status == 206; });
}

void add_header(http::Response& response, std::string_view name, std::string value) {
  if (!response.headers.has(name)) response.headers.add(std::string(name), std::move(value));
}

// An answer that a browser is made to show does nothing, loads nothing, and stands in no frame. A
// page of ours has said what it needs before.
void keep_still(http::Response& response) {
  add_header(response, "X-Content-Type-Options", "nosniff");
  add_header(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

}  // namespace

// A body that is coming from somebody who was let in.
class Face::AdmittedStream : public http::BodySink {
 public:
  AdmittedStream(Admission the_admission, std::unique_ptr<Stream> the_stream)
      : admission(std::move(the_admission)), stream(std::move(the_stream)) {}
  base::Result<void> write(base::BytesView chunk) override { return stream->write(chunk); }
  Admission admission;
  std::unique_ptr<Stream> stream;
};

Face::Face(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(options),
      cursors_(base::hmac_sha256(parts_.secret, "truc rest cursors 1")),
      idempotency_(parts_.database, parts_.random),
      unauthenticated_(parts_.metrics.counter("truc_api_unauthenticated_total",
                                              "API calls that did not show who calls")),
      limited_(parts_.metrics.counter("truc_api_limited_total",
                                      "API calls refused because there were too many")),
      replayed_(parts_.metrics.counter("truc_api_replayed_total",
                                       "API calls answered again by their Idempotency-Key")) {}

void Face::add(std::vector<Route> rows) {
  for (Route& row : rows) {
    CHECK(row.handler != nullptr);
    CHECK(row.body.types.empty() == (row.body.open == nullptr));
    rows_.push_back(std::move(row));
  }
}

std::vector<http::Route> Face::routes() {
  std::vector<http::Route> routes;
  for (const Route& row : rows_) {
    const auto permission =
        row.access.open_to_strangers() ? http::Permission::open : http::Permission::caller;
    http::Route made{row.method, row.path, permission, 0, nullptr, row.summary.en};
    if (row.body.json) made.body_bytes_max = row.body.json_bytes_max;
    if (row.body.open) {
      made.body_bytes_max = row.body.stream_bytes_max;
      made.open_body = [this, &row](const http::Head& head) { return open_stream(row, head); };
      made.keeps_partial_body = row.body.keeps_partial;
    }
    made.handler = [this, &row](http::Request& request) { return serve(row, request); };
    made.refuse = [&row](const http::Head& head, const base::Error& error) {
      return refused(row, error, head);
    };
    routes.push_back(std::move(made));
  }
  return routes;
}

base::Result<std::unique_ptr<http::BodySink>> Face::open_stream(const Route& row,
                                                                const http::Head& head) {
  if (row.body.optional && head.body_bytes == 0) return std::unique_ptr<http::BodySink>();
  Admission admission = admit(row, head);
  if (admission.refusal) return *std::move(admission.refusal);
  TRY(check_type(row, head));
  std::unique_ptr<Stream> stream;
  if (row.body.json && media_type(head.headers["Content-Type"]) == "application/json") {
    stream = std::make_unique<JsonStream>(row.body.json_bytes_max);
  } else {
    stream = TRY(row.body.open(head, admission.principal));
  }
  return std::unique_ptr<http::BodySink>(
      std::make_unique<AdmittedStream>(std::move(admission), std::move(stream)));
}

http::Response Face::serve(const Route& row, http::Request& request) {
  auto* const stream = dynamic_cast<AdmittedStream*>(request.sink.get());
  Admission admission = stream ? std::move(stream->admission) : admit(row, request);
  Call call(request, admission.principal, cursors_, row.path, parts_.clock.now(),
            http::preferred_language(request.headers["Accept-Language"]));
  if (stream) call.stream = stream->stream.get();
  call.answer_headers.add("RateLimit-Policy", rate_policy(*admission.limit));
  call.answer_headers.add("RateLimit", rate_text(admission.rate));
  call.answer_headers.add("Cache-Control", "private, no-cache");
  call.answer_headers.add("Vary", "Accept, Accept-Language, Authorization, Cookie");
  auto answer = admission.refusal ? base::Result<http::Response>(*std::move(admission.refusal))
                                  : carry_out(row, call);
  if (!answer && parts_.note_refusal)
    parts_.note_refusal(admission.principal, request, answer.error());
  http::Response response =
      answer ? *std::move(answer) : refused(row, answer.error(), request, call.pointer());
  if (request.method == http::Method::get || request.method == http::Method::head)
    compare_versions(request, response);
  if (response.source != nullptr && gives_parts(row)) {
    if (const auto part = http::take_range(request, response); !part) {
      std::string where = http::unsatisfied(response);
      response = refused(row, part.error(), request);
      if (response.status == 416) response.headers.add("Content-Range", std::move(where));
    }
  }
  if (response.status == 429 && admission.rate.retry_s > 0)
    response.headers.set("Retry-After", std::to_string(admission.rate.retry_s));
  for (const http::Header& header : row.headers) add_header(response, header.name, header.value);
  for (const http::Header& header : call.answer_headers.all())
    add_header(response, header.name, header.value);
  keep_still(response);
  return response;
}

base::Result<http::Response> Face::carry_out(const Route& row, Call& call) {
  if (row.access.kind() == Access::Kind::permitted)
    call.reach = identity::reach(call.principal, row.access.permission());
  TRY(read_parameters(row, call));
  const auto* const collected = dynamic_cast<JsonStream*>(call.stream);
  if (row.body.json && (collected || !call.stream)) {
    // Where there is a stream, its type was checked before it was read.
    const std::string_view text = collected ? collected->text() : call.request.body;
    if (!call.stream && !text.empty()) TRY(check_type(row, call.request));
    if (!(row.body.optional && text.empty())) TRY(read_json(*row.body.json, text, call));
  } else if (row.body.open && !call.stream && !row.body.optional) {
    TRY(read_json(anything({}, {}), {}, call));  // says that the body is missing
  }
  const std::string_view key = call.request.headers[kKeyHeader];
  const bool keyed = row.method == http::Method::post && row.keeps_answer &&
                     call.request.headers.has(kKeyHeader) && !call.principal.id.empty();
  if (!keyed) return row.handler(call);
  if (!is_key(key)) return call.at(std::string(kKeyHeader), bad_key());
  return once(row, call, key);
}

base::Result<http::Response> Face::once(const Route& row, Call& call, std::string_view key) {
  base::Sha256 sum;
  for (const std::string_view part :
       {std::string_view(call.request.target), call.request.headers["Content-Type"]}) {
    sum.update(part);
    sum.update("\n");
  }
  sum.update(call.stream ? std::string_view(call.stream->digest()) : call.request.body);
  const Keyed keyed{call.principal.id, std::string(key), std::string(row.path), sum.finish()};
  auto known = TRY(idempotency_.claim(keyed, call.now));
  if (known) {
    replayed_.add();
    return *std::move(known);
  }
  auto answer = row.handler(call);
  if (answer && answer->source == nullptr && answer->body.size() <= kAnswerBytesMax) {
    TRY(idempotency_.keep(keyed, *answer, call.now));
  } else {
    TRY(idempotency_.release(keyed));
  }
  return answer;
}

http::Response Face::refused(const Route& row, const base::Error& error, const http::Head& head,
                             std::string_view pointer) {
  const auto named = std::find_if(row.refusals.begin(), row.refusals.end(),
                                  [&](const auto& one) { return one.reason == error.reason(); });
  http::Response response = http::problem(
      error, {head.target, pointer, http::preferred_language(head.headers["Accept-Language"]),
              named == row.refusals.end() ? 0 : named->status});
  for (const http::Header& header : row.headers) add_header(response, header.name, header.value);
  if (response.status == 401) {
    response.headers.add("WWW-Authenticate", head.headers.has("Authorization")
                                                 ? "Bearer realm=\"truc\", error=\"invalid_token\""
                                                 : "Bearer realm=\"truc\"");
  }
  response.headers.add("Cache-Control", "no-store");
  keep_still(response);
  return response;
}

}  // namespace exchange::rest
