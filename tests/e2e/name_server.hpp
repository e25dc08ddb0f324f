// dnsmasq on a free port of loopback, with the records of a test. It asks nobody else.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {

class NameServer {
 public:
  /// Rows of its configuration, such as `host-record=a.test,127.0.0.1,300`. It answers for `.test`.
  explicit NameServer(const std::vector<std::string>& rows);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  /// `127.0.0.1:40123`, for --dns-server.
  [[nodiscard]] const std::string& place() const { return place_; }

 private:
  bool start(const std::string& file, int port);
  void stop();

  ScratchDirectory scratch_;
  std::string place_;
  pid_t pid_ = -1;
  int log_ = -1;  ///< kept open, so that its words do not end it
};

}  // namespace sipauth::e2e
