# What every target is compiled with; sanitizers and hardening come from the preset.
add_library(truc_compiler INTERFACE)
target_compile_features(truc_compiler INTERFACE cxx_std_20)
target_compile_options(truc_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror
  -fno-omit-frame-pointer -fPIE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(truc_compiler INTERFACE -Wthread-safety)
endif()
target_link_options(truc_compiler INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
set(TRUC_SANITIZE "" CACHE STRING "address,undefined or thread")
if(TRUC_SANITIZE)
  target_compile_options(truc_compiler INTERFACE -fsanitize=${TRUC_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(truc_compiler INTERFACE -fsanitize=${TRUC_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC sees uninitialised variants in what the sanitizers add; the other presets keep the warning.
    target_compile_options(truc_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(TRUC_FUZZ)
  target_compile_options(truc_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(truc_compiler INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection)
endif()
find_program(TRUC_MOLD mold)
if(TRUC_MOLD)
  target_link_options(truc_compiler INTERFACE -fuse-ld=mold)
endif()
find_program(TRUC_CCACHE ccache)
if(TRUC_CCACHE)
  # Checkouts of the same files share the cache, wherever they lie.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TRUC_CCACHE})
endif()
