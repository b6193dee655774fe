#include "trust/demo/authority.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <mutex>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "trust/certificate.h"
#include "trust/demo/issuing.h"

namespace trust::demo {
namespace {

constexpr std::uint64_t kFileBytesMax = 1u << 20;
constexpr auto kDay = std::chrono::hours(24);

struct File {
  const char* name;
  Identity* identity;
};

base::Bytes serial_of(const X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
          static_cast<std::size_t>(ASN1_STRING_length(serial))};
}

Handle<X509_REQ> read_request(base::BytesView request) {
  const unsigned char* at = unsigned_of(request);
  Handle<X509_REQ> out(d2i_X509_REQ(nullptr, &at, static_cast<long>(request.size())));
  if (out) return out;
  Handle<BIO> pem(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
  out.reset(PEM_read_bio_X509_REQ(pem.get(), nullptr, nullptr, nullptr));
  return out;
}

class Real : public Authority {
 public:
  base::Result<void> make(const Options& options) {
    const ErrorQueue errors;
    url_ = options.url;
    created_ = options.now;
    Wish wish;
    wish.organisation = "Trúc";
    wish.not_before = options.now - 3650 * kDay;
    wish.not_after = options.now + 7300 * kDay;
    wish.authority = true;
    wish.name = "Trúc Root CA (TRÌNH DIỄN / DEMONSTRATION)";
    TRY(make_identity(wish, options.bits, {}, root_));
    wish.name = "Trúc Issuing CA (TRÌNH DIỄN / DEMONSTRATION)";
    TRY(make_identity(wish, options.bits, {&root_, url_, true}, issuing_));
    wish.authority = false;
    wish.name = "Trúc OCSP (TRÌNH DIỄN / DEMONSTRATION)";
    wish.ocsp_signing = true;
    wish.revocation_urls = false;
    TRY(make_identity(wish, options.bits, {&issuing_, url_}, ocsp_));
    wish.name = "Trúc TSA (TRÌNH DIỄN / DEMONSTRATION)";
    wish.ocsp_signing = false;
    wish.timestamping = true;
    wish.revocation_urls = true;
    return make_identity(wish, options.bits, {&issuing_, url_}, tsa_);
  }

  base::Result<void> load(const std::string& directory) {
    const ErrorQueue errors;
    auto& files = base::real_files();
    for (const File& file : identities()) {
      const std::string path = directory + "/" + file.name;
      const auto key = TRY(base::read_file(files, path + ".key.pem", kFileBytesMax));
      const auto certificate = TRY(base::read_file(files, path + ".cert.pem", kFileBytesMax));
      *file.identity = TRY(read_identity(key, certificate));
    }
    const auto text = TRY(base::read_file(files, directory + "/state.json", kFileBytesMax));
    const auto state = TRY(base::Json::parse(text));
    url_ = state["url"].text();
    created_ = base::from_micros(state["created"].integer());
    load_revoked(state["revoked"], revoked_);
    load_revoked(state["revoked_by_root"], revoked_by_root_);
    return base::done();
  }

  base::Result<void> save(const std::string& directory) const override {
    std::lock_guard lock(mutex_);
    TRY(base::real_files().make_directory(directory));
    for (const File& file : const_cast<Real*>(this)->identities()) {
      const std::string path = directory + "/" + file.name;
      TRY(base::write_secret_file(path + ".key.pem", file.identity->key_pem()));
      TRY(base::write_secret_file(path + ".cert.pem", file.identity->certificate_pem()));
    }
    base::Json state;
    state.add("url", url_).add("created", base::to_micros(created_));
    state.add("revoked", saved(revoked_)).add("revoked_by_root", saved(revoked_by_root_));
    return base::write_secret_file(directory + "/state.json",
                                   state.dump(base::Json::Style::pretty));
  }

  base::Bytes root() const override { return der_of(root_.certificate.get()); }
  base::Bytes issuing() const override { return der_of(issuing_.certificate.get()); }

  base::Result<Credential> issue(const Wish& wish) override {
    const ErrorQueue errors;
    Credential out;
    Identity made;
    made.key = TRY(make_key(wish.algorithm, wish.bits));
    made.certificate = TRY(certify_key(wish, made.key.get()));
    out.key_pem = made.key_pem();
    out.certificates.push_back(der_of(made.certificate.get()));
    if (wish.issuer != nullptr) {
      const auto& above = wish.issuer->certificates;
      out.certificates.insert(out.certificates.end(), above.begin(), above.end());
    } else {
      out.certificates.push_back(issuing());
      out.certificates.push_back(root());
    }
    return out;
  }

  base::Result<base::Bytes> certify(base::BytesView request, const Wish& wish) override {
    const ErrorQueue errors;
    const auto asked = read_request(request);
    EVP_PKEY* key = asked ? X509_REQ_get0_pubkey(asked.get()) : nullptr;
    if (key == nullptr || X509_REQ_verify(asked.get(), key) != 1) {
      return base::Error(base::Code::invalid, "trust.request_malformed",
                         "this is not a PKCS#10 request signed with its own key",
                         "đây không phải yêu cầu PKCS#10 được ký bằng chính khóa của nó");
    }
    Wish named = wish;
    const X509_NAME* subject = X509_REQ_get_subject_name(asked.get());
    if (named.name.empty()) named.name = name_part(subject, NID_commonName);
    if (named.organisation.empty()) named.organisation = name_part(subject, NID_organizationName);
    const auto certificate = TRY(certify_key(named, key));
    return der_of(certificate.get());
  }

  base::Result<void> revoke(base::BytesView certificate, base::Time at) override {
    const auto parsed = read_certificate(certificate);
    if (!parsed) {
      return base::Error(base::Code::invalid, "trust.certificate_malformed",
                         "this is not a certificate (DER)", "đây không phải chứng thư số (DER)");
    }
    std::lock_guard lock(mutex_);
    const bool by_root = X509_NAME_cmp(X509_get_issuer_name(parsed.get()),
                                       X509_get_subject_name(root_.certificate.get())) == 0;
    (by_root ? revoked_by_root_ : revoked_).push_back({serial_of(parsed.get()), at});
    return base::done();
  }

  base::Result<base::Bytes> crl(base::Time now, base::Duration valid_for) override {
    const ErrorQueue errors;
    std::lock_guard lock(mutex_);
    return make_crl(issuing_, revoked_, now, valid_for);
  }
  base::Result<base::Bytes> root_crl(base::Time now, base::Duration valid_for) override {
    const ErrorQueue errors;
    std::lock_guard lock(mutex_);
    return make_crl(root_, revoked_by_root_, now, valid_for);
  }
  base::Result<base::Bytes> ocsp(base::BytesView request, base::Time now) override {
    std::lock_guard lock(mutex_);
    return answer_ocsp(request, {{issuing_, ocsp_, revoked_}, {root_, root_, revoked_by_root_}},
                       now);
  }
  base::Result<base::Bytes> timestamp(base::BytesView request, base::Time now) override {
    return answer_timestamp(request, tsa_, {&issuing_, &root_}, now);
  }

 private:
  static base::Result<void> make_identity(const Wish& wish, int bits, const Making& making,
                                          Identity& out) {
    out.key = TRY(make_key(KeyAlgorithm::rsa, bits));
    out.certificate = TRY(make_certificate(wish, out.key.get(), making));
    return base::done();
  }

  base::Result<Handle<x509_st>> certify_key(const Wish& wish, EVP_PKEY* key) const {
    Wish whole = wish;
    if (!whole.not_before) whole.not_before = created_ - kDay;
    if (!whole.not_after) whole.not_after = created_ + 730 * kDay;
    if (wish.issuer == nullptr) return make_certificate(whole, key, {&issuing_, url_});
    Handle<BIO> pem(BIO_new_mem_buf(wish.issuer->key_pem.data(),
                                    static_cast<int>(wish.issuer->key_pem.size())));
    const Identity issuer{
        Handle<EVP_PKEY>(PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr)),
        read_certificate(wish.issuer->certificates.at(0))};
    if (!issuer.key || !issuer.certificate) return broken("a certificate");
    return make_certificate(whole, key, {&issuer, url_});
  }

  std::vector<File> identities() {
    return {{"root", &root_}, {"issuing", &issuing_}, {"ocsp", &ocsp_}, {"tsa", &tsa_}};
  }

  static base::Json saved(const std::vector<Revoked>& revoked) {
    base::Json out(base::Json::Array{});
    for (const Revoked& one : revoked) {
      base::Json entry;
      entry.add("serial", base::hex(one.serial)).add("at", base::to_micros(one.at));
      out.push(std::move(entry));
    }
    return out;
  }
  static void load_revoked(const base::Json& from, std::vector<Revoked>& to) {
    for (const base::Json& entry : from.array()) {
      to.push_back({base::from_hex(entry["serial"].text()).value_or(""),
                    base::from_micros(entry["at"].integer())});
    }
  }

  std::string url_;
  base::Time created_;
  Identity root_, issuing_, ocsp_, tsa_;
  mutable std::mutex mutex_;
  std::vector<Revoked> revoked_, revoked_by_root_;
};

base::Bytes bytes_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? base::Bytes(data, static_cast<std::size_t>(size)) : base::Bytes();
}

}  // namespace

std::string Credential::pem() const {
  const ErrorQueue errors;
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  for (const base::Bytes& der : certificates) {
    const auto certificate = read_certificate(der);
    if (certificate) PEM_write_bio_X509(out.get(), certificate.get());
  }
  return key_pem + bytes_of(out.get());
}

base::Bytes Credential::pkcs12(std::string_view password) const {
  const ErrorQueue errors;
  Handle<BIO> pem(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
  Handle<EVP_PKEY> key(PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr));
  Handle<stack_st_X509> chain(sk_X509_new_null());
  Handle<X509> own;
  for (const base::Bytes& der : certificates) {
    auto certificate = read_certificate(der);
    if (!own) {
      own = std::move(certificate);
    } else {
      sk_X509_push(chain.get(), certificate.release());
    }
  }
  Handle<PKCS12> made(PKCS12_create(std::string(password).c_str(), "demonstration", key.get(),
                                    own.get(), chain.get(), 0, 0, 0, 0, 0));
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  if (!made || i2d_PKCS12_bio(out.get(), made.get()) != 1) return {};
  return bytes_of(out.get());
}

base::Result<std::unique_ptr<Authority>> Authority::create(const Options& options) {
  auto out = std::make_unique<Real>();
  TRY(out->make(options));
  return base::Result<std::unique_ptr<Authority>>(std::move(out));
}

base::Result<std::unique_ptr<Authority>> Authority::open(const std::string& directory) {
  auto out = std::make_unique<Real>();
  TRY(out->load(directory));
  return base::Result<std::unique_ptr<Authority>>(std::move(out));
}

}  // namespace trust::demo
