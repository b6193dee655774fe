// Signs many PDFs (PAdES-B-B), or many hashes, under one authorisation of a key, on one thread
// (benchmark `trust`).

#include "base/hash.h"
#include "base/time.h"
#include "load.h"
#include "plan.h"
#include "trust/signing/pdf_sign.h"

namespace {

constexpr int kTogether = 100;  // under one authorisation

void sign_pdfs(trust::SigningKey& key, const std::string& pdf) {
  const auto source = trust::memory_source(pdf);
  trust::signing::PdfUpdate update;
  update.signature.emplace();
  const std::vector<trust::signing::PdfJob> jobs(kTogether, {*source, update});
  const auto made = trust::signing::sign_pdfs(key, jobs, {}, base::SystemClock());
  if (!made) {
    bench::die(made.error().detail());
  }
  for (const auto& one : *made) {
    if (!one) {
      bench::die(one.error().detail());
    }
  }
}

void sign_hashes(trust::SigningKey& key, std::uint64_t round) {
  std::vector<base::Bytes> digests;
  for (int i = 0; i < kTogether; ++i) {
    digests.push_back(base::sha256(std::to_string(round) + "/" + std::to_string(i)));
  }
  const auto made = key.sign(digests);
  if (!made || made->size() != digests.size()) {
    bench::die("the key did not sign");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const auto key = trust::key_from_pem(bench::read_file(arguments.text("key", "key.pem")), "");
  if (!key) {
    bench::die(key.error().detail());
  }
  const bool hashes = arguments.text("what", "pdf") == "hashes";
  const std::string pdf = hashes ? "" : bench::read_file(arguments.text("file", "letter.pdf"));
  std::uint64_t rounds = 0;
  const load::Clock::time_point start = load::Clock::now();
  const double wanted = arguments.real("seconds", 2);
  double seconds = 0;
  while (seconds < wanted) {
    if (hashes) {
      sign_hashes(**key, rounds);
    } else {
      sign_pdfs(**key, pdf);
    }
    ++rounds;
    seconds = std::chrono::duration<double>(load::Clock::now() - start).count();
  }
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(rounds * kTogether) / seconds);
  figures.add_count("bytes", pdf.size());
  figures.print();
  return 0;
}
