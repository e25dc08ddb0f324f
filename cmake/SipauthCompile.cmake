# Warnings, hardening and sanitizers, as one interface library that every target of ours links.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(SIPAUTH_HARDENING "Hardening flags of the release build" ON)
option(SIPAUTH_WERROR "Warnings are errors" ON)
set(SIPAUTH_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")

# -O3 of g++ 12 warns falsely (-Wrestrict), and nothing here gains from it.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(sipauth_compile INTERFACE)
target_compile_options(sipauth_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough)
if(SIPAUTH_WERROR)
  target_compile_options(sipauth_compile INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(sipauth_compile INTERFACE -Wno-restrict -Wno-stringop-overflow)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # std::stable_sort of libstdc++ 12 calls what C++17 deprecated. Of ours, g++ reports it.
  target_compile_options(sipauth_compile INTERFACE -Wno-deprecated-declarations)
endif()

# What many files include is read once and not by each of them: a good part of the time of a build.
function(sipauth_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")  # for ccache
  endif()
endfunction()

# The same for what is not a test. g++, which makes what is released, goes without, so that every
# file proves to include what it uses.
function(sipauth_precompile_where_proven target)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    sipauth_precompile(${target} <algorithm> <array> <cstdint> <expected> <optional> <span> <string>
      <string_view> <utility> <vector> ${ARGN})
  endif()
endfunction()

if(SIPAUTH_SANITIZE)
  target_compile_options(sipauth_compile INTERFACE
    -fsanitize=${SIPAUTH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  target_link_options(sipauth_compile INTERFACE -fsanitize=${SIPAUTH_SANITIZE})
elseif(SIPAUTH_HARDENING AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(hardened "")
  set(flags -D_GLIBCXX_ASSERTIONS -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full -fzero-call-used-regs=used-gpr)
  # g++ 12.2 with it copies aggregates wrongly: the replay of corpus/challenge_list shows it at -O2.
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    list(APPEND flags -ftrivial-auto-var-init=zero)
  endif()
  foreach(flag IN LISTS flags)
    string(MAKE_C_IDENTIFIER "SIPAUTH_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      list(APPEND hardened ${flag})
    endif()
  endforeach()
  target_compile_options(sipauth_compile INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 ${hardened})
  target_link_options(sipauth_compile INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)
  message(STATUS "Hardening: -D_FORTIFY_SOURCE=3 ${hardened} relro now noexecstack pie")
endif()
