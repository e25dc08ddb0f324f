# Which registrars there are to test against. The tests of those that are missing are left out.
find_program(SIPAUTH_KAMAILIO kamailio PATHS /usr/sbin /usr/local/sbin)
find_file(SIPAUTH_KAMAILIO_WEBSOCKET websocket.so NO_DEFAULT_PATH
  PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/kamailio/modules /usr/lib/kamailio/modules)
find_file(SIPAUTH_KAMAILIO_TLS tls.so NO_DEFAULT_PATH
  PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/kamailio/modules /usr/lib/kamailio/modules)
find_program(SIPAUTH_PERL perl)
find_path(SOFIA_SIP_INCLUDE_DIR sofia-sip/auth_module.h PATH_SUFFIXES sofia-sip-1.12)
find_library(SOFIA_SIP_LIBRARY sofia-sip-ua)

set(peer_definitions "")
set(peer_dependencies sipauth_cli)
set(missing_peers "")

if(SIPAUTH_KAMAILIO AND SIPAUTH_KAMAILIO_TLS AND TARGET sipauth_tls)
  list(APPEND peer_definitions SIPAUTH_KAMAILIO="${SIPAUTH_KAMAILIO}")
  list(APPEND peer_dependencies sipauth_tls)
  if(SIPAUTH_KAMAILIO_WEBSOCKET AND TARGET sipauth_websocket)
    list(APPEND peer_definitions SIPAUTH_TEST_WEBSOCKET)
    list(APPEND peer_dependencies sipauth_websocket)
  else()
    message(STATUS "The interop tests go without WebSocket: it needs kamailio-websocket-modules "
      "and libwslay-dev")
  endif()
else()
  message(STATUS "The interop tests go without Kamailio: it needs kamailio, kamailio-tls-modules "
    "and libssl-dev")
  list(APPEND missing_peers "kamailio.*")
endif()

if(SIPAUTH_PERL)
  execute_process(COMMAND ${SIPAUTH_PERL} -MNet::SIP -e 1
    RESULT_VARIABLE net_sip_missing OUTPUT_QUIET ERROR_QUIET)
endif()
if(SIPAUTH_PERL AND NOT net_sip_missing)
  list(APPEND peer_definitions SIPAUTH_PERL="${SIPAUTH_PERL}"
    SIPAUTH_NET_SIP="${CMAKE_CURRENT_SOURCE_DIR}/peers/net_sip_registrar.pl")
else()
  message(STATUS "The interop tests go without Net::SIP: it needs libnet-sip-perl")
  list(APPEND missing_peers "net_sip_test")
endif()

if(SOFIA_SIP_INCLUDE_DIR AND SOFIA_SIP_LIBRARY)
  add_executable(sofia_registrar peers/sofia_registrar.cpp)
  target_include_directories(sofia_registrar SYSTEM PRIVATE ${SOFIA_SIP_INCLUDE_DIR})
  target_link_libraries(sofia_registrar PRIVATE sipauth_compile ${SOFIA_SIP_LIBRARY})
  list(APPEND peer_definitions SIPAUTH_SOFIA="$<TARGET_FILE:sofia_registrar>")
  list(APPEND peer_dependencies sofia_registrar)
else()
  message(STATUS "The interop tests go without Sofia-SIP: it needs libsofia-sip-ua-dev")
  list(APPEND missing_peers "sofia_test")
endif()

list(JOIN missing_peers "|" missing_peers)
sipauth_tests(interop WAITS_UP_TO 180 WITHOUT "${missing_peers}" WITH e2e/tool.cpp
  LINKS fmt::fmt nlohmann_json::nlohmann_json)
target_compile_definitions(interop_tests PRIVATE ${peer_definitions})
add_dependencies(interop_tests ${peer_dependencies})
