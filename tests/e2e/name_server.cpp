#include "e2e/name_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace sipauth::e2e {
namespace {

// A port that nobody has now. Somebody else may be quicker, so it is tried more than once.
int free_port() {
  const int one = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(one, generic, size) == 0 && ::getsockname(one, generic, &size) == 0;
  ::close(one);
  return bound ? ntohs(address.sin_port) : 0;
}

}  // namespace

NameServer::NameServer(const std::vector<std::string>& rows) {
  const auto* user = ::getpwuid(::geteuid());
  std::string text =
      "no-resolv\nno-hosts\nbind-interfaces\nlisten-address=127.0.0.1\nlocal=/test/\npid-file\n";
  if (user) text += std::string{"user="} + user->pw_name + '\n';
  for (const auto& row : rows) text += row + '\n';
  const auto file = scratch_.file("dnsmasq.conf", text);
  for (int attempt = 0; attempt < 5; ++attempt) {
    const int port = free_port();
    if (!start(file, port)) continue;
    place_ = "127.0.0.1:" + std::to_string(port);
    return;
  }
  throw std::runtime_error{"dnsmasq does not start"};
}

NameServer::~NameServer() {
  stop();
  if (log_ >= 0) ::close(log_);
}

void NameServer::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

// It has its sockets once it says "started".
bool NameServer::start(const std::string& file, int port) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::array<std::string, 5> words{SIPAUTH_DNSMASQ, "--no-daemon", "--log-facility=-",
                                   "--conf-file=" + file, "--port=" + std::to_string(port)};
  std::array<char*, 6> argv{};
  for (std::size_t i = 0; i < words.size(); ++i) argv.at(i) = words.at(i).data();
  const int failed = ::posix_spawn(&pid_, SIPAUTH_DNSMASQ, &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string said;
  std::array<char, 1024> chunk{};
  while (failed == 0 && said.find("started, version") == std::string::npos) {
    const auto size = ::read(ends[0], chunk.data(), chunk.size());
    if (size <= 0) break;
    said.append(chunk.data(), static_cast<std::size_t>(size));
  }
  const bool started = said.find("started, version") != std::string::npos;
  if (started) {
    log_ = ends[0];
  } else {
    ::close(ends[0]);
    if (failed == 0) stop();
    pid_ = -1;
  }
  return started;
}

}  // namespace sipauth::e2e
