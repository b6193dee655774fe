#include "trust/capacity.h"

#include <openssl/x509.h>

#include <algorithm>
#include <array>

namespace trust {
namespace {

using Capacity = SignatureReport::Capacity;

// Lower case of Vietnamese and other Latin letters, marks kept: "Bộ" is a ministry, "Bo" a name.
std::string lowered(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const auto at = [&](std::size_t n) {
      return i + n < utf8.size() ? static_cast<unsigned>(utf8[i + n]) & 0x3f : 0u;
    };
    unsigned code = byte;
    std::size_t size = 1;
    if (byte >= 0xc0 && byte < 0xe0) {
      code = (byte & 0x1fu) << 6 | at(1);
      size = 2;
    } else if (byte >= 0xe0 && byte < 0xf0) {
      code = (byte & 0x0fu) << 12 | at(1) << 6 | at(2);
      size = 3;
    } else if (byte >= 0x80) {
      out += utf8[i];
      continue;
    }
    const bool latin1 = code >= 0xc0 && code <= 0xde && code != 0xd7;
    const bool even = (code >= 0x100 && code <= 0x137) || (code >= 0x14a && code <= 0x177) ||
                      code == 0x1a0 || (code >= 0x1e00 && code <= 0x1eff);
    if (latin1 || (code >= 'A' && code <= 'Z')) {
      code += 0x20;
    } else if ((even && code % 2 == 0) || code == 0x1af) {
      code += 1;
    }
    if (size == 1) {
      out += static_cast<char>(code);
    } else if (size == 2) {
      out += static_cast<char>(0xc0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
      out += static_cast<char>(0xe0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
      out += static_cast<char>(0x80 | (code & 0x3f));
    }
    i += size - 1;
  }
  return out;
}

bool begins_with_any(std::string_view text, const auto& beginnings) {
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view one) { return text.starts_with(one); });
}

bool is_personal(std::string_view id) {
  static constexpr std::array<std::string_view, 8> kPersonal = {
      "cccd:", "cmnd:", "cc:", "hc:", "pno", "pas", "idc", "tinvn"};
  return begins_with_any(id, kPersonal) ||
         (id.size() == 12 &&
          std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_organisations(std::string_view id) {
  static constexpr std::array<std::string_view, 3> kOrganisations = {"mst:", "mns:", "mqhns:"};
  return begins_with_any(id, kOrganisations);
}

}  // namespace

SignatureReport::Capacity capacity_of(const Certificate& certificate, const Policy& policy) {
  for (const std::string& known : policy.organisation_policies) {
    if (std::find(certificate.policies.begin(), certificate.policies.end(), known) !=
        certificate.policies.end()) {
      return Capacity::organisation;
    }
  }
  const X509_NAME* subject = X509_get_subject_name(certificate.x509.get());
  bool organisations = !name_part(subject, NID_organizationIdentifier).empty();
  for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(subject, i);
    const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    if (nid != NID_userId && nid != NID_serialNumber) continue;
    const ASN1_STRING* data = X509_NAME_ENTRY_get_data(entry);
    const std::string id = lowered({reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                                    static_cast<std::size_t>(ASN1_STRING_length(data))});
    if (is_personal(id)) return Capacity::person;
    organisations = organisations || is_organisations(id);
  }
  if (organisations) return Capacity::organisation;
  const std::string name = lowered(certificate.summary.name);
  if (name.empty()) return Capacity::unknown;
  if (name == lowered(certificate.summary.organisation)) return Capacity::organisation;
  for (const std::string& word : policy.organisation_words) {
    const std::string begin = lowered(word);
    if (name == begin || name.starts_with(begin + " ")) return Capacity::organisation;
  }
  return Capacity::person;
}

}  // namespace trust
