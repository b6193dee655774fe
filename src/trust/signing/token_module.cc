#include "trust/signing/token_module.h"

#include <dlfcn.h>

#include <cstdio>
#include <map>
#include <mutex>

#include "base/text.h"
#include "base/time.h"

namespace trust::signing {
namespace {

constexpr std::size_t kObjectBytesMax = 64 * 1024;
constexpr std::int64_t kRestartEveryMicros = 1'000'000;

struct Loaded {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<TokenModule>> modules;
};
// For the process, as the modules themselves are.
Loaded& loaded() {
  static Loaded& all = *new Loaded;  // outlives whatever else is static
  return all;
}

std::string hexadecimal(CK_RV rv) {
  char out[24];
  std::snprintf(out, sizeof out, "0x%lx", static_cast<unsigned long>(rv));
  return out;
}

base::Error unusable(const std::string& path, const std::string& why) {
  return {base::Code::invalid, "trust.token_module",
          "The PKCS#11 module " + path + " cannot be used: " + why + ".",
          "Không dùng được mô-đun PKCS#11 " + path + "."};
}

base::Error no_token(const std::string& label) {
  return {base::Code::unavailable, "trust.key_unavailable",
          "The token \"" + label + "\" is not there; plug it in and try again.",
          "Không thấy thiết bị \"" + label + "\"; hãy cắm thiết bị rồi thử lại."};
}

}  // namespace

bool is_refusal(CK_RV rv) {
  return rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID || rv == CKR_PIN_LEN_RANGE ||
         rv == CKR_PIN_EXPIRED || rv == CKR_PIN_LOCKED;
}

base::Error token_error(CK_RV rv, const std::string& doing) {
  if (is_refusal(rv)) {
    return {base::Code::forbidden, "trust.key_refused",
            "The token refuses the PIN (" + hexadecimal(rv) +
                "). It is not tried again, since tokens lock themselves; set the right one.",
            "Thiết bị từ chối mã PIN. Hệ thống không thử lại để tránh khóa thiết bị; hãy đặt "
            "đúng mã PIN."};
  }
  return {base::Code::unavailable, "trust.key_unavailable",
          "The token does not answer (" + doing + ": " + hexadecimal(rv) + ").",
          "Thiết bị chứa khóa không phản hồi (" + hexadecimal(rv) + ")."};
}

base::Result<std::shared_ptr<TokenModule>> TokenModule::load(const std::string& path) {
  Loaded& all = loaded();
  const std::lock_guard lock(all.mutex);
  if (auto module = all.modules[path].lock()) return module;
  // Never unloaded: modules leave handlers behind that run at the end of the process.
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return unusable(path, ::dlerror());
  const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  if (list == nullptr) return unusable(path, "it has no C_GetFunctionList");
  std::shared_ptr<TokenModule> module(new TokenModule);
  module->path_ = path;
  CK_RV rv = list(&module->api_);
  if (rv == CKR_OK) rv = module->initialize();
  if (rv != CKR_OK) {
    module->api_ = nullptr;
    return unusable(path, "it does not start, " + hexadecimal(rv));
  }
  all.modules[path] = module;
  return module;
}

TokenModule::~TokenModule() {
  if (api_ == nullptr) return;
  Loaded& all = loaded();
  const std::lock_guard lock(all.mutex);
  // Unless somebody has loaded it again meanwhile.
  if (all.modules[path_].expired()) api_->C_Finalize(nullptr);
}

CK_RV TokenModule::initialize() {
  CK_C_INITIALIZE_ARGS args{};
  args.flags = CKF_OS_LOCKING_OK;
  const CK_RV rv = api_->C_Initialize(&args);
  return rv == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CK_RV{CKR_OK} : rv;
}

void TokenModule::restart(std::uint64_t seen) {
  const std::unique_lock lock(mutex_);
  const std::int64_t now = base::monotonic_micros();
  if (generation_ != seen || now < restarted_at_ + kRestartEveryMicros) return;
  restarted_at_ = now;
  ++generation_;
  api_->C_Finalize(nullptr);
  initialize();  // when it fails, every call says so until the next restart
}

base::Result<std::unique_ptr<TokenSession>> TokenSession::open(std::shared_ptr<TokenModule> module,
                                                               const TokenKey& where,
                                                               bool read_write) {
  CK_FUNCTION_LIST& api = module->api();
  CK_ULONG count = 0;
  CK_RV rv = api.C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (rv == CKR_OK) rv = api.C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (rv != CKR_OK) return token_error(rv, "looking for tokens");
  slots.resize(count);
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (api.C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    const std::string_view label(reinterpret_cast<const char*>(info.label), sizeof info.label);
    if (base::trim(label) != where.token) continue;
    std::unique_ptr<TokenSession> session(new TokenSession);
    const CK_FLAGS flags = CKF_SERIAL_SESSION | (read_write ? CKF_RW_SESSION : 0);
    rv = api.C_OpenSession(slot, flags, nullptr, nullptr, &session->handle_);
    if (rv != CKR_OK) return token_error(rv, "opening a session");
    session->generation_ = module->generation();
    session->module_ = module;
    std::string pin = where.pin;
    rv = api.C_Login(session->handle_, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()),
                     static_cast<CK_ULONG>(pin.size()));
    if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN) {
      api.C_CloseSession(session->handle_);
      session->handle_ = 0;
      return token_error(rv, "logging in");
    }
    return session;
  }
  return no_token(where.token);
}

TokenSession::~TokenSession() {
  if (!module_ || handle_ == 0) return;
  const auto held = module_->use();
  if (generation_ == module_->generation()) module_->api().C_CloseSession(handle_);
}

base::Result<CK_OBJECT_HANDLE> TokenSession::find(CK_OBJECT_CLASS kind, const std::string& label) {
  std::string name = label;
  CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &kind, sizeof kind},
                           {CKA_LABEL, name.data(), static_cast<CK_ULONG>(name.size())}};
  CK_RV rv = api().C_FindObjectsInit(handle_, wanted, 2);
  if (rv != CKR_OK) return token_error(rv, "looking for the key");
  CK_OBJECT_HANDLE found = 0;
  CK_ULONG count = 0;
  rv = api().C_FindObjects(handle_, &found, 1, &count);
  api().C_FindObjectsFinal(handle_);
  if (rv != CKR_OK) return token_error(rv, "looking for the key");
  return count == 0 ? CK_OBJECT_HANDLE{0} : found;
}

base::Bytes TokenSession::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE one{type, nullptr, 0};
  if (api().C_GetAttributeValue(handle_, object, &one, 1) != CKR_OK) return {};
  if (one.ulValueLen == CK_UNAVAILABLE_INFORMATION || one.ulValueLen > kObjectBytesMax) return {};
  base::Bytes value(one.ulValueLen, '\0');
  one.pValue = value.data();
  if (api().C_GetAttributeValue(handle_, object, &one, 1) != CKR_OK) return {};
  value.resize(one.ulValueLen);
  return value;
}

}  // namespace trust::signing
