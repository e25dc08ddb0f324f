# Fails when the library exports anything but the interface in sipauth/*.hpp: another symbol would
# become part of the ABI, and a template of the standard library would take the place of the same
# one in the program.
execute_process(COMMAND ${NM} --dynamic --defined-only --demangle ${LIBRARY}
  OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${listing}")

set(exported 0)
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^[0-9a-f]* *. " "" symbol "${line}")
  if(symbol MATCHES "^SIPAUTH_[0-9]+")
    continue()  # the version node itself
  endif()
  if(NOT symbol MATCHES "^sipauth::" OR symbol MATCHES "anonymous namespace|sipauth::(crypto|explain|milenage|base64)::")
    message(SEND_ERROR "exported, and no part of the interface: ${symbol}")
  endif()
  math(EXPR exported "${exported} + 1")
endforeach()

if(exported LESS 30)
  message(SEND_ERROR "only ${exported} symbols are exported")
endif()
