// What the command line says, as plain data: main.cpp fills it, the commands read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sipauth::commands {

struct GlobalOptions {
  int verbosity = 0;  ///< -v 1, -vv 2
  bool quiet = false;
  std::vector<std::string> outputs = {};  ///< of -o and --json: FORMAT[:FILE]; empty: text
  std::string color = "auto";             ///< auto, always, never
  bool no_input = false;
};

/// Who is asked and as whom: everything that probe and stale share.
struct TargetOptions {
  std::string target;
  std::string transport;   ///< --transport, or empty
  std::string connect;     ///< HOST:PORT
  std::string dns_server;  ///< ADDRESS[:PORT]
  std::string domain;
  std::string user;
  std::string auth_user;
  std::string realm;
  std::string password_file;
  std::string ha1_file;
  std::string aka_file;
  std::string pcap_file;  ///< --pcap-out
  std::string source;
  bool ipv4_only = false;
  bool ipv6_only = false;
  double timeout_seconds = 5;
  std::string tls_name;
  std::string ca_file;
  bool insecure = false;
  std::string tls_cert;
  std::string tls_key;      ///< empty: in the same file
  std::string tls_key_log;  ///< empty: SSLKEYLOGFILE of the environment
  std::string user_agent;
  std::vector<std::string> headers;  ///< `Name: value`
  std::optional<double> rate;        ///< requests per second
  std::uint64_t max_requests = 0;    ///< 0: no limit
  std::optional<std::uint64_t> seed;
  bool show_secrets = false;
  std::string method = "REGISTER";  ///< of --method
  std::string second_user;          ///< another account, for checks that need two
  std::string second_password_file;
  std::string second_target;  ///< HOST:PORT of another registrar of the same domain
};

struct ProbeOptions {
  bool send_options = false;
};

/// Of `stale` and of `check`.
struct CheckOptions {
  std::vector<std::string> only;
  std::vector<std::string> skip;
  bool no_wait = false;
  std::optional<double> max_wait;        ///< seconds; 40, or 4096 for builtin:
  std::optional<double> nonce_lifetime;  ///< seconds
  std::optional<int> max_refused;        ///< `stale`: 60 on loopback, else 16; `check`: 200, 40
  bool no_wrong_password = false;
  bool bind = false;         ///< a Contact may be registered, and is removed at the end
  bool intrusive = false;    ///< checks that may harm a server
  std::string restart_hook;  ///< a command line that restarts the registrar
  bool dry_run = false;
  bool list = false;
  std::string fail_on = "fail";  ///< fail, warn, never
  std::string policy = "field";
  std::string baseline;                  ///< the JSON of an earlier run; `-`: standard input
  std::vector<std::string> expect_fail;  ///< ids, commas allowed
};

struct DigestOptions {
  std::string user, realm, uri, nonce, algorithm, qop, nc, cnonce, opaque;
  std::string method;  ///< empty: of the pasted message, else REGISTER
  std::string body_file;
  std::string challenge;  ///< a challenge to answer; `-`: standard input
  std::string header;     ///< credentials to verify; `-`: standard input
  std::string file;       ///< messages with either; `-`: standard input
  std::string response;   ///< to verify; `-`: standard input
  std::string charset;    ///< empty: bytes as they are; UTF-8, ISO-8859-1
  bool userhash = false;  ///< send the user name hashed
  std::string domain;     ///< for user@domain in explanations
  std::string password_file;
  std::string ha1_file;
  std::string aka_file;
};

struct LintOptions {
  std::vector<std::string> files;    ///< `-`: standard input
  std::vector<std::string> headers;  ///< --header LINE, taken as they stand
  std::string policy = "field";
  bool fix = false;
  bool show_secrets = false;  ///< in what --fix prints
};

struct PcapOptions {
  std::string file;  ///< `-`: standard input
  std::string accounts_file;
  std::vector<std::string> only;     ///< checks or suites
  std::vector<std::string> ladders;  ///< numbers or Call-IDs of attempts, or `all`
  std::string fail_on = "fail";      ///< fail, warn, never
  std::string anonymized_file;       ///< --anonymize
  bool list = false;
};

struct ServeOptions {
  std::string profile = "strict";
  std::vector<std::string> faults = {};
  std::string listen = "127.0.0.1:5060";
  std::string accounts_file = {};
  std::optional<std::uint64_t> seed = std::nullopt;
  bool list_profiles = false;
};

struct FuzzOptions {
  std::string target;
  std::vector<std::string> rest;  ///< files and directories; what begins with `-` is libFuzzer's
  bool list = false;
  double seconds = 0;      ///< 0: as long as the command thinks right
  std::uint64_t runs = 0;  ///< 0: no limit
  std::optional<std::uint64_t> seed;
  std::string corpus;
  std::string mutate = "both";  ///< plain, structure, both
  std::string dictionary = "on";
  bool value_profile = false;
  std::vector<std::string> replay;  ///< files and directories
  std::string minimize;
  bool merge = false;
  bool coverage = false;
  std::vector<std::string> command_line;  ///< as typed, with the program
};

/// Each returns the exit code of the command-line contract and writes to stdout and stderr.
int run_probe(const GlobalOptions&, const TargetOptions&, const ProbeOptions&);
int run_stale(const GlobalOptions&, const TargetOptions&, const CheckOptions&);
int run_check(const GlobalOptions&, const TargetOptions&, const CheckOptions&);
int run_digest(const GlobalOptions&, const DigestOptions&);
int run_lint(const GlobalOptions&, const LintOptions&);
int run_pcap(const GlobalOptions&, const PcapOptions&);
int run_serve(const GlobalOptions&, const ServeOptions&);
int run_fuzz(const GlobalOptions&, const FuzzOptions&);

/// Was this process started as the fuzzing engine? It then goes on as that, and nothing else of the
/// command line is read.
bool is_fuzzing(int argc, const char* const* argv);
int continue_fuzzing(int argc, char** argv);

int run_explain(const GlobalOptions&, const std::string& id);

}  // namespace sipauth::commands
