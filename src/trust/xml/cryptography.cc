#include "trust/xml/cryptography.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <xmlsec/buffer.h>
#include <xmlsec/keys.h>
#include <xmlsec/nodeset.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/openssl/symbols.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmlsec.h>

#include <array>
#include <memory>

#include "trust/algorithms.h"
#include "trust/certificate.h"
#include "trust/xml/parser.h"

namespace trust::xml {
namespace {

struct Destroy {
  void operator()(xmlSecNodeSetPtr nodes) const { ::xmlSecNodeSetDestroy(nodes); }
  void operator()(xmlSecKeyPtr key) const { ::xmlSecKeyDestroy(key); }
};
using NodeSet = std::unique_ptr<xmlSecNodeSet, Destroy>;
using Key = std::unique_ptr<xmlSecKey, Destroy>;

struct Chain : xmlSecTransformCtx {
  Chain() : ready(::xmlSecTransformCtxInitialize(this) == 0) {}
  ~Chain() {
    if (ready) ::xmlSecTransformCtxFinalize(this);
  }
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;
  const bool ready;
};

base::Error failed() {
  return {base::Code::invalid, "trust.xml_transform",
          "a part of the signed document cannot be put into canonical form",
          "không đưa được phần đã ký của văn bản về dạng chuẩn tắc"};
}
base::Error wrong_key() {
  return {base::Code::invalid, "trust.xml_key",
          "the key of the certificate does not fit the algorithm of the signature",
          "khóa trong chứng thư không phù hợp với thuật toán của chữ ký"};
}

xmlSecTransformId id_of(Canonical canonical) {
  switch (canonical) {
    case Canonical::inclusive:
      return xmlSecTransformInclC14NId;
    case Canonical::inclusive_11:
      return xmlSecTransformInclC14N11Id;
    case Canonical::exclusive:
      break;
  }
  return xmlSecTransformExclC14NId;
}

xmlSecTransformId digest_id(std::string_view name) {
  if (name == "SHA-1") return xmlSecTransformSha1Id;
  if (name == "SHA-224") return xmlSecTransformSha224Id;
  if (name == "SHA-256") return xmlSecTransformSha256Id;
  if (name == "SHA-384") return xmlSecTransformSha384Id;
  if (name == "SHA-512") return xmlSecTransformSha512Id;
  return nullptr;
}

xmlSecTransformId signature_id(const SignatureMethod& method) {
  const bool rsa = method.key == "RSA";
  const std::string_view digest = method.digest;
  if (digest == "SHA-1") return rsa ? xmlSecTransformRsaSha1Id : xmlSecTransformEcdsaSha1Id;
  if (digest == "SHA-224") return rsa ? xmlSecTransformRsaSha224Id : xmlSecTransformEcdsaSha224Id;
  if (digest == "SHA-256") return rsa ? xmlSecTransformRsaSha256Id : xmlSecTransformEcdsaSha256Id;
  if (digest == "SHA-384") return rsa ? xmlSecTransformRsaSha384Id : xmlSecTransformEcdsaSha384Id;
  if (digest == "SHA-512") return rsa ? xmlSecTransformRsaSha512Id : xmlSecTransformEcdsaSha512Id;
  return nullptr;
}

NodeSet nodes_of(const Part& part) {
  NodeSet nodes(::xmlSecNodeSetGetChildren(part.top->doc, part.top, 0, 0));
  if (!nodes || part.left_out == nullptr) return nodes;
  NodeSet others(::xmlSecNodeSetGetChildren(part.top->doc, part.left_out, 1, 1));
  if (!others ||
      ::xmlSecNodeSetAdd(nodes.get(), others.get(), xmlSecNodeSetIntersection) == nullptr) {
    return nullptr;
  }
  others.release();
  return nodes;
}

// The canonicalisation at the head of the chain.
bool start(Chain& chain, const Part& part) {
  if (!chain.ready) return false;
  xmlSecTransformPtr transform = ::xmlSecTransformCtxCreateAndAppend(&chain, id_of(part.canonical));
  if (transform == nullptr) return false;
  if (part.canonical != Canonical::exclusive || part.parameters == nullptr) return true;
  return transform->id->readNode == nullptr ||
         transform->id->readNode(transform, part.parameters, &chain) == 0;
}

base::Result<base::Bytes> result_of(Chain& chain, const Part& part) {
  const NodeSet nodes = nodes_of(part);
  if (!nodes || ::xmlSecTransformCtxXmlExecute(&chain, nodes.get()) != 0 ||
      chain.result == nullptr) {
    return failed();
  }
  const xmlSecByte* data = ::xmlSecBufferGetData(chain.result);
  return base::Bytes(reinterpret_cast<const char*>(data), ::xmlSecBufferGetSize(chain.result));
}

constexpr std::array<SignatureMethod, 10> kMethods = {{
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "RSA", "SHA-256"},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "RSA", "SHA-384"},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "RSA", "SHA-512"},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha224", "RSA", "SHA-224"},
    {"http://www.w3.org/2000/09/xmldsig#rsa-sha1", "RSA", "SHA-1"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "ECDSA", "SHA-256"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "ECDSA", "SHA-384"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "ECDSA", "SHA-512"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224", "ECDSA", "SHA-224"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", "ECDSA", "SHA-1"},
}};

struct DigestName {
  std::string_view uri, name;
};
constexpr std::array<DigestName, 5> kDigests = {{
    {"http://www.w3.org/2001/04/xmlenc#sha256", "SHA-256"},
    {"http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA-384"},
    {"http://www.w3.org/2001/04/xmlenc#sha512", "SHA-512"},
    {"http://www.w3.org/2001/04/xmldsig-more#sha224", "SHA-224"},
    {"http://www.w3.org/2000/09/xmldsig#sha1", "SHA-1"},
}};

Key key_of(base::BytesView certificate) {
  const Handle<X509> read = read_certificate(certificate);
  if (!read) return nullptr;
  Handle<EVP_PKEY> public_key(::X509_get_pubkey(read.get()));
  if (!public_key) return nullptr;
  xmlSecKeyDataPtr data = ::xmlSecOpenSSLEvpKeyAdopt(public_key.get());
  if (data == nullptr) return nullptr;
  public_key.release();
  Key key(::xmlSecKeyCreate());
  if (!key || ::xmlSecKeySetValue(key.get(), data) != 0) {
    ::xmlSecKeyDataDestroy(data);
    return nullptr;
  }
  return key;
}

}  // namespace

std::optional<Canonical> canonical_by_uri(std::string_view uri) {
  constexpr std::string_view kComments = "WithComments";
  if (uri.ends_with(kComments)) uri.remove_suffix(kComments.size());
  if (uri == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" ||
      uri == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#") {
    return Canonical::inclusive;
  }
  if (uri == "http://www.w3.org/2006/12/xml-c14n11" ||
      uri == "http://www.w3.org/2006/12/xml-c14n11#") {
    return Canonical::inclusive_11;
  }
  // The second is no standard's, but stands in edXML files.
  if (uri == "http://www.w3.org/2001/10/xml-exc-c14n#" ||
      uri == "http://www.w3.org/TR/xml-exc-c14n#") {
    return Canonical::exclusive;
  }
  return std::nullopt;
}

const SignatureMethod* signature_method(std::string_view uri) {
  for (const SignatureMethod& method : kMethods) {
    if (method.uri == uri) return &method;
  }
  return nullptr;
}

bool is_hmac(std::string_view uri) { return uri.find("#hmac-") != std::string_view::npos; }

std::string_view digest_by_uri(std::string_view uri) {
  for (const DigestName& digest : kDigests) {
    if (digest.uri == uri) return digest.name;
  }
  return {};
}

std::string_view uri_of_digest(std::string_view name) {
  for (const DigestName& digest : kDigests) {
    if (digest.name == name) return digest.uri;
  }
  return {};
}

base::Result<base::Bytes> canonical_form(const Part& part) {
  start_libraries();
  Chain chain;
  if (!start(chain, part)) return failed();
  return result_of(chain, part);
}

base::Result<base::Bytes> digest_of(const Part& part, std::string_view digest) {
  start_libraries();
  const ErrorQueue errors;
  const xmlSecTransformId id = digest_id(digest);
  Chain chain;
  if (id == nullptr || !start(chain, part)) return failed();
  xmlSecTransformPtr transform = ::xmlSecTransformCtxCreateAndAppend(&chain, id);
  if (transform == nullptr) return failed();
  transform->operation = xmlSecTransformOperationSign;
  return result_of(chain, part);
}

base::Result<bool> verify(const Part& signed_info, const SignatureMethod& method,
                          base::BytesView certificate, base::BytesView value) {
  start_libraries();
  const ErrorQueue errors;
  const Key key = key_of(certificate);
  if (!key) return wrong_key();
  Chain chain;
  if (!start(chain, signed_info)) return failed();
  xmlSecTransformPtr transform = ::xmlSecTransformCtxCreateAndAppend(&chain, signature_id(method));
  if (transform == nullptr) return failed();
  transform->operation = xmlSecTransformOperationVerify;
  if (::xmlSecTransformSetKey(transform, key.get()) != 0) return wrong_key();
  TRY(result_of(chain, signed_info));
  // A value of the wrong shape fails the call; one that is wrong sets the status.
  return ::xmlSecTransformVerify(transform, reinterpret_cast<const xmlSecByte*>(value.data()),
                                 static_cast<xmlSecSize>(value.size()), &chain) == 0 &&
         transform->status == xmlSecTransformStatusOk;
}

std::string signature_words(const SignatureMethod& method, base::BytesView certificate) {
  const ErrorQueue errors;
  const Handle<X509> read = read_certificate(certificate);
  const EVP_PKEY* key = read ? ::X509_get0_pubkey(read.get()) : nullptr;
  if (key == nullptr) return std::string(method.key);
  SignatureAlgorithm algorithm;
  algorithm.kind =
      method.key == "RSA" ? SignatureAlgorithm::Kind::rsa_pkcs1 : SignatureAlgorithm::Kind::ecdsa;
  algorithm.digest = method.digest;
  return signature_text(algorithm, key);
}

}  // namespace trust::xml
