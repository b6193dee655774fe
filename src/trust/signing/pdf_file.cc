#include "trust/signing/pdf_file.h"

#include <algorithm>
#include <cstring>
#include <qpdf/InputSource.hh>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_Flate.hh>
#include <qpdf/QPDFExc.hh>

#include "base/hash.h"
#include "base/text.h"

namespace trust::signing {
namespace {

constexpr std::size_t kPagesMax = 200'000;
constexpr std::size_t kBuffer = 64 * 1024;

// A Source as qpdf wants it, with a buffer, since qpdf reads a byte at a time.
class SourceInput : public InputSource {
 public:
  explicit SourceInput(const Source& source) : source_(source) {}

  qpdf_offset_t findAndSkipNextEOL() override {
    char c = 0;
    for (;;) {
      const auto before = at_;
      if (read(&c, 1) == 0) return static_cast<qpdf_offset_t>(before);
      if (c != '\r' && c != '\n') continue;
      const auto found = at_ - 1;
      while (read(&c, 1) == 1) {
        if (c == '\r' || c == '\n') continue;
        --at_;
        break;
      }
      return static_cast<qpdf_offset_t>(found);
    }
  }
  std::string const& getName() const override { return name_; }
  qpdf_offset_t tell() override { return static_cast<qpdf_offset_t>(at_); }
  void seek(qpdf_offset_t offset, int whence) override {
    const auto base = whence == SEEK_SET   ? qpdf_offset_t{0}
                      : whence == SEEK_CUR ? tell()
                                           : static_cast<qpdf_offset_t>(source_.size());
    if (base + offset < 0) throw std::runtime_error("a place before the beginning of the file");
    at_ = static_cast<std::uint64_t>(base + offset);
  }
  void rewind() override { at_ = 0; }
  size_t read(char* to, size_t size) override {
    setLastOffset(tell());
    std::size_t done = 0;
    while (done < size) {
      if (at_ < begin_ || at_ >= begin_ + held_) fill();
      if (held_ == 0) break;
      const auto from = static_cast<std::size_t>(at_ - begin_);
      const std::size_t n = std::min(size - done, held_ - from);
      std::memcpy(to + done, buffer_ + from, n);
      done += n;
      at_ += n;
    }
    return done;
  }
  void unreadCh(char) override {
    if (at_ > 0) --at_;
  }

 private:
  void fill() {
    begin_ = at_ - at_ % kBuffer;
    auto got = source_.read_at(begin_, buffer_, kBuffer);
    if (!got.ok()) throw std::runtime_error(got.error().detail());
    held_ = at_ < begin_ + *got ? *got : 0;
  }
  const Source& source_;
  std::string name_ = "pdf";
  std::uint64_t at_ = 0, begin_ = 0;
  std::size_t held_ = 0;
  char buffer_[kBuffer];
};

base::Error encrypted() {
  return {base::Code::invalid, "trust.pdf_encrypted",
          "The PDF is encrypted and cannot be signed; save it without a password first.",
          "Tệp PDF được mã hóa nên không ký được; hãy lưu lại không đặt mật khẩu rồi ký."};
}

}  // namespace

base::Error pdf_malformed(const std::string& why) {
  return {base::Code::invalid, "trust.pdf_malformed",
          "The PDF is damaged or not a PDF, and is not touched; export it anew: " +
              std::string(base::cut_utf8(why, 300)),
          "Tệp PDF hỏng hoặc không phải PDF nên không được xử lý; hãy xuất lại tệp."};
}

std::string reference(QPDFObjectHandle object) { return object.getObjGen().unparse(' ') + " R"; }

std::string text_string(std::string_view utf8) {
  return QPDFObjectHandle::newUnicodeString(std::string(utf8)).unparse();
}

base::Bytes deflated(base::BytesView data) {
  Pl_Buffer out("out");
  Pl_Flate flate("deflate", &out, Pl_Flate::a_deflate);
  flate.write(reinterpret_cast<const unsigned char*>(data.data()), data.size());
  flate.finish();
  const auto buffer = out.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

PdfFile::~PdfFile() = default;

base::Result<std::unique_ptr<PdfFile>> PdfFile::open(const Source& document) {
  std::unique_ptr<PdfFile> file(new PdfFile);
  try {
    char head[5] = {};
    const std::size_t got = TRY(document.read_at(0, head, sizeof head));
    if (got != sizeof head || std::memcmp(head, "%PDF-", sizeof head) != 0) {
      return pdf_malformed("it does not begin with %PDF-");
    }
    file->pdf_.setSuppressWarnings(true);
    file->pdf_.setAttemptRecovery(false);
    file->pdf_.processInputSource(std::make_shared<SourceInput>(document));
    if (file->pdf_.isEncrypted()) return encrypted();
    if (!file->root().isDictionary() || !file->root().isIndirect()) {
      return pdf_malformed("it has no catalog");
    }
    TRY(file->read_tail(document));
  } catch (const QPDFExc& e) {
    if (e.getErrorCode() == qpdf_e_password || e.getErrorCode() == qpdf_e_unsupported) {
      return encrypted();
    }
    return pdf_malformed(e.what());
  } catch (const std::exception& e) {
    return pdf_malformed(e.what());
  }
  return file;
}

base::Result<void> PdfFile::read_tail(const Source& document) {
  tail_.size = document.size();
  const std::uint64_t from = tail_.size - std::min<std::uint64_t>(tail_.size, 2048);
  base::Bytes end(static_cast<std::size_t>(tail_.size - from), '\0');
  end.resize(TRY(document.read_at(from, end.data(), end.size())));
  const std::size_t mark = end.rfind("startxref");
  if (mark == std::string::npos) return pdf_malformed("it has no startxref");
  const std::string_view rest = base::trim(std::string_view(end).substr(mark + 9));
  const auto digits = rest.find_first_not_of("0123456789");
  const auto offset = base::parse_int(rest.substr(0, digits));
  if (!offset || *offset <= 0 || static_cast<std::uint64_t>(*offset) >= tail_.size) {
    return pdf_malformed("its startxref leads nowhere");
  }
  tail_.xref = static_cast<std::uint64_t>(*offset);
  char there[16] = {};
  const std::size_t got = TRY(document.read_at(tail_.xref, there, sizeof there));
  tail_.stream = !base::trim(std::string_view(there, got)).starts_with("xref");
  if (tail_.size > 9'000'000'000) return pdf_malformed("it is larger than 9 GB");

  QPDFObjectHandle old = trailer();
  const int size = old.getKey("/Size").isInteger() ? old.getKey("/Size").getIntValueAsInt() : 0;
  tail_.next_number = std::max(size, static_cast<int>(pdf_.getObjectCount()) + 1);
  tail_.trailer = "/Root " + reference(root());
  if (old.getKey("/Info").isIndirect()) {
    tail_.trailer += " /Info " + reference(old.getKey("/Info"));
  }
  QPDFObjectHandle id = old.getKey("/ID");
  if (id.isArray() && id.getArrayNItems() == 2 && id.getArrayItem(0).isString()) {
    const base::Bytes changed =
        base::sha256(id.getArrayItem(1).unparse() + std::to_string(tail_.size)).substr(0, 16);
    tail_.trailer +=
        " /ID [ " + id.getArrayItem(0).unparseBinary() + " <" + base::hex(changed) + "> ]";
  }
  return base::done();
}

QPDFObjectHandle PdfFile::root() { return pdf_.getRoot(); }
QPDFObjectHandle PdfFile::trailer() { return pdf_.getTrailer(); }

// qpdf's own list of pages repairs the tree in memory, which would then be written as if the file
// had it so.
const std::vector<QPDFObjectHandle>& PdfFile::pages() {
  if (!pages_.empty()) return pages_;
  std::set<QPDFObjGen> seen;
  std::vector<QPDFObjectHandle> waiting{root().getKey("/Pages")};
  while (!waiting.empty() && pages_.size() < kPagesMax) {
    QPDFObjectHandle node = waiting.back();
    waiting.pop_back();
    if (!node.isDictionary() || !node.isIndirect()) continue;
    QPDFObjectHandle kids = node.getKey("/Kids");
    if (!kids.isArray()) {
      pages_.push_back(node);
      continue;
    }
    if (!seen.insert(node.getObjGen()).second) continue;
    for (int i = kids.getArrayNItems() - 1; i >= 0; --i) waiting.push_back(kids.getArrayItem(i));
  }
  return pages_;
}

base::Result<QPDFObjectHandle> PdfFile::page(int number) {
  const auto& all = pages();
  const int count = static_cast<int>(all.size());
  const int index = number < 0 ? count + number : number - 1;
  if (index < 0 || index >= count) {
    return base::Error(
        base::Code::invalid, "trust.page_missing",
        "The PDF has no page " + std::to_string(number) + "; it has " + std::to_string(count) + ".",
        "Tệp PDF không có trang " + std::to_string(number) + "; tệp có " + std::to_string(count) +
            " trang.");
  }
  return all[static_cast<std::size_t>(index)];
}

int PdfFile::number_of(QPDFObjectHandle page) {
  if (!page.isIndirect()) return 0;
  int number = 0;
  for (const QPDFObjectHandle& one : pages()) {
    ++number;
    if (one.getObjGen() == page.getObjGen()) return number;
  }
  return 0;
}

QPDFObjectHandle PdfFile::allocate() {
  // qpdf numbers after the highest object that it knows of, which may be below /Size.
  QPDFObjectHandle made = pdf_.makeIndirectObject(QPDFObjectHandle::newBool(true));
  while (made.getObjectID() < tail_.next_number) {
    made = pdf_.makeIndirectObject(QPDFObjectHandle::newBool(true));
  }
  return made;
}

void PdfFile::put(QPDFObjectHandle object, base::Bytes body) {
  fresh_[object.getObjGen()] = std::move(body);
}

QPDFObjectHandle PdfFile::add_dictionary(const std::string& text) {
  const QPDFObjGen og = allocate().getObjGen();
  pdf_.replaceObject(og, QPDFObjectHandle::parse(&pdf_, text));
  touched_.insert(og);
  return pdf_.getObjectByObjGen(og);
}

QPDFObjectHandle PdfFile::add_stream(const std::string& entries, base::BytesView data) {
  QPDFObjectHandle made = allocate();
  const base::Bytes small = deflated(data);
  const bool worth = small.size() + 20 < data.size();
  put(made, worth ? IncrementalUpdate::stream(entries + " /Filter /FlateDecode", small)
                  : IncrementalUpdate::stream(entries, data));
  return made;
}

void PdfFile::touch(QPDFObjectHandle object, QPDFObjectHandle holder) {
  touched_.insert(object.isIndirect() ? object.getObjGen() : holder.getObjGen());
}

IncrementalUpdate::Written PdfFile::write() {
  IncrementalUpdate update(tail_);
  for (const QPDFObjGen& og : touched_) {
    update.put(og.getObj(), og.getGen(), pdf_.getObjectByObjGen(og).unparseResolved());
  }
  for (const auto& [og, body] : fresh_) update.put(og.getObj(), og.getGen(), body);
  return update.write();
}

}  // namespace trust::signing
