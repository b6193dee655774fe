#include <pthread.h>

#include <csignal>
#include <cstdio>

#include "base/hash.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/serve.h"
#include "cli/site.h"
#include "http/server.h"
#include "trust/demo/service.h"

namespace cli {
namespace {

constexpr std::uint64_t kRequestBytesMax = 1 << 20;
constexpr base::Duration kPastValidity = std::chrono::days(730);  // of what has expired already
constexpr const char* kAnchorFile = "demonstration-root.demonstration.pem";

std::string pem_of(std::string_view label, base::BytesView der) {
  const std::string text = base::base64(der);
  std::string pem = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < text.size(); at += 64) pem += text.substr(at, 64) + "\n";
  return pem + "-----END " + std::string(label) + "-----\n";
}

// The authority kept in `directory`, made there when there is none.
base::Result<std::unique_ptr<trust::demo::Authority>> authority_in(const std::string& directory,
                                                                   const std::string& url) {
  base::FileSystem& files = base::real_files();
  if (files.exists(directory + "/" + kAnchorFile)) return trust::demo::Authority::open(directory);
  TRY(files.make_directory(directory));
  auto made = TRY(trust::demo::Authority::create({url, 2048, base::SystemClock().now()}));
  TRY(made->save(directory));
  TRY(base::write_file_durably(files, directory + "/" + kAnchorFile,
                               pem_of("CERTIFICATE", made->root())));
  return made;
}

base::Result<void> run(const Terminal& terminal, const DemoOptions& options) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  http::Server::Options server_options;
  TRY(set_address(server_options, options.listen));
  const auto authority = TRY(authority_in(options.directory, "http://" + options.listen + "/pki"));
  const base::SystemClock clock;
  base::SystemRandom random;
  base::Metrics metrics;
  trust::demo::Service service(*authority, clock);
  http::Router router;
  router.add(service.routes());
  const auto server = TRY(http::Server::start(server_options, router, metrics, random));
  const std::string anchor = options.directory + "/" + kAnchorFile;
  terminal.answer(
      {"PKI TRÌNH DIỄN đang trả lời tại http://" + options.listen + "/pki (CRL, OCSP, TSA).\n" +
           "Chữ ký làm bằng nó không có giá trị; mọi báo cáo sẽ nói vậy. Để một máy chủ nhận ra "
           "nó:\n  cp " +
           anchor + " DIR/anchors/\nCấp một chứng thư: truc demo issue " + options.directory +
           " --name \"Nguyễn Văn A\" -o a.p12",
       "A DEMONSTRATION PKI answers at http://" + options.listen + "/pki (CRL, OCSP, TSA).\n" +
           "What is signed with it has no force; every report says so. To let a site know it:\n  "
           "cp " +
           anchor + " DIR/anchors/\nIssue a certificate: truc demo issue " + options.directory +
           " --name \"Nguyễn Văn A\" -o a.p12"},
      base::Json().add("url", "http://" + options.listen + "/pki").add("anchor", anchor));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server->stop(1000);
  return base::done();
}

// For a key that stays where it is.
base::Result<void> certify(trust::demo::Authority& authority, const trust::demo::Wish& wish,
                           const DemoIssueOptions& options) {
  base::FileSystem& files = base::real_files();
  const base::Bytes request = TRY(base::read_file(files, options.request, kRequestBytesMax));
  const base::Bytes made = TRY(authority.certify(request, wish));
  const std::string chain = pem_of("CERTIFICATE", made) +
                            pem_of("CERTIFICATE", authority.issuing()) +
                            pem_of("CERTIFICATE", authority.root());
  return base::write_file_durably(files, options.output, chain);
}

base::Result<void> issue(const DemoIssueOptions& options) {
  const auto authority = TRY(authority_in(options.directory, options.url));
  trust::demo::Wish wish;
  wish.name = options.name;
  wish.organisation = options.organisation.empty() ? options.name : options.organisation;
  if (options.days != 0) {
    wish.not_after = base::SystemClock().now() + std::chrono::days(options.days);
    if (options.days < 0) wish.not_before = *wish.not_after - kPastValidity;
  }
  if (!options.request.empty()) return certify(*authority, wish, options);
  const trust::demo::Credential made = TRY(authority->issue(wish));
  const bool pem = options.output.ends_with(".pem");
  return base::write_secret_file(options.output, pem ? made.pem() : made.pkcs12(options.password));
}

}  // namespace

int demo(const Terminal& terminal, const DemoOptions& options) {
  const auto done = run(terminal, options);
  return done ? 0 : terminal.fail(done.error());
}

int demo_issue(const Terminal& terminal, const DemoIssueOptions& options) {
  if (const auto done = issue(options); !done) return terminal.fail(done.error());
  base::Json json;
  json.add("file", options.output).add("name", options.name);
  const std::string whom = options.request.empty() ? options.name : options.request;
  terminal.answer({"Đã cấp chứng thư TRÌNH DIỄN cho " + whom + ": " + options.output,
                   "A DEMONSTRATION certificate for " + whom + ": " + options.output},
                  json);
  return 0;
}

}  // namespace cli
