// A PDF opened for one incremental update: qpdf reads, IncrementalUpdate writes.
#pragma once
#include <memory>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "trust/judge.h"
#include "trust/signing/incremental_update.h"

namespace trust::signing {

// One thread. qpdf's own exceptions may leave any member but open(): callers guard with
// guarded_pdf().
class PdfFile {
 public:
  // Keeps a view of `document`. Errors: trust.pdf_malformed, trust.pdf_encrypted.
  static base::Result<std::unique_ptr<PdfFile>> open(const Source& document);
  ~PdfFile();

  QPDFObjectHandle root();
  QPDFObjectHandle trailer();
  // Page `number` from 1; -1 is the last. trust.page_missing.
  base::Result<QPDFObjectHandle> page(int number);
  // The number of the page from 1, 0 when it is none.
  int number_of(QPDFObjectHandle page);

  // A new object, to be written with put(). The handle serves as a reference.
  QPDFObjectHandle allocate();
  void put(QPDFObjectHandle object, base::Bytes body);
  // A new dictionary, which can be read and changed like those of the file.
  QPDFObjectHandle add_dictionary(const std::string& text);
  // A new stream object, compressed when that makes it smaller.
  QPDFObjectHandle add_stream(const std::string& entries, base::BytesView data);
  // Will be written as it is when write() is called. `holder` is the indirect object that holds
  // `object` where it is direct.
  void touch(QPDFObjectHandle object, QPDFObjectHandle holder);

  IncrementalUpdate::Written write();

 private:
  PdfFile() = default;
  base::Result<void> read_tail(const Source& document);
  const std::vector<QPDFObjectHandle>& pages();
  QPDF pdf_;
  IncrementalUpdate::Tail tail_;
  std::map<QPDFObjGen, base::Bytes> fresh_;
  std::set<QPDFObjGen> touched_;
  std::vector<QPDFObjectHandle> pages_;
};

std::string reference(QPDFObjectHandle object);  // "12 0 R"
std::string text_string(std::string_view utf8);  // as it is written into a PDF
base::Bytes deflated(base::BytesView data);
base::Error pdf_malformed(const std::string& why);

// Runs `work`; what qpdf throws becomes trust.pdf_malformed.
template <class F>
auto guarded_pdf(F&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& e) {
    return pdf_malformed(e.what());
  }
}

}  // namespace trust::signing
