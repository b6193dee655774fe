# truc_module(<name> DEPENDS <module>... [EXTERNAL <target>...])
# One call describes one folder of src/: every .cc is the library, every *_test.cc its test program,
# every *_fuzz.cc a fuzz target. A module may depend only on modules listed above it in
# src/CMakeLists.txt.
include(GoogleTest)

# Only the files that ask for TRUC_SOURCE_DIR get it: the others compile to the same bytes in every
# checkout, and the compiler cache knows them again.
function(truc_names_source_dir)
  foreach(file IN LISTS ARGN)
    file(STRINGS ${file} asks REGEX "TRUC_SOURCE_DIR" LIMIT_COUNT 1)
    if(asks)
      set_property(SOURCE ${file} APPEND PROPERTY COMPILE_DEFINITIONS TRUC_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    endif()
  endforeach()
endfunction()

function(truc_module name)
  cmake_parse_arguments(M "" "" "DEPENDS;EXTERNAL;TEST_EXTERNAL" ${ARGN})
  foreach(d IN LISTS M_DEPENDS)
    if(NOT TARGET ${d})
      message(FATAL_ERROR "${name} may not depend on ${d}: src/CMakeLists.txt lists modules bottom to top, and ${d} is not below ${name}.")
    endif()
  endforeach()
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.h)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  set(fuzzers ${sources})
  set(testing ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER testing INCLUDE REGEX "/testing/[^/]*\\.cc$")
  # main.cc is a program's, not the library's.
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz)\\.cc$|/testing/[^/]*\\.cc$|/main\\.cc$")

  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/layers.stamp)
  file(GLOB_RECURSE here CONFIGURE_DEPENDS *.h *.cc)
  add_custom_command(
    OUTPUT ${stamp}
    DEPENDS ${here} ${PROJECT_SOURCE_DIR}/tools/check_includes.py
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tools/check_includes.py ${PROJECT_SOURCE_DIR}/src ${name} "${M_DEPENDS}" ${here}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    COMMENT "layers: ${name}" VERBATIM)
  add_library(${name} STATIC ${sources} ${stamp})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${M_DEPENDS} PRIVATE ${M_EXTERNAL} truc_compiler)

  # The link test fails when the module uses a symbol of a module that it does not declare.
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/link_test.cc "int main() {}\n")
  add_executable(${name}_link_test ${CMAKE_CURRENT_BINARY_DIR}/link_test.cc)
  target_link_libraries(${name}_link_test PRIVATE -Wl,--whole-archive ${name} -Wl,--no-whole-archive ${M_EXTERNAL} truc_compiler)

  truc_names_source_dir(${tests} ${testing})
  if(testing)
    add_library(${name}_testing STATIC ${testing})
    target_link_libraries(${name}_testing PUBLIC ${name} PRIVATE ${M_EXTERNAL} truc_compiler)
  endif()
  if(tests AND TRUC_TESTS)
    add_executable(${name}_test ${tests} ${PROJECT_SOURCE_DIR}/tests/test_main.cc)
    target_link_libraries(${name}_test PRIVATE ${name} ${M_EXTERNAL} ${M_TEST_EXTERNAL} GTest::gtest truc_compiler)
    foreach(d IN LISTS M_DEPENDS ITEMS ${name})
      if(TARGET ${d}_testing)
        target_link_libraries(${name}_test PRIVATE ${d}_testing)
      endif()
    endforeach()
    add_test(NAME ${name}_test COMMAND ${name}_test)
  endif()
  foreach(f IN LISTS fuzzers)
    get_filename_component(target ${f} NAME_WE)
    string(PREPEND target "${name}_")
    if(TRUC_FUZZ)
      add_executable(${target} ${f})
      target_link_libraries(${target} PRIVATE ${name} truc_compiler -fsanitize=fuzzer)
    elseif(TRUC_TESTS)  # replays the corpus as a test
      add_executable(${target} ${f} ${PROJECT_SOURCE_DIR}/fuzz/replay.cc)
      target_link_libraries(${target} PRIVATE ${name} truc_compiler)
      add_test(NAME ${target}_corpus COMMAND ${target} ${PROJECT_SOURCE_DIR}/fuzz/corpus/${target})
    endif()
  endforeach()
endfunction()
