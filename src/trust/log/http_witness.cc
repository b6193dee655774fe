#include "http/client.h"
#include "trust/log/witness.h"

namespace trust::log {
namespace {

class HttpWitness : public WitnessTransport {
 public:
  explicit HttpWitness(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}
  base::Result<WitnessAnswer> add_checkpoint(const std::string& body) override {
    http::Client::Exchange what;
    what.method = http::Method::post;
    what.path = "/add-checkpoint";
    what.headers.add("Content-Type", "text/plain; charset=utf-8");
    what.body = body;
    what.answer_bytes_max = kNoteBytesMax;
    auto answer = client_->exchange(what);
    if (!answer) {
      return base::Error(base::Code::unavailable, "trust.witness_unavailable",
                         "the witness cannot be reached: " + answer.error().text().en,
                         "Không liên lạc được với nhân chứng: " + answer.error().text().vi);
    }
    return WitnessAnswer{answer->status, std::string(answer->headers["Content-Type"]),
                         std::move(answer->body)};
  }

 private:
  const std::unique_ptr<http::Client> client_;
};

}  // namespace

base::Result<std::unique_ptr<WitnessTransport>> http_witness(const std::string& url,
                                                             const std::string& trust_file,
                                                             int timeout_ms) {
  http::Client::Options options;
  options.url = TRY(http::Url::parse(url));
  options.trust_file = trust_file;
  options.connect_timeout_ms = timeout_ms;
  options.idle_timeout_ms = timeout_ms;
  return std::unique_ptr<WitnessTransport>(
      std::make_unique<HttpWitness>(http::Client::create(std::move(options))));
}

}  // namespace trust::log
