// For tests: PDFs written by hand, with incremental updates of every kind, real signatures, and the
// places where an attacker would put something else.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/key.h"
#include "trust/timestamp.h"

namespace trust::testing {

// A file that grows revision by revision: objects are written where the file ends, finish() names
// them in a cross-reference section. Offsets count from the first byte.
class PdfWriter {
 public:
  enum class Table : unsigned char { table, stream, hybrid };

  PdfWriter() : bytes("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n") {}

  std::uint32_t next() { return ++last_; }
  // "N 0 obj … endobj"
  std::uint32_t put(std::uint32_t number, const std::string& body);
  std::uint32_t put(const std::string& body) { return put(next(), body); }
  // `dict` without its brackets and /Length.
  std::uint32_t put_stream(std::uint32_t number, const std::string& dict, const std::string& data);
  std::uint32_t put_stream(const std::string& dict, const std::string& data) {
    return put_stream(next(), dict, data);
  }
  // Into one object stream, written by finish(), whose section must then be a stream.
  void pack(std::uint32_t number, const std::string& body) { packed_[number] = body; }
  void free(std::uint32_t number) { freed_.insert(number); }
  // Cross-reference section, trailer, startxref, %%EOF.
  void finish(Table table = Table::table);

  std::string bytes;
  std::string root = "1 0 R", trailer_more = "/Info 10 0 R";
  // As many bytes are left out of `bytes` at `hole_at`: a file larger than memory.
  std::uint64_t hole = 0, hole_at = 0;
  std::uint64_t here() const { return bytes.size() + hole; }
  std::uint64_t startxref = 0;  // of the last section; 0: none yet
  std::uint32_t last() const { return last_; }

 private:
  void write_stream(const std::string& trailer, std::uint64_t before);
  std::map<std::uint32_t, std::uint64_t> written_;
  std::map<std::uint32_t, std::string> packed_;
  std::set<std::uint32_t> freed_;
  std::uint32_t last_ = 0;
};

// One page ("Hai trăm đồng"), a text field "So", an empty signature field "Duyet", two annotations'
// worth of room. The objects are the constants below.
PdfWriter sample_letter(PdfWriter::Table table = PdfWriter::Table::table,
                        const std::string& catalog_more = "", const std::string& page_more = "");
inline constexpr std::uint32_t kCatalog = 1, kPages = 2, kPage = 3, kContent = 4, kFont = 5,
                               kForm = 6, kText = 7, kTextLook = 8, kEmptySignature = 9, kInfo = 10,
                               kHidden = 11;
// Their bodies, for tests that write them again.
std::string page_body(const std::string& annotations, const std::string& more = "");
std::string form_body(const std::string& fields);
std::string text_body(const std::string& value, std::uint32_t look);
std::string look_dict();  // of a text field's appearance

struct SignWish {
  std::string field = "Ky1";  // a new one; "Duyet" signs the empty one
  std::string kind = "ETSI.CAdES.detached";
  int permits = 0;    // /DocMDP /P; 0: none
  std::string locks;  // "/Action /All": /FieldMDP
  std::string rectangle = "0 0 0 0";
  std::string signature_more;  // into the signature dictionary
  std::string field_more;
  PdfWriter::Table table = PdfWriter::Table::table;
  std::size_t room = 8192;  // for the CMS or token
};
// Where things stand in a file that was signed.
struct Signed {
  std::uint32_t dict = 0, field = 0;
  std::uint64_t gap = 0, gap_end = 0;  // '<' and after '>'
  std::uint64_t range_at = 0;          // of the ByteRange's '['
};
// Adds a revision with an unfilled signature, its ByteRange set. The fields and annotations of
// earlier calls on the same letter stay, in `fields` and `annotations` ("7 0 R 9 0 R").
struct Letter {
  PdfWriter pdf;
  std::string fields = "7 0 R 9 0 R", annotations = "7 0 R 9 0 R", page_more = {};
};
Signed prepare(Letter& letter, const SignWish& wish);
// SHA-256 of what the ByteRange covers.
base::Bytes digest_of(const std::string& pdf, const Signed& at);
void fill(std::string& pdf, const Signed& at, base::BytesView der);

Signed sign(Letter& letter, SigningKey& key, const SignWish& wish = {},
            TimestampClient* timestamps = nullptr);
Signed stamp(Letter& letter, TimestampClient& timestamps, const std::string& field = "Dau1");
// A revision with a DSS of these.
void add_store(Letter& letter, const std::vector<base::Bytes>& certificates,
               const std::vector<base::Bytes>& crls, const std::vector<base::Bytes>& ocsps);

}  // namespace trust::testing
