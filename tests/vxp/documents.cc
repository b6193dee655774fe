#include "vxp/documents.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace vxp_client {
namespace {

constexpr std::string_view kOpen =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
    "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">\r\n"
    "  <edXML:edXMLEnvelope xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">\r\n"
    "    <edXML:edXMLHeader>\r\n"
    "      <edXML:MessageHeader>\r\n";

constexpr std::string_view kAttachment =
    "    <edXML:edXMLBody>\r\n"
    "      <edXML:edXMLManifest version=\"1.0\">\r\n"
    "        <edXML:Reference>\r\n"
    "          <edXML:ContentId>cid:1</edXML:ContentId>\r\n"
    "          <edXML:ContentType>application/zip</edXML:ContentType>\r\n"
    "          <edXML:Description>Văn bản chính</edXML:Description>\r\n"
    "          <edXML:AttachmentName>van ban chinh.pdf</edXML:AttachmentName>\r\n"
    "        </edXML:Reference>\r\n"
    "      </edXML:edXMLManifest>\r\n"
    "    </edXML:edXMLBody>\r\n"
    "  </edXML:edXMLEnvelope>\r\n"
    "  <AttachmentEncoded>\r\n"
    "    <Attachment>\r\n"
    "      <ContentId>cid:1</ContentId>\r\n"
    "      <AttachmentName>van ban chinh.pdf</AttachmentName>\r\n"
    "      <Description>Văn bản chính</Description>\r\n"
    "      <ContentType>application/pdf</ContentType>\r\n"
    "      <edXML:ContentTransferEncoded "
    "xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">";

constexpr std::string_view kClose =
    "</edXML:ContentTransferEncoded>\r\n"
    "    </Attachment>\r\n"
    "  </AttachmentEncoded>\r\n"
    "</edXML>\r\n";

void add(std::string* out, std::string_view indent, std::string_view name, std::string_view text) {
  out->append(indent).append("<edXML:").append(name).append(">").append(text);
  out->append("</edXML:").append(name).append(">\r\n");
}

void add_organisation(std::string* out, std::string_view role, const Organisation& organisation) {
  constexpr std::string_view kIndent = "          ";
  out->append("        <edXML:").append(role).append(">\r\n");
  add(out, kIndent, "OrganId", organisation.code);
  add(out, kIndent, "OrganName", organisation.name);
  add(out, kIndent, "Email", "vanthu@example.invalid");
  out->append("        </edXML:").append(role).append(">\r\n");
}

// splitmix64: enough to make incompressible bytes.
struct Random {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
};

std::string random_bytes(Random* random, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; i += 8) {
    const std::uint64_t word = random->next();
    for (std::size_t j = i; j < std::min(size, i + 8); ++j) {
      bytes[j] = static_cast<char>(word >> (8 * (j - i)));
    }
  }
  return bytes;
}

constexpr std::string_view kPdf = "%PDF-1.7\n% d";  // a multiple of three, so base64 joins on

}  // namespace

std::string document_id(const Draft& draft) {
  return draft.from.code + "," + draft.date + "," + draft.number + "/" + draft.notation;
}

std::string document_front(const Draft& draft) {
  std::string out;
  out.reserve(4096 + draft.to.size() * 320);
  constexpr std::string_view k8 = "        ";
  constexpr std::string_view k10 = "          ";
  out.append(kOpen);
  add_organisation(&out, "From", draft.from);
  for (const Organisation& to : draft.to) {
    add_organisation(&out, "To", to);
  }
  add(&out, k8, "DocumentId", document_id(draft));
  out.append("        <edXML:Code>\r\n");
  add(&out, k10, "CodeNumber", draft.number);
  add(&out, k10, "CodeNotation", draft.notation);
  out.append("        </edXML:Code>\r\n        <edXML:PromulgationInfo>\r\n");
  add(&out, k10, "Place", "Quảng Ninh");
  add(&out, k10, "PromulgationDate", draft.date);
  out.append("        </edXML:PromulgationInfo>\r\n        <edXML:DocumentType>\r\n");
  add(&out, k10, "Type", "2");
  add(&out, k10, "TypeDetail", "0");
  add(&out, k10, "TypeName", "Công văn");
  out.append("        </edXML:DocumentType>\r\n");
  add(&out, k8, "Subject", "V/v đo kiểm liên thông văn bản số " + draft.number);
  add(&out, k8, "Content", "Nội dung đo kiểm");
  out.append("        <edXML:SignerInfo>\r\n");
  add(&out, k10, "Competence", "KT. GIÁM ĐỐC");
  add(&out, k10, "Position", "PHÓ GIÁM ĐỐC");
  add(&out, k10, "FullName", "Người Ký Thử");
  out.append("        </edXML:SignerInfo>\r\n        <edXML:OtherInfo>\r\n");
  add(&out, k10, "Priority", std::to_string(draft.priority));
  add(&out, k10, "PromulgationAmount", "1");
  add(&out, k10, "PageAmount", "2");
  add(&out, k10, "Direction", "false");
  out.append("        </edXML:OtherInfo>\r\n");
  add(&out, k8, "SteeringType", "0");
  out.append("      </edXML:MessageHeader>\r\n      <edXML:TraceHeaderList>\r\n");
  out.append("        <edXML:Bussiness>\r\n");
  add(&out, k10, "BussinessDocType", "0");
  add(&out, k10, "BussinessDocReason", "Văn bản điện tử mới");
  add(&out, k10, "Paper", "0");
  out.append("        </edXML:Bussiness>\r\n        <edXML:TraceHeader>\r\n");
  add(&out, k10, "OrganId", draft.from.code);
  add(&out, k10, "Timestamp", draft.date + " 07:00:00");
  out.append("        </edXML:TraceHeader>\r\n      </edXML:TraceHeaderList>\r\n");
  out.append("    </edXML:edXMLHeader>\r\n");
  out.append(kAttachment);
  return out;
}

std::string document_back(std::size_t size, std::uint64_t seed) {
  const std::size_t encoded = size > kClose.size() + 64 ? size - kClose.size() : 64;
  const std::size_t raw = std::max(encoded / 4 * 3, kPdf.size());
  Random random{seed};
  std::string bytes(kPdf);
  bytes += random_bytes(&random, raw - kPdf.size());
  return document_back_with(bytes);
}

std::string document_back_with(std::string_view attachment) {
  std::string out = base64(attachment);
  out.append(kClose);
  return out;
}

std::string document(const Draft& draft, std::size_t size, std::uint64_t seed) {
  std::string out = document_front(draft);
  out += document_back(size > out.size() ? size - out.size() : 0, seed);
  return out;
}

WrittenDocument write_document(const std::string& path, const Draft& draft, std::uint64_t size,
                               std::uint64_t seed) {
  WrittenDocument result;
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return result;
  }
  Sha256 hash;
  bool good = true;
  const auto put = [&](std::string_view bytes) {
    hash.update(bytes);
    good = good && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    result.size += bytes.size();
  };
  put(document_front(draft));
  put(base64(kPdf));
  constexpr std::size_t kChunk = std::size_t{3} << 18;  // 1 MiB of base64
  Random random{seed};
  while (good && result.size + (std::uint64_t{1} << 20) + kClose.size() <= size) {
    put(base64(random_bytes(&random, kChunk)));
  }
  if (good && result.size + kClose.size() + 4 <= size) {
    const std::uint64_t rest = (size - result.size - kClose.size()) / 4 * 3;
    put(base64(random_bytes(&random, static_cast<std::size_t>(rest))));
  }
  put(kClose);
  result.written = std::fclose(file) == 0 && good;
  result.digest = hash.finish();
  return result;
}

std::string status_message(const StatusDraft& draft) {
  constexpr std::string_view k8 = "        ";
  constexpr std::string_view k10 = "          ";
  std::string out(kOpen);
  add_organisation(&out, "From", draft.from);
  out.append("        <edXML:ResponseFor>\r\n");
  add(&out, k10, "OrganId", draft.to_code);
  add(&out, k10, "Code", draft.code);
  add(&out, k10, "DocumentId", draft.document_id);
  add(&out, k10, "PromulgationDate", draft.date);
  out.append("        </edXML:ResponseFor>\r\n        <edXML:StaffInfo>\r\n");
  add(&out, k10, "Department", "Văn thư");
  add(&out, k10, "Staff", "Người Gửi Thử");
  add(&out, k10, "Email", "vt@example.invalid");
  add(&out, k10, "Mobile", "0900000000");
  out.append("        </edXML:StaffInfo>\r\n");
  add(&out, k8, "StatusCode", draft.status_code);
  add(&out, k8, "Description", draft.description);
  add(&out, k8, "Timestamp", draft.timestamp);
  out.append("      </edXML:MessageHeader>\r\n    </edXML:edXMLHeader>\r\n");
  out.append("  </edXML:edXMLEnvelope>\r\n</edXML>\r\n");
  return out;
}

}  // namespace vxp_client
