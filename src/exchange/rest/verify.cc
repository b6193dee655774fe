// Anybody may have a signed file judged: a bundle of evidence, a PDF, an edXML, a container. What
// is sent is kept for as long as it is judged, and nowhere written down.
#include <map>
#include <mutex>

#include "base/hash.h"
#include "base/slots.h"
#include "exchange/rest/rates.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"
#include "identity/sign_in/attempts.h"
#include "trust/intake/spool.h"
#include "trust/judge_any.h"

namespace exchange::rest {
namespace {

using base::Code;

constexpr std::uint64_t kFileBytesMax = 64ull << 20;
constexpr std::uint64_t kMemoryBytes = 1 << 20;
constexpr std::uint64_t kUnpackedBytesMax = 256ull << 20;
constexpr int kJudgedAtOnce = 2, kUploadsAtOnce = 16, kUploadsOfAddress = 2;
constexpr std::int64_t kJudgeMicros = 10'000'000;
constexpr RateLimit kFiles{10, 10, 300};  // of each address

base::Error busy() {
  return base::Error(
      Code::unavailable, "rest.verify_busy",
      "as many files are being verified as can be at one time; try again in some "
      "seconds, or verify on your own machine with truc verify FILE",
      "đang kiểm tra tối đa số tệp cùng lúc; hãy thử lại sau vài giây, hoặc kiểm tra "
      "trên máy mình bằng truc verify TỆP");
}

// Files of strangers that are coming in: all of them, and of one network.
class Arrivals : public std::enable_shared_from_this<Arrivals> {
 public:
  base::Result<void> take(const std::string& network, base::Time now) {
    const RateState rate = rates_.take(network, kFiles, now);
    if (!rate.allowed) {
      const std::string seconds = std::to_string(rate.retry_s);
      return base::Error(
          Code::too_many, "rest.too_many_requests",
          "too many files to verify; the next one may come in " + seconds + " seconds",
          "quá nhiều tệp cần kiểm tra; có thể gửi tiếp sau " + seconds + " giây");
    }
    std::lock_guard lock(mutex_);
    if (all_ >= kUploadsAtOnce || of_[network] >= kUploadsOfAddress) return busy();
    ++all_;
    ++of_[network];
    return base::done();
  }
  void give_back(const std::string& network) {
    std::lock_guard lock(mutex_);
    --all_;
    if (--of_[network] == 0) of_.erase(network);
  }

 private:
  Rates rates_;
  std::mutex mutex_;
  int all_ = 0;
  std::map<std::string, int> of_;
};

class Arrival : public Stream {
 public:
  Arrival(std::shared_ptr<Arrivals> arrivals, std::string network, const std::string& directory)
      : arrivals_(std::move(arrivals)),
        network_(std::move(network)),
        file(directory, kMemoryBytes) {}
  ~Arrival() override { arrivals_->give_back(network_); }
  base::Result<void> write(base::BytesView chunk) override { return file.write(chunk); }
  base::Bytes digest() override { return file.finish_hash(); }

 private:
  const std::shared_ptr<Arrivals> arrivals_;
  const std::string network_;

 public:
  trust::Spool file;
};

struct Desk {
  const Verification& with;
  const base::Clock& clock;
  const std::string directory;
  const std::shared_ptr<Arrivals> arrivals = std::make_shared<Arrivals>();
  base::Slots slots{kJudgedAtOnce};
};

base::Result<http::Response> verify(Desk& desk, Call& call) {
  auto& arrival = dynamic_cast<Arrival&>(*call.stream);
  if (arrival.file.size() == 0) {
    return base::Error(Code::invalid, "rest.body_missing", "the body is missing: send the file",
                       "thiếu nội dung: hãy gửi tệp cần kiểm tra");
  }
  const auto slot = desk.slots.take();
  if (!slot) return busy();
  const trust::Policy policy = trust::Policy::standard();
  // No certificate authority is asked: a stranger's file must not make this server call anywhere.
  trust::Context context{desk.with.anchors, policy, nullptr, call.now, 0, {}, nullptr};
  context.deadline_micros = base::monotonic_micros() + kJudgeMicros;
  trust::AnyOptions options;
  options.log_key = desk.with.log_key;
  options.intake.spool_directory = desk.directory;
  options.intake.memory_bytes_max = kMemoryBytes;
  options.intake.content_bytes_max = kUnpackedBytesMax;
  const base::Bytes hash = arrival.file.finish_hash();
  const std::string name(call.has("name") ? call.text("name") : "tệp");
  const trust::AnyReport report = TRY(trust::judge_any(arrival.file, name, context, options));
  base::Json json = trust::to_json(report), paragraphs{base::Json::Array{}};
  for (const base::Text& one : trust::explain(report)) paragraphs.push(words_json(one));
  json.add("text", words_json(trust::text_of(report))).add("explanation", std::move(paragraphs));
  json.add("sha256", base::hex(hash));
  json.add("size", static_cast<std::int64_t>(arrival.file.size()));
  http::Response response = http::Response::json(200, json.dump());
  response.headers.add("Cache-Control", "no-store");
  return response;
}

Schema report_schema() {
  const auto details = [](base::Text about) {
    return anything(std::move(about), base::Json(base::Json::Object{}));
  };
  return object(
      "VerifyReport", {"Kết quả kiểm tra một tệp.", "What was found in a file."},
      {required("verdict", word({"valid", "undetermined", "invalid", "unsigned"},
                                {"Kết luận.", "The verdict."})),
       required("text", words_schema({"Kết luận bằng lời.", "The verdict in words."})),
       required("explanation", list(words_schema({"Một đoạn.", "A paragraph."}), 10'000,
                                    {"Giải thích cho người đọc.", "For people to read."})),
       required("sha256", text(64, {"Băm của tệp.", "The file's hash, hex."},
                               "e41c3ca0cea1d460a156f317ac09eae5f60cea684834be0ea5ebbe6f7367fc1f")),
       required("size", integer(0, static_cast<std::int64_t>(kFileBytesMax),
                                {"Số byte.", "Its bytes."}, 20'480)),
       optional("file", details({"Báo cáo về tệp: docs/formats/signature-report.md.",
                                 "Of the file: docs/formats/signature-report.md."})),
       unusual("attachments",
               details({"Của từng tệp đính kèm trong edXML.", "Of each attachment in an edXML."})),
       unusual("bundle", details({"Của gói bằng chứng: docs/formats/evidence.md.",
                                  "Of a bundle of evidence: docs/formats/evidence.md."}))});
}

}  // namespace

std::vector<Route> verify_rows(Exchange& exchange, const ApiOptions& options) {
  if (options.verification == nullptr) return {};
  const auto desk =
      std::make_shared<Desk>(*options.verification, exchange.clock(), options.spool_directory);
  Route row{
      .method = http::Method::post,
      .path = "/api/v1/verify",
      .access = Access::open(),
      .name = "verifyFile",
      .tag = "Verify",
      .summary = {"Kiểm tra một tệp có chữ ký số", "Verify a signed file"},
      .about =
          {"Không cần đăng nhập. Gói bằng chứng, PDF, edXML, ASiC, XML hoặc CMS; kết quả như "
           "truc verify TỆP: chỉ dùng gốc tin cậy của máy chủ và những gì có trong tệp, không "
           "hỏi tổ chức chứng thực. Tệp không được lưu, không ghi nhật ký. Văn bản có qua trục "
           "hay không thì hỏi bằng dấu vân tay, không cần gửi tệp: lookUpFingerprint.",
           "Without signing in. A bundle of evidence, PDF, edXML, ASiC, XML or CMS; judged as "
           "truc verify FILE does, by the server's anchors and by what is in the file: no "
           "authority is asked. The file is not kept and not noted. Whether it went through the "
           "exchange is asked by its fingerprint, without sending it: lookUpFingerprint."},
      .parameters = {{Parameter::In::query, "name",
                      text(255, {"Tên tệp, để ghi trong báo cáo.", "Its name, for the report."},
                           "van-ban.pdf")}},
      .answers = {{200, {"Báo cáo.", "The report."}, report_schema()}},
      .refusals = {{"rest.verify_busy",
                    Code::unavailable,
                    {"Đang kiểm tra tối đa số tệp.", "As many are verified as can be."}},
                   {"rest.body_missing", Code::invalid, {"Thiếu tệp.", "The file is missing."}},
                   {"trust.spool_failed",
                    Code::unavailable,
                    {"Máy chủ hết chỗ tạm.", "The server has no room for it."}}},
      .handler = [desk](Call& call) { return verify(*desk, call); },
      .keeps_answer = false,
  };
  row.body.types = {"application/octet-stream",        "application/pdf",       "application/zip",
                    "application/vnd.etsi.asic-e+zip", "application/edxml+xml", "application/xml",
                    "application/pkcs7-mime"};
  row.body.stream_bytes_max = kFileBytesMax;
  row.body.about = {"Tệp, tối đa 64 MiB.", "The file, 64 MiB at most."};
  row.body.open = [desk](const http::Head& head,
                         const identity::Principal&) -> base::Result<std::unique_ptr<Stream>> {
    const std::string network = identity::network_of(head.remote);
    TRY(desk->arrivals->take(network, desk->clock.now()));
    return std::unique_ptr<Stream>(
        std::make_unique<Arrival>(desk->arrivals, network, desk->directory));
  };
  return {std::move(row)};
}

}  // namespace exchange::rest
