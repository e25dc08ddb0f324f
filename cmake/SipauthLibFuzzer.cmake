# sipauth_find_libfuzzer(COMPILER VARIABLE): the archive of libFuzzer that has no main, which comes
# with clang's runtime; empty when this compiler has none.
function(sipauth_find_libfuzzer compiler variable)
  execute_process(
    COMMAND ${compiler} -print-file-name=libclang_rt.fuzzer_no_main-${CMAKE_SYSTEM_PROCESSOR}.a
    OUTPUT_VARIABLE archive OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT EXISTS "${archive}")
    set(archive "")
  endif()
  set(${variable} "${archive}" PARENT_SCOPE)
endfunction()
