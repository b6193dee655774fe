// Runs a program over a stranger's bytes: with little memory, little time, and nothing that it
// could fill. What it does to itself stays in its process.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace search {

struct ProgramLimits {
  std::chrono::milliseconds time{20'000};  // by the clock; as much of the processor
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::uint64_t file_bytes = std::uint64_t{64} << 20;  // of a file that it writes
  std::size_t output_bytes = 1 << 20;
};

// The file of a program in PATH; empty when there is none.
std::string find_program(const std::string& name);

// Runs `arguments[0]` with nothing but PATH in its environment and gives its standard output, cut
// at `output_bytes` (the program is ended then). When this process or thread ends, so does the
// program. Any thread. search.program_missing, search.program_failed (both unavailable): it could
// not be started, took too long, was ended by a signal, or said that it failed and wrote nothing.
base::Result<std::string> run_limited(const std::vector<std::string>& arguments,
                                      const ProgramLimits& limits);

}  // namespace search
