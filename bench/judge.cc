// Judges one signed file again and again on one thread, as the exchange does on arrival: with what
// earlier judgements remembered of chains and revocation (benchmark `trust`).

#include "base/time.h"
#include "load.h"
#include "plan.h"
#include "trust/judge_file.h"

namespace {

// Signatures and their timestamps: each costs one verification with a public key.
std::uint64_t verifications(const std::vector<trust::SignatureReport>& signatures) {
  std::uint64_t count = 0;
  for (const trust::SignatureReport& signature : signatures) {
    count += 1 + verifications(signature.timestamps);
  }
  return count;
}

void expect_valid(const trust::DocumentReport& report) {
  if (!report.is_signed() || report.verdict() != trust::Verdict::valid) {
    bench::die("the file is not judged valid:\n" + trust::to_text(report, base::Language::english));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const std::string bytes = bench::read_file(arguments.text("file", "signed.pdf"));
  trust::Anchors anchors;
  if (!anchors.add_pem(bench::read_file(arguments.text("anchor", "anchor.pem")), {})) {
    bench::die("the anchor cannot be read");
  }
  const trust::Policy policy = trust::Policy::standard();
  const auto revocation = trust::fetching_revocation_source({.private_addresses = true});
  trust::ChainCache cache;
  const auto source = trust::memory_source(bytes);
  const auto judge = [&] {
    const trust::Context context{anchors, policy, revocation.get(), base::SystemClock().now(), 0,
                                 {},      &cache};
    return trust::judge_file(*source, "signed.pdf", context);
  };
  const trust::DocumentReport first = judge();
  expect_valid(first);
  std::uint64_t judged = 0;
  const load::Clock::time_point start = load::Clock::now();
  const double wanted = arguments.real("seconds", 2);
  double seconds = 0;
  while (seconds < wanted) {
    expect_valid(judge());
    ++judged;
    seconds = std::chrono::duration<double>(load::Clock::now() - start).count();
  }
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(judged) / seconds);
  figures.add_count("bytes", bytes.size());
  figures.add_count("signatures", first.signatures.size());
  figures.add_count("verifications", verifications(first.signatures));
  figures.print();
  return 0;
}
