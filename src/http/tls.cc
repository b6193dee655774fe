#include "http/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "base/hash.h"
#include "http/message.h"

namespace http {
namespace {

constexpr std::size_t kRecordBytes = 16 * 1024;

struct Free {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
  void operator()(SSL* p) const { SSL_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};

int socket_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t n = ::send(socket_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (n < 0 && is_temporary(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int bio_read(BIO* bio, char* to, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t n = ::recv(socket_of(bio), to, static_cast<std::size_t>(size), 0);
  if (n < 0 && is_temporary(errno)) BIO_set_retry_read(bio);
  if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(n);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// OpenSSL's own socket BIO raises SIGPIPE; this one does not.
const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
    BIO_meth_set_write(m, bio_write);
    BIO_meth_set_read(m, bio_read);
    BIO_meth_set_ctrl(m, bio_control);
    return m;
  }();
  return method;
}

std::string openssl_text() {
  char text[256] = "no detail";
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {
    ERR_error_string_n(code, text, sizeof text);
  }
  ERR_clear_error();
  return text;
}

std::string subject_of(const X509* certificate) {
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  CHECK(out != nullptr);
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* text = nullptr;
  const long size = BIO_ctrl(out.get(), BIO_CTRL_INFO, 0, &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

class TlsTransport : public Transport {
 public:
  TlsTransport(SSL_CTX* context, int socket) : ssl_(SSL_new(context)) {
    CHECK(ssl_ != nullptr);
    BIO* bio = BIO_new(socket_method());
    CHECK(bio != nullptr);
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    socket_ = socket;
  }

  SSL* ssl() { return ssl_.get(); }

  Io handshake() override {
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_.get()), 0);
  }

  Io read(char* to, std::size_t size) override {
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_read_ex(ssl_.get(), to, size, &n);
    Io io = outcome(result, n);
    io.more = io.state == Io::State::done;  // OpenSSL may hold more than the socket shows
    return io;
  }

  // A short head and the beginning of its body travel in one record. After wants_…, the same bytes
  // are put together again, as SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER asks.
  Io write(std::string_view first, std::string_view second) override {
    std::string together;
    std::string_view bytes = first.empty() ? second : first;
    if (!first.empty() && !second.empty() && first.size() < kRecordBytes) {
      together.reserve(kRecordBytes);
      together = first;
      together += second.substr(0, kRecordBytes - first.size());
      bytes = together;
    }
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n);
    return outcome(result, n);
  }

  void close_write() override {
    if (!broken_) {
      ERR_clear_error();
      SSL_shutdown(ssl_.get());
      ERR_clear_error();
    }
    ::shutdown(socket_, SHUT_WR);
  }

  bool certificate_refused() const override {
    return SSL_get_verify_result(ssl_.get()) != X509_V_OK;
  }

  std::string failure() const override {
    if (certificate_refused()) {
      return X509_verify_cert_error_string(SSL_get_verify_result(ssl_.get()));
    }
    return failure_;
  }

  std::shared_ptr<const ClientCertificate> client_certificate() const override {
    X509* leaf = SSL_get0_peer_certificate(ssl_.get());
    if (leaf == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return nullptr;
    base::Bytes digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    auto* out = reinterpret_cast<unsigned char*>(digest.data());
    if (X509_digest(leaf, EVP_sha256(), out, &size) != 1) return nullptr;
    digest.resize(size);
    return std::make_shared<const ClientCertificate>(
        ClientCertificate{base::hex(digest), subject_of(leaf)});
  }

 private:
  Io outcome(int result, std::size_t bytes) {
    if (result > 0) return {Io::State::done, bytes};
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {Io::State::wants_read};
      case SSL_ERROR_WANT_WRITE:
        return {Io::State::wants_write};
      case SSL_ERROR_ZERO_RETURN:
        return {Io::State::ended};
      default:
        break;
    }
    broken_ = true;
    failure_ = openssl_text();
    return {Io::State::failed};
  }

  std::unique_ptr<SSL, Free> ssl_;
  int socket_ = -1;
  bool broken_ = false;
  std::string failure_;
};

class Context : public TlsContext {
 public:
  explicit Context(bool server)
      : context_(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method())) {
    CHECK(context_ != nullptr);
    SSL_CTX* c = context_.get();
    SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(
        c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // The last group keeps agencies' programs on Java 7 connected; all of them have forward
    // secrecy.
    SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!eNULL");
  }

  SSL_CTX* get() const { return context_.get(); }

  std::unique_ptr<Transport> accept(int socket) const override {
    auto transport = std::make_unique<TlsTransport>(context_.get(), socket);
    SSL_set_accept_state(transport->ssl());
    return transport;
  }

  std::unique_ptr<Transport> connect(int socket, const std::string& host) const override {
    auto transport = std::make_unique<TlsTransport>(context_.get(), socket);
    SSL* ssl = transport->ssl();
    SSL_set_connect_state(ssl);
    unsigned char address[16];
    const bool is_address = inet_pton(AF_INET, host.c_str(), address) == 1 ||
                            inet_pton(AF_INET6, host.c_str(), address) == 1;
    if (is_address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    } else {
      // SSL_set_tlsext_host_name without the C cast of its macro.
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(host.c_str()));
      SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      SSL_set1_host(ssl, host.c_str());
    }
    return transport;
  }

 private:
  std::unique_ptr<SSL_CTX, Free> context_;
};

base::Error unusable(const std::string& file) {
  return {base::Code::invalid, "http.certificate_unusable",
          "The PEM file " + file + " cannot be used: " + openssl_text() + ".",
          "Không dùng được tệp chứng thư hoặc khóa " + file + " (định dạng PEM)."};
}

base::Result<void> use_certificate(SSL_CTX* context, const TlsContext::Files& files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return unusable(files.certificate);
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return unusable(files.key);
  }
  return base::done();
}

// Of a client that has one. The tickets of a context end with it, so that new files of authorities
// count for every client that connects again.
base::Result<void> ask_for_certificates(SSL_CTX* context, const std::string& authorities) {
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(authorities.c_str());
  if (names == nullptr) return unusable(authorities);
  SSL_CTX_set_client_CA_list(context, names);  // takes it
  if (SSL_CTX_load_verify_locations(context, authorities.c_str(), nullptr) != 1) {
    return unusable(authorities);
  }
  static constexpr unsigned char kId[] = "truc";
  SSL_CTX_set_session_id_context(context, kId, sizeof kId - 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return base::done();
}

}  // namespace

base::Result<std::shared_ptr<const TlsContext>> TlsContext::for_server(const Files& files) {
  ERR_clear_error();
  auto context = std::make_shared<Context>(true);
  TRY(use_certificate(context->get(), files));
  if (!files.authorities.empty()) TRY(ask_for_certificates(context->get(), files.authorities));
  return std::shared_ptr<const TlsContext>(std::move(context));
}

base::Result<std::shared_ptr<const TlsContext>> TlsContext::for_client(const Files& files) {
  ERR_clear_error();
  auto context = std::make_shared<Context>(false);
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context->get());
  ERR_clear_error();
  if (!files.authorities.empty() &&
      SSL_CTX_load_verify_locations(context->get(), files.authorities.c_str(), nullptr) != 1) {
    return unusable(files.authorities);
  }
  if (!files.certificate.empty()) TRY(use_certificate(context->get(), files));
  return std::shared_ptr<const TlsContext>(std::move(context));
}

}  // namespace http
