// Reading connections, opened when first needed and used again, the warmest first.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "store/session.h"

namespace store {

class Readers {
 public:
  Readers(Backend& backend, std::size_t most) : backend_(backend), most_(most > 0 ? most : 1) {}

  // Runs `work` within one snapshot; waits while all readers are busy. Any thread.
  base::Result<void> read(const std::function<base::Result<void>(Session&)>& work);

 private:
  base::Result<std::unique_ptr<Session>> take();
  void give_back(std::unique_ptr<Session> session);

  Backend& backend_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Session>> idle_;
  std::size_t busy_ = 0;
};

}  // namespace store
