// PKCS#11 modules: loading, tokens, sessions. Private to signing.
#pragma once
#include <p11-kit/pkcs11.h>

#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/key.h"

namespace trust::signing {

// A module is initialised once for the whole process, whoever uses it (PKCS#11 §5.4), so everybody
// who names the same file shares one object. Any thread.
class TokenModule {
 public:
  // trust.token_module (invalid): no such module.
  static base::Result<std::shared_ptr<TokenModule>> load(const std::string& path);
  ~TokenModule();

  // Held during every call to the module.
  std::shared_lock<std::shared_mutex> use() { return std::shared_lock(mutex_); }
  CK_FUNCTION_LIST& api() { return *api_; }
  // Changes with every restart; sessions of another generation are gone.
  std::uint64_t generation() const { return generation_; }
  // Many modules see a token that came back only when they are initialised anew. Not while use() is
  // held by this thread; not more than once a second.
  void restart(std::uint64_t seen);

 private:
  TokenModule() = default;
  CK_RV initialize();
  std::string path_;
  std::shared_mutex mutex_;
  CK_FUNCTION_LIST* api_ = nullptr;
  std::uint64_t generation_ = 1;
  std::int64_t restarted_at_ = 0;
};

// One logged-in session. use() is held by the caller of everything here.
class TokenSession {
 public:
  // trust.key_unavailable (no such token now), trust.key_refused.
  static base::Result<std::unique_ptr<TokenSession>> open(std::shared_ptr<TokenModule> module,
                                                          const TokenKey& where, bool read_write);
  // Without use().
  ~TokenSession();

  CK_FUNCTION_LIST& api() { return module_->api(); }
  CK_SESSION_HANDLE handle() const { return handle_; }
  std::uint64_t generation() const { return generation_; }
  // The first object of that class and label; 0 when there is none.
  base::Result<CK_OBJECT_HANDLE> find(CK_OBJECT_CLASS kind, const std::string& label);
  // Empty when the object has no such attribute.
  base::Bytes attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

 private:
  TokenSession() = default;
  std::shared_ptr<TokenModule> module_;
  CK_SESSION_HANDLE handle_ = 0;
  std::uint64_t generation_ = 0;
};

// What a return value means to a caller: refused (PIN), else unavailable.
base::Error token_error(CK_RV rv, const std::string& doing);
bool is_refusal(CK_RV rv);

}  // namespace trust::signing
