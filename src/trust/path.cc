#include "trust/path.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "trust/remembered.h"

namespace trust {
namespace {

struct Cause {
  SubIndication sub;
  base::Text why;
};

Cause cause_of(int error, const Certificate* at) {
  const std::string name = at != nullptr ? at->summary.name : std::string("?");
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return {
          SubIndication::no_certificate_chain_found,
          {"không có chứng thư của nơi cấp \"" + name + "\" trong tệp hay trong danh sách tin cậy",
           "the issuer of \"" + name + "\" is neither in the file nor trusted here"}};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return {SubIndication::no_certificate_chain_found,
              {"\"" + name + "\" tự ký chứng thư số của mình và không có trong danh sách tin cậy",
               "\"" + name + "\" signed its own certificate and is not trusted here"}};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return {SubIndication::no_certificate_chain_found,
              {"gốc \"" + name + "\" không có trong danh sách tin cậy",
               "the root \"" + name + "\" is not trusted here"}};
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return {SubIndication::certificate_chain_general_failure,
              {"chứng thư số \"" + name + "\" không do nơi cấp ghi trong đó ký",
               "the certificate \"" + name + "\" was not signed by the issuer that it names"}};
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_INVALID_PURPOSE:
      return {SubIndication::chain_constraints_failure,
              {"\"" + name + "\" không được phép cấp chứng thư số",
               "\"" + name + "\" may not issue certificates"}};
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
      return {SubIndication::chain_constraints_failure,
              {"đường dẫn chứng thực dài hơn mức cho phép",
               "the certification path is longer than is allowed"}};
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return {SubIndication::chain_constraints_failure,
              {"tên trong \"" + name + "\" nằm ngoài phạm vi mà nơi cấp được phép cấp",
               "the name in \"" + name + "\" is outside of what its issuer may issue for"}};
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return {SubIndication::chain_constraints_failure,
              {"\"" + name + "\" có phần mở rộng bắt buộc mà phần mềm này không biết",
               "\"" + name + "\" has a critical extension that is not known here"}};
    default:
      break;
  }
  const std::string detail = X509_verify_cert_error_string(error);
  return {SubIndication::certificate_chain_general_failure,
          {"đường dẫn chứng thực sai ở \"" + name + "\": " + detail,
           "the certification path fails at \"" + name + "\": " + detail}};
}

// The certificates that OpenSSL put in order, as ours.
std::vector<CertificatePtr> ours(const stack_st_X509* chain, const CertificatePtr& from,
                                 const std::vector<CertificatePtr>& others,
                                 const Context& context) {
  std::vector<CertificatePtr> out = {from};
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    const X509* x509 = sk_X509_value(chain, i);
    CertificatePtr found = AnchorsAccess::certificate(context.anchors, x509);
    for (const CertificatePtr& other : others) {
      if (other->x509.get() == x509) found = other;
    }
    if (!found) found = certificate_of(der_of(x509), context.cache);
    if (!found) break;
    out.push_back(std::move(found));
  }
  return out;
}

std::string key_of(const Certificate& from, Purpose purpose, const Context& context) {
  return from.summary.sha256 + AnchorsAccess::identity(context.anchors) +
         (purpose == Purpose::timestamp ? "t" : "s") + std::to_string(context.limits.chain);
}

Path complete(std::shared_ptr<const std::vector<CertificatePtr>> certificates,
              const Anchors& anchors) {
  Path out;
  const Anchor* anchor = AnchorsAccess::find(anchors, *certificates->back());
  out.demonstration = anchor != nullptr && anchor->demonstration;
  out.certificates = std::move(certificates);
  out.complete = true;
  return out;
}

}  // namespace

Path find_path(const CertificatePtr& from, const std::vector<CertificatePtr>& others,
               Purpose purpose, const Context& context) {
  const std::string key = key_of(*from, purpose, context);
  if (context.cache != nullptr) {
    if (auto known = context.cache->impl().paths.find(key)) {
      return complete(std::move(*known), context.anchors);
    }
  }
  Handle<stack_st_X509> untrusted(sk_X509_new_null());
  for (const CertificatePtr& other : others) {
    X509_up_ref(other->x509.get());
    sk_X509_push(untrusted.get(), other->x509.get());
  }
  Handle<X509_STORE_CTX> building(X509_STORE_CTX_new());
  Path out;
  if (!building ||
      X509_STORE_CTX_init(building.get(), AnchorsAccess::store(context.anchors, purpose),
                          from->x509.get(), untrusted.get()) != 1) {
    out.certificates = std::make_shared<std::vector<CertificatePtr>>(1, from);
    out.sub = SubIndication::certificate_chain_general_failure;
    out.why = {"thiếu bộ nhớ", "out of memory"};
    return out;
  }
  // Times are the caller's: what counts is the proven time of the signature, and a path that was
  // good then may be past now.
  X509_STORE_CTX_set_flags(building.get(), X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN |
                                               X509_V_FLAG_TRUSTED_FIRST);
  X509_STORE_CTX_set_depth(building.get(), static_cast<int>(context.limits.chain));
  const bool good = X509_verify_cert(building.get()) == 1;
  auto certificates = std::make_shared<const std::vector<CertificatePtr>>(
      ours(X509_STORE_CTX_get0_chain(building.get()), from, others, context));
  if (good) {
    if (context.cache != nullptr) context.cache->impl().paths.keep(key, certificates);
    return complete(std::move(certificates), context.anchors);
  }
  const auto depth = static_cast<std::size_t>(X509_STORE_CTX_get_error_depth(building.get()));
  const Certificate* at = depth < certificates->size() ? (*certificates)[depth].get() : nullptr;
  auto cause = cause_of(X509_STORE_CTX_get_error(building.get()), at);
  out.certificates = std::move(certificates);
  out.sub = cause.sub;
  out.why = std::move(cause.why);
  return out;
}

}  // namespace trust
