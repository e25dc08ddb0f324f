#include "interop/kamailio.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto start_limit = 15s;  // 0.02 s on an idle machine, 0.3 s with a certificate to make
constexpr auto stop_limit = 2s;  // a few milliseconds, but one time in ten it hangs while stopping
constexpr int start_attempts = 3;  // someone else may take a port between choosing and binding

class Descriptor {
 public:
  explicit Descriptor(int value) : value_{value} {
    if (value_ < 0) throw std::runtime_error{"no descriptor"};
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool bind_to(const Descriptor& socket, std::uint16_t port) {
  const auto address = loopback(port);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Free for UDP and for TCP a moment ago.
std::uint16_t free_port() {
  for (;;) {
    const Descriptor tcp{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const Descriptor udp{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (!bind_to(tcp, 0) ||
        ::getsockname(tcp.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error{"no free port on the loopback"};
    }
    const auto port = ntohs(address.sin_port);
    if (bind_to(udp, port)) return port;
  }
}

/// Starts a program with its output in `log`. It dies with the test.
pid_t spawn(const std::vector<std::string>& command, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"fork failed"};
  if (child > 0) return child;

  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

void make_certificate(const std::filesystem::path& folder) {
  const auto subject = std::string{realm};
  const pid_t child =
      spawn({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=" + subject, "-addext", "subjectAltName=DNS:" + subject, "-keyout",
             folder / "key.pem", "-out", folder / "certificate.pem"},
            folder / "openssl.log");
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error{"openssl req made no certificate"};
  }
}

}  // namespace

Kamailio::Kamailio(const Variant& variant) {
  if (variant.tls) make_certificate(folder());
  for (int attempt = 0; attempt < start_attempts; ++attempt) {
    if (start(variant)) return;
    stop();
  }
  throw std::runtime_error{"kamailio does not answer: " + log()};
}

Kamailio::~Kamailio() { stop(); }

bool Kamailio::start(const Variant& variant) {
  ports_ = {.sip = free_port(), .tls = variant.tls ? free_port() : std::uint16_t{0}};
  const auto script = folder() / "kamailio.cfg";
  std::ofstream{script} << script_of(variant, ports_, folder());

  pid_ = spawn({SIPAUTH_KAMAILIO, "-DD", "-E", "-m", "32", "-M", "4", "-f", script, "-P",
                folder() / "kamailio.pid", "-Y", folder(), "-w", folder()},
               folder() / "kamailio.log");
  // glibc 2.36 declares pidfd_open() without extern "C".
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));

  const auto limit = Clock::now() + start_limit;
  while (Clock::now() < limit) {
    if (answers_options()) return true;
    if (exits_within(20ms)) return false;
  }
  return false;
}

bool Kamailio::answers_options() const {
  const Descriptor socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const auto address = loopback(ports_.sip);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return false;
  }
  const std::string options =
      "OPTIONS sip:127.0.0.1 SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKready\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:test@127.0.0.1>;tag=ready\r\n"
      "To: <sip:127.0.0.1>\r\n"
      "Call-ID: ready\r\n"
      "CSeq: 1 OPTIONS\r\n"
      "Content-Length: 0\r\n\r\n";
  if (::send(socket.get(), options.data(), options.size(), 0) < 0) return false;

  pollfd answer{.fd = socket.get(), .events = POLLIN, .revents = 0};
  std::array<char, 2048> bytes{};
  if (::poll(&answer, 1, 200) != 1) return false;
  const auto size = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
  return size > 0 &&
         std::string_view{bytes.data(), static_cast<std::size_t>(size)}.starts_with("SIP/2.0 200 ");
}

bool Kamailio::exits_within(std::chrono::milliseconds time) const {
  pollfd exited{.fd = pidfd_, .events = POLLIN, .revents = 0};
  return ::poll(&exited, 1, static_cast<int>(time.count())) == 1;
}

void Kamailio::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  if (!exits_within(stop_limit)) ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::close(pidfd_);
  pid_ = -1;
  pidfd_ = -1;
}

std::string Kamailio::log() const {
  std::ifstream file{folder() / "kamailio.log"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace sipauth::interop
