#include "base/log.h"
#include "base/text.h"
#include "exchange/vxp/face.h"

namespace exchange::vxp {
namespace {

constexpr std::uint64_t kSmallBody = 64 * 1024;
constexpr std::uint64_t kRegistrationBody = 256 * 1024;
constexpr std::size_t kSourcesMax = 10000;

// A look at the head of a file, to let urgent documents pass waiting normal ones; what the document
// really says is read later. Priority 1–4 is urgent (edxml.md §5.1).
base::Lane lane_of(const http::Head&, base::BytesView start) {
  const auto at = start.find("Priority>");
  if (at == base::BytesView::npos) return base::Lane::normal;
  const std::string_view value = base::trim(start.substr(at + 9, 8));
  return !value.empty() && value[0] >= '1' && value[0] <= '4' ? base::Lane::urgent
                                                              : base::Lane::normal;
}

}  // namespace

Face::Face(Exchange& exchange, base::Metrics& metrics, Options options)
    : exchange_(exchange),
      options_(std::move(options)),
      refused_(
          metrics.counter("truc_vxp_refused_total", "Calls refused because of their signature")) {}

std::shared_ptr<const std::string> SharedAnswer::get(std::int64_t version, base::Time now,
                                                     const Build& build) {
  std::lock_guard lock(mutex_);
  if (!answer_ || version_ != version || (until_ && *until_ <= now)) {
    Built built = build();
    answer_ = std::make_shared<const std::string>(std::move(built.text));
    until_ = built.until;
    version_ = version;
  }
  return answer_;
}

void Face::note_failure(const http::Head& head) {
  refused_.add();
  const std::int64_t minute = base::to_micros(exchange_.clock().now()) / 60'000'000;
  int count = 0;
  {
    std::lock_guard lock(failures_mutex_);
    if (failures_.size() > kSourcesMax) failures_.clear();
    Failures& source = failures_[head.remote];
    if (source.minute != minute) source = {minute, 0};
    count = ++source.count;
  }
  if (count > options_.failures_logged_max) return;
  base::log::warning("vxp.signature_refused",
                     {{"system", base::cut_utf8(head.headers[kSystemId], 64)},
                      {"source", head.remote},
                      {"last_logged", count == options_.failures_logged_max}});
}

// authenticate() itself notes the calls that it refuses.
void Face::note_refusal(const http::Head& head, const base::Result<http::Response>& result) {
  if (result || result.error().code() == base::Code::unauthenticated) return;
  if (const auto system = exchange_.directory().system(head.headers[kSystemId])) {
    exchange_.calls().refuse(system->key, CallProtocol::vxp, head.remote, result.error().reason());
  }
}

base::Result<Call> Face::authenticate(const http::Head& head) {
  const auto system = exchange_.directory().system(head.headers[kSystemId]);
  auto parameters = verified_parameters(head.headers, system ? system->secret : no_secret_);
  if (!parameters || !system || !system->enabled) {
    note_failure(head);
    if (system) {
      exchange_.calls().refuse(system->key, CallProtocol::vxp, head.remote,
                               system->enabled ? "vxp.signature" : "identity.system_disabled");
    }
    return base::Error(base::Code::unauthenticated, "vxp.signature", "wrong system id or signature",
                       "Sai mã hệ thống hoặc chữ ký");
  }
  exchange_.calls().note(system->key, CallProtocol::vxp, head.remote);
  return Call{*system, *std::move(parameters)};
}

std::vector<http::Route> Face::routes() {
  using Handler = base::Result<http::Response> (Face::*)(const Call&);
  const auto route =
      [this](http::Method method, std::string_view path, Shape shape, std::string_view summary,
             std::function<base::Result<http::Response>(const Call&, http::Request&)> handler,
             std::uint64_t body_max = kSmallBody) {
        http::Route made{method,   path,    http::Permission::caller_signature,
                         body_max, nullptr, summary};
        made.handler = [this, shape, handler](http::Request& request) {
          const auto call = authenticate(request);
          if (!call) return failure(shape, call.error());
          auto result = handler(*call, request);
          note_refusal(request, result);
          return answer(shape, std::move(result));
        };
        made.refuse = [shape](const http::Head&, const base::Error& error) {
          return failure(shape, error);
        };
        return made;
      };
  const auto simple = [this](Handler handler) {
    return [this, handler](const Call& call, http::Request&) { return (this->*handler)(call); };
  };
  constexpr auto post = http::Method::post;
  http::Route send{post,
                   "**/sendEdoc",
                   http::Permission::caller_signature,
                   options_.document_bytes_max,
                   nullptr,
                   "hand in a document or a status message"};
  send.handler = [this](http::Request& request) {
    auto result = send_edoc(request);
    note_refusal(request, result);
    return answer(Shape::document_id, std::move(result));
  };
  send.open_body = [this](const http::Head& head) { return open_edoc(head); };
  send.refuse = [](const http::Head&, const base::Error& error) {
    return failure(Shape::document_id, error);
  };
  send.lane = lane_of;
  return {
      std::move(send),
      route(post, "**/getReceivedEdocList", Shape::data_list, "what waits for the calling system",
            simple(&Face::received_list)),
      route(post, "**/getSentEdocList", Shape::data_list, "what became of what the system sent",
            simple(&Face::sent_list)),
      route(post, "**/getEdoc", Shape::data_text, "a document, base64 in JSON",
            simple(&Face::get_edoc)),
      route(http::Method::get, "**/downloadEdoc", Shape::raw, "a document, raw",
            simple(&Face::download_edoc)),
      route(post, "**/updateStatus", Shape::plain, "acknowledge a delivery",
            simple(&Face::update_status)),
      route(post, "**/getAgenciesList", Shape::data_list, "all organisations",
            simple(&Face::agencies)),
      route(post, "**/getAgenciesListQD20", Shape::data_list,
            "all organisations with their old codes", simple(&Face::agencies_qd20)),
      route(post, "**/getSynchronizeUnit", Shape::data_list, "the change feed of organisations",
            simple(&Face::synchronize_unit)),
      route(
          post, "**/registerAgency", Shape::plain,
          "add or change an organisation of the calling system",
          [this](const Call& call, http::Request& request) {
            return register_agency(call, request);
          },
          kRegistrationBody),
      route(post, "**/deleteAgency", Shape::plain, "remove an organisation of the calling system",
            simple(&Face::delete_agency)),
      route(
          post, "**/countReceiveEdoc", Shape::count, "how many documents wait",
          [this](const Call& call, http::Request&) { return count(call, edxml::Kind::document); }),
      route(post, "**/countReceiveStatus", Shape::count, "how many status messages wait",
            [this](const Call& call, http::Request&) { return count(call, edxml::Kind::status); }),
  };
}

}  // namespace exchange::vxp
