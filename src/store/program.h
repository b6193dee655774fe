// Runs another program without a shell.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace store {

// Runs `arguments[0]` (looked up in PATH) and waits for it. `settings` are added to the
// environment, where, unlike arguments, other users of the machine cannot read them. An exit status
// other than 0 is store.program_failed with what the program wrote to standard error.
base::Result<void> run_program(const std::vector<std::string>& arguments,
                               const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace store
