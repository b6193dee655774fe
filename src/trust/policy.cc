#include "trust/policy.h"

#include <chrono>

namespace trust {
namespace {

// The first moment at which the algorithm is no longer good.
constexpr base::Time end_of(int year) {
  return std::chrono::sys_days(std::chrono::year(year + 1) / std::chrono::January / 1);
}

// docs/operations/trust.md has this table with where each date comes from.
std::vector<AlgorithmRule> standard_algorithms() {
  std::vector<AlgorithmRule> out = {
      {"MD5", 0, base::Time{}},      {"SHA-1", 0, end_of(2013)},    {"SHA-224", 0, end_of(2029)},
      {"SHA-256", 0, std::nullopt},  {"SHA-384", 0, std::nullopt},  {"SHA-512", 0, std::nullopt},
      {"SHA3-256", 0, std::nullopt}, {"SHA3-384", 0, std::nullopt}, {"SHA3-512", 0, std::nullopt},
      {"RSA", 1024, end_of(2013)},   {"RSA", 1900, end_of(2030)},   {"RSA", 3000, std::nullopt},
      {"DSA", 1, base::Time{}},      {"ECDSA", 224, end_of(2013)},  {"ECDSA", 256, std::nullopt},
      {"Ed25519", 0, std::nullopt},  {"Ed448", 0, std::nullopt},
  };
  return out;
}

}  // namespace

Policy Policy::standard() {
  Policy out;
  out.algorithms = standard_algorithms();
  // ETSI EN 319 411-2: QCP-l and QCP-l-qscd, certificates of legal persons.
  out.organisation_policies = {"0.4.0.194112.1.1", "0.4.0.194112.1.3"};
  out.organisation_words = {"Ủy ban nhân dân",
                            "Uỷ ban nhân dân",
                            "UBND",
                            "Hội đồng nhân dân",
                            "HĐND",
                            "Bộ",
                            "Sở",
                            "Cục",
                            "Chi cục",
                            "Tổng cục",
                            "Vụ",
                            "Văn phòng",
                            "Thanh tra",
                            "Viện",
                            "Ban Quản lý",
                            "Cổng thông tin",
                            "Trung tâm",
                            "Trường",
                            "Công ty"};
  return out;
}

std::optional<base::Time> Policy::good_until(std::string_view name, int bits) const {
  // Of the rules that the key is long enough for, the most demanding.
  const AlgorithmRule* best = nullptr;
  for (const AlgorithmRule& rule : algorithms) {
    if (rule.name != name || bits < rule.bits_min) continue;
    if (best == nullptr || rule.bits_min >= best->bits_min) best = &rule;
  }
  return best != nullptr ? best->good_until : base::Time{};
}

}  // namespace trust
