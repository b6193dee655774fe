#include "trust/testing/pdf_writer.h"

#include <cstdio>

#include "base/check.h"
#include "base/hash.h"
#include "trust/signing/cms_sign.h"

namespace trust::testing {
namespace {

std::string padded(std::uint64_t value, int digits) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*llu", digits, static_cast<unsigned long long>(value));
  return text;
}

std::string big_endian(std::uint64_t value, int size) {
  std::string out;
  for (int i = size; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

std::string hex_text(const std::string& text) { return "<" + base::hex(text) + ">"; }

}  // namespace

std::uint32_t PdfWriter::put(std::uint32_t number, const std::string& body) {
  last_ = std::max(last_, number);
  written_[number] = here();
  bytes += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
  return number;
}

std::uint32_t PdfWriter::put_stream(std::uint32_t number, const std::string& dict,
                                    const std::string& data) {
  return put(number, "<< " + dict + " /Length " + std::to_string(data.size()) + " >>\nstream\n" +
                         data + "\nendstream");
}

void PdfWriter::finish(Table table) {
  const std::uint64_t before = startxref;
  std::string trailer = "/Root " + root + " " + trailer_more;
  if (before != 0) trailer += " /Prev " + std::to_string(before);
  if (table == Table::stream) {
    write_stream(trailer, before);
  } else {
    std::string hybrid;
    if (table == Table::hybrid) {  // what was packed is seen only through the stream
      const auto plain = written_;
      written_.clear();
      write_stream("/Root " + root, 0);
      hybrid = " /XRefStm " + std::to_string(startxref);
      written_ = plain;
    }
    CHECK(packed_.empty());
    startxref = here();
    bytes += "xref\n";
    if (before == 0 || (written_.empty() && freed_.empty())) bytes += "0 1\n0000000000 65535 f \n";
    for (const std::uint32_t number : freed_)
      bytes += std::to_string(number) + " 1\n0000000000 00001 f \n";
    for (const auto& [number, offset] : written_) {
      bytes += std::to_string(number) + " 1\n" + padded(offset, 10) + " 00000 n \n";
    }
    bytes += "trailer\n<< /Size " + std::to_string(last_ + 1) + " " + trailer + hybrid + " >>\n";
  }
  bytes += "startxref\n" + std::to_string(startxref) + "\n%%EOF\n";
  written_.clear();
  freed_.clear();
}

void PdfWriter::write_stream(const std::string& trailer, std::uint64_t) {
  std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>>
      places;  // number → container, index
  if (!packed_.empty()) {
    const std::uint32_t container = next();
    std::string index, bodies;
    std::uint32_t i = 0;
    for (const auto& [number, body] : packed_) {
      last_ = std::max(last_, number);
      index += std::to_string(number) + " " + std::to_string(bodies.size()) + " ";
      bodies += body + "\n";
      places[number] = {container, i++};
    }
    put_stream(container,
               "/Type /ObjStm /N " + std::to_string(i) + " /First " + std::to_string(index.size()),
               index + bodies);
    packed_.clear();
  }
  const std::uint32_t own = next();
  written_[own] = here();
  std::string index, rows;
  const auto row = [&](std::uint32_t number, int kind, std::uint64_t where, std::uint32_t which) {
    index += std::to_string(number) + " 1 ";
    rows += big_endian(static_cast<std::uint64_t>(kind), 1) + big_endian(where, 4) +
            big_endian(which, 2);
  };
  row(0, 0, 0, 65535);
  for (const std::uint32_t number : freed_) row(number, 0, 0, 1);
  for (const auto& [number, offset] : written_) row(number, 1, offset, 0);
  for (const auto& [number, place] : places) row(number, 2, place.first, place.second);
  startxref = here();
  put_stream(own,
             "/Type /XRef /W [1 4 2] /Index [" + index + "] /Size " + std::to_string(last_ + 1) +
                 " " + trailer,
             rows);
  written_.clear();
}

std::string page_body(const std::string& annotations, const std::string& more) {
  return "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font "
         "<< /F1 5 0 R >> >>"
         " /Annots [" +
         annotations + "] " + more + " >>";
}

std::string form_body(const std::string& fields) {
  return "<< /Fields [" + fields +
         "] /SigFlags 3 /DA (/F1 12 Tf) /DR << /Font << /F1 5 0 R >> >> >>";
}

std::string text_body(const std::string& value, std::uint32_t look) {
  return "<< /FT /Tx /T (So) /Type /Annot /Subtype /Widget /Rect [50 700 150 720] /F 4 /P 3 0 R /V "
         "(" +
         value + ") /DA (/F1 12 Tf) /AP << /N " + std::to_string(look) + " 0 R >> >>";
}

std::string look_dict() {
  return "/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F1 5 0 R >> >>";
}

PdfWriter sample_letter(PdfWriter::Table table, const std::string& catalog_more,
                        const std::string& page_more) {
  PdfWriter pdf;
  const auto put = [&pdf, table](std::uint32_t number, const std::string& body) {
    if (table == PdfWriter::Table::stream && number != kCatalog) {
      pdf.pack(number, body);
    } else {
      pdf.put(number, body);
    }
  };
  put(kCatalog, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R " + catalog_more + " >>");
  put(kPages, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  put(kPage, page_body("7 0 R 9 0 R", page_more));
  pdf.put_stream(kContent, "", "BT /F1 24 Tf 100 600 Td (Hai tram dong) Tj ET");
  put(kFont, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  put(kForm, form_body("7 0 R 9 0 R"));
  put(kText, text_body("", kTextLook));
  pdf.put_stream(kTextLook, look_dict(), "BT ET");
  put(kEmptySignature,
      "<< /FT /Sig /T (Duyet) /Type /Annot /Subtype /Widget /Rect [300 100 400 150] /F 4 /P 3 0 R "
      ">>");
  put(kInfo, "<< /Title (Cong van) >>");
  pdf.put_stream(kHidden, "", "BT /F1 24 Tf 100 600 Td (Hai tram trieu dong) Tj ET");
  pdf.finish(table);
  return pdf;
}

Signed prepare(Letter& letter, const SignWish& wish) {
  PdfWriter& pdf = letter.pdf;
  Signed at;
  at.dict = pdf.next();
  const bool existing = wish.field == "Duyet";
  at.field = existing ? kEmptySignature : pdf.next();
  std::string references;
  if (wish.permits > 0) {
    references +=
        "<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /V "
        "/1.2 /P " +
        std::to_string(wish.permits) + " >> >>";
  }
  if (!wish.locks.empty()) {
    references +=
        "<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << /Type /TransformParams /V "
        "/1.2 " +
        wish.locks + " >> >>";
  }
  const std::string range(43, ' ');
  const std::uint64_t from = pdf.bytes.size();
  pdf.put(at.dict, "<< /Type " +
                       std::string(wish.kind == "ETSI.RFC3161" ? "/DocTimeStamp" : "/Sig") +
                       " /Filter /Adobe.PPKLite /SubFilter /" + wish.kind + " /ByteRange [" +
                       range + "] /Contents <" + std::string(2 * wish.room, '0') + ">" +
                       (references.empty() ? "" : " /Reference [" + references + "]") +
                       " /M (D:20261122093000+07'00) " + wish.signature_more + " >>");
  at.range_at = pdf.bytes.find("/ByteRange [", from) + 11;
  at.gap = pdf.bytes.find("/Contents <", from) + 10;
  at.gap_end = at.gap + 2 * wish.room + 2;
  const std::string rectangle = existing ? "300 100 400 150" : wish.rectangle;
  pdf.put(at.field, "<< /FT /Sig /T " + hex_text(wish.field) +
                        " /Type /Annot /Subtype /Widget /Rect [" + rectangle +
                        "] /F 4 /P 3 0 R /V " + std::to_string(at.dict) + " 0 R " +
                        wish.field_more + " >>");
  if (!existing) {
    const std::string ref = " " + std::to_string(at.field) + " 0 R";
    letter.fields += ref;
    letter.annotations += ref;
    pdf.put(kPage, page_body(letter.annotations, letter.page_more));
    pdf.put(kForm, form_body(letter.fields));
  }
  pdf.finish(wish.table);
  const std::string numbers = "0 " + std::to_string(at.gap + pdf.hole) + " " +
                              std::to_string(at.gap_end + pdf.hole) + " " +
                              std::to_string(pdf.bytes.size() - at.gap_end);
  pdf.bytes.replace(at.range_at + 1, numbers.size(), numbers);
  return at;
}

base::Bytes digest_of(const std::string& pdf, const Signed& at) {
  base::Sha256 sha;
  sha.update(base::BytesView(pdf).substr(0, at.gap));
  sha.update(base::BytesView(pdf).substr(at.gap_end));
  return sha.finish();
}

void fill(std::string& pdf, const Signed& at, base::BytesView der) {
  const std::string digits = base::hex(der);
  CHECK(digits.size() <= at.gap_end - at.gap - 2);
  pdf.replace(at.gap + 1, digits.size(), digits);
}

Signed sign(Letter& letter, SigningKey& key, const SignWish& wish, TimestampClient* timestamps) {
  const Signed at = prepare(letter, wish);
  const auto cms =
      signing::sign_cms(key, digest_of(letter.pdf.bytes, at), std::nullopt, timestamps, 5000);
  fill(letter.pdf.bytes, at, cms.value());
  return at;
}

Signed stamp(Letter& letter, TimestampClient& timestamps, const std::string& field) {
  SignWish wish;
  wish.field = field;
  wish.kind = "ETSI.RFC3161";
  const Signed at = prepare(letter, wish);
  fill(letter.pdf.bytes, at, timestamps.stamp(digest_of(letter.pdf.bytes, at), 5000).value().token);
  return at;
}

void add_store(Letter& letter, const std::vector<base::Bytes>& certificates,
               const std::vector<base::Bytes>& crls, const std::vector<base::Bytes>& ocsps) {
  PdfWriter& pdf = letter.pdf;
  const auto list = [&pdf](const std::vector<base::Bytes>& items) {
    std::string out = "[";
    for (const base::Bytes& item : items) out += std::to_string(pdf.put_stream("", item)) + " 0 R ";
    return out + "]";
  };
  const std::string lists =
      "/Certs " + list(certificates) + " /CRLs " + list(crls) + " /OCSPs " + list(ocsps);
  const std::uint32_t store = pdf.put("<< /Type /DSS " + lists + " >>");
  pdf.put(kCatalog, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS " + std::to_string(store) +
                        " 0 R >>");
  pdf.finish();
}

}  // namespace trust::testing
