#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "exchange/findings.h"
#include "exchange/handed_file.h"
#include "exchange/vxp/face.h"
#include "exchange/vxp/receivers.h"

namespace exchange::vxp {
namespace {

constexpr std::string_view kSdkTail = "\r\n";  // the SDK appends it to the file (§2)

// Takes the body of sendEdoc: hashes it, reads its header, and keeps its bytes, all in one pass.
class EdocSink : public http::BodySink {
 public:
  EdocSink(Call the_call, std::unique_ptr<store::BlobWriter> blob, const edxml::ReadLimits& limits)
      : call(std::move(the_call)), file(std::move(blob), limits) {}

  base::Result<void> write(base::BytesView chunk) override {
    // The last two bytes wait: they may be the SDK's and not the file's.
    const std::size_t keep = std::min(tail_.size() + chunk.size(), kSdkTail.size());
    const std::size_t ready = tail_.size() + chunk.size() - keep;
    const std::size_t of_tail = std::min(tail_.size(), ready);
    const base::BytesView of_chunk = chunk.substr(0, ready - of_tail);
    file.hash(base::BytesView(tail_).substr(0, of_tail), of_chunk);
    TRY(file.keep(chunk));
    file.read(base::BytesView(tail_).substr(0, of_tail));
    file.read(of_chunk);
    tail_.erase(0, of_tail);
    tail_ += chunk.substr(of_chunk.size());
    return base::done();
  }

  // What the file is once the SDK's line end is told apart.
  struct Facts {
    base::Bytes hash;
    std::uint64_t size = 0;
    edxml::Document document;
  };
  base::Result<Facts> finish() {
    Facts facts;
    const std::string_view written = call.parameters["hash-file"];
    facts.size = file.kept();
    if (facts.size == 0 || (tail_ == kSdkTail && facts.size == kSdkTail.size())) {
      return base::Error(base::Code::invalid, "vxp.empty_file", "the file is empty", "Tệp rỗng");
    }
    facts.hash = file.hash_with();
    if (tail_ == kSdkTail && hash_matches(written, facts.hash)) {
      facts.size -= kSdkTail.size();
    } else {
      facts.hash = file.hash_with(tail_);
      if (!hash_matches(written, facts.hash)) {
        return base::Error(base::Code::invalid, "vxp.hash_mismatch",
                           "hash-file is not the SHA-256 of the file received",
                           "Tệp không hợp lệ: hash-file không khớp với SHA-256 của tệp nhận được");
      }
    }
    file.read(tail_);
    facts.document = TRY(file.document());
    return facts;
  }

  const Call call;
  HandedFile file;

 private:
  std::string tail_;
};

}  // namespace

base::Result<std::unique_ptr<http::BodySink>> Face::open_edoc(const http::Head& head) {
  Call call = TRY(authenticate(head));
  // The parameter may be absent or stale; the file's own From is checked once it is read.
  if (call.parameters.has("from")) {
    const auto sender = exchange_.check_sender(call.system, call.parameters["from"]);
    if (!sender) {
      exchange_.calls().refuse(call.system.key, CallProtocol::vxp, head.remote,
                               sender.error().reason());
      return sender.error();
    }
  }
  auto blob = TRY(exchange_.blobs().create());
  return std::unique_ptr<http::BodySink>(
      std::make_unique<EdocSink>(std::move(call), std::move(blob), options_.read));
}

base::Result<http::Response> Face::send_edoc(http::Request& request) {
  // A request without any body never opened a sink.
  if (!request.sink) request.sink = TRY(open_edoc(request));
  auto& sink = dynamic_cast<EdocSink&>(*request.sink);
  EdocSink::Facts file = TRY(sink.finish());
  Submission submission;
  submission.system = sink.call.system.key;
  submission.to = receivers_of(sink.call.parameters["to"]);
  TRY(refuse_findings(file.document, !submission.to.empty()));
  submission.sender = TRY(exchange_.check_sender(sink.call.system, file.document.from.id)).key;
  submission.document = std::move(file.document);
  submission.hash = std::move(file.hash);
  submission.size = file.size;
  submission.blob = TRY(sink.file.end(file.size));
  const Accepted accepted = TRY(exchange_.accept(submission));
  base::log::info(accepted.resent ? "vxp.resent" : "vxp.accepted",
                  {{"system", sink.call.system.id},
                   {"document", accepted.id},
                   {"bytes", submission.size},
                   {"deliveries", accepted.deliveries},
                   {"unknown", accepted.unknown.size()}});
  base::Json members;
  members.add("DocId", accepted.id);
  std::string description = "Thanh cong";
  if (!accepted.unknown.empty()) {
    description += "; noi nhan khong ton tai: " + base::join(accepted.unknown, ", ");
  }
  for (const auto& [code, why] : accepted.objections) {
    description += "; " + code + " khong tiep nhan: " + why.vi;
  }
  return success(std::move(members), description);
}

}  // namespace exchange::vxp
