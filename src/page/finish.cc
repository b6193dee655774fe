#include "page/finish.h"

#include <exception>
#include <memory>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

namespace page {

base::Result<base::Bytes> finished(base::BytesView pdf) {
  try {
    QPDF file;
    file.setSuppressWarnings(true);
    file.processMemoryFile("page", pdf.data(), pdf.size());
    QPDFObjectHandle root = file.getRoot();
    root.replaceKey("/Lang", QPDFObjectHandle::newString("vi-VN"));
    QPDFObjectHandle preferences = QPDFObjectHandle::newDictionary();
    preferences.replaceKey("/DisplayDocTitle", QPDFObjectHandle::newBool(true));
    root.replaceKey("/ViewerPreferences", preferences);
    QPDFWriter writer(file);
    writer.setOutputMemory();
    writer.setDeterministicID(true);
    writer.setObjectStreamMode(qpdf_o_generate);
    writer.setMinimumPDFVersion("1.5");
    writer.write();
    const std::unique_ptr<Buffer> out(writer.getBuffer());
    return base::Bytes(reinterpret_cast<const char*>(out->getBuffer()), out->getSize());
  } catch (const std::exception& failure) {
    return base::Error(base::Code::internal, "page.unwritable",
                       std::string("the PDF cannot be written: ") + failure.what(),
                       "không lập được tệp PDF");
  }
}

}  // namespace page
