// The command line: the only file, with option_adders.hpp and fuzz_options.hpp, that knows CLI11.
// It fills plain options, calls one command and returns its exit code. Nothing CLI11 says reaches a
// user: it knows no suggestion, and its exit codes are not ours.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "commands/fuzz_peer_options.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/suggest.hpp"
#include "commands/usage.hpp"
#include "commands/values.hpp"
#include "fuzz_options.hpp"
#include "fuzz_peer_adders.hpp"
#include "net/transport.hpp"
#include "option_adders.hpp"
#include "pcap_line.hpp"
#include "results/escape.hpp"
#include "sipauth/digest.hpp"
#include "target_adders.hpp"

namespace sipauth::commands {
namespace {

constexpr int usage_exit = 2;

class CommandLine {
 public:
  CommandLine() {
    app_.set_help_flag("-h,--help", "Show this help");
    app_.set_version_flag("--version", version, "Show the version");
    app_.fallthrough();
    app_.require_subcommand(0, 1);
    app_.footer(exit_codes_help);
    global();
    probe();
    stale();
    check();
    digest();
    lint();
    pcap();
    serve();
    fuzz();
    explain();
    help();
  }

  int run(int argc, const char* const* argv) {
    try {
      parse({argv, static_cast<std::size_t>(argc)});
    } catch (const CLI::CallForHelp&) {
      fmt::print("{}", app_.help());
      return 0;
    } catch (const CLI::CallForVersion& version_text) {
      fmt::print("{}\n", version_text.what());
      return 0;
    } catch (const CLI::ParseError& error) {
      global_.outputs.clear();
      if (wants_json(argc, argv)) global_.outputs.emplace_back("json");
      return usage_error(error);
    }
    fuzz_.command_line.assign(argv, argv + argc);
    if (command_) return command_();
    if (wants_json(argc, argv)) {
      return put_out_error(global_, "", {"usage", "No command was given: sipauth --help."});
    }
    fmt::print(stderr, "{}", short_help);
    return usage_exit;
  }

  [[nodiscard]] const GlobalOptions& global_options() const { return global_; }

 private:
  // What stands behind the `--` of fuzz is libFuzzer's; behind a seed CLI11 takes it away from
  // fuzz.
  void parse(std::span<const char* const> words) {
    const auto marker = std::ranges::find(words, std::string_view{"--"});
    if (marker != words.end() &&
        std::find(words.begin(), marker, std::string_view{"fuzz"}) != marker) {
      app_.parse(static_cast<int>(marker - words.begin()), words.data());
      if (name_of() == "fuzz") {
        fuzz_.rest.insert(fuzz_.rest.end(), marker + 1, words.end());
        return;
      }
    }
    app_.parse(static_cast<int>(words.size()), words.data());
  }

  static std::string version() {
    const auto crypto = crypto_version();
    return fmt::format("sipauth {}\nlibcrypto: {}", SIPAUTH_VERSION,
                       crypto.empty() ? "not found" : crypto);
  }

  CLI::App& add_command(const std::string& name, const std::string& description,
                        const std::function<int()>& run, CLI::App* to = nullptr) {
    auto* const command = (to != nullptr ? to : &app_)->add_subcommand(name, description);
    // What stands below it is called first.
    command->callback([this, command, run] {
      if (command->get_subcommands().empty()) command_ = run;
    });
    command->footer(exit_codes_help);
    return *command;
  }

  void global() {
    app_.add_flag("-v,--verbose", global_.verbosity, "Messages as they pass; -vv shows them whole");
    app_.add_flag("-q,--quiet", global_.quiet, "No progress and no notices");
    add_list(app_, "-o,--output", global_.outputs, "FORMAT[:FILE]",
             "text or json; may be repeated for files");
    app_.add_flag_callback(
        "--json", [this] { global_.outputs.emplace_back("json"); }, "Short for -o json");
    add_value(app_, "--color", global_.color, one_of({"auto", "always", "never"}), "WHEN",
              "auto, always or never [auto]");
    app_.add_flag("--no-input", global_.no_input, "Never ask for a password");
  }

  void probe() {
    auto& app =
        add_command("probe", "One look: how is it reached, what does it challenge with?", [this] {
          stop_on_signals();
          return run_probe(global_, target_, probe_);
        });
    add_target(app, target_);
    app.add_flag("--options", probe_.send_options, "Send an OPTIONS request too");
  }

  void stale() {
    auto& app = add_command("stale", "Is its handling of stale nonces right?", [this] {
      stop_on_signals();
      return run_stale(global_, target_, check_);
    });
    checks(app, "60 on this host, else 16");
  }

  void check() {
    auto& app = add_command("check", "The whole catalogue of checks", [this] {
      stop_on_signals();
      return run_check(global_, target_, check_);
    });
    checks(app, "200 on this host, else 40");
    add_list(app, "--suite", check_.only, "NAME", "Only this suite; may be repeated");
  }

  void checks(CLI::App& app, const std::string& refused) {
    add_target(app, target_);
    auto& to = check_;
    add_list(app, "--only", to.only, "ID", "Only this check or suite; may be repeated");
    add_list(app, "--skip", to.skip, "ID", "Not this check or suite; may be repeated");
    app.add_flag("--no-wait", to.no_wait, "Leave out checks that wait");
    add_value(app, "--max-wait", to.max_wait, seconds_of, "TIME",
              "Wait no longer for a nonce to expire [40s]");
    add_value(app, "--nonce-lifetime", to.nonce_lifetime, seconds_of, "TIME",
              "The lifetime is known: do not look for it");
    add_value(app, "--max-refused", to.max_refused, whole_of<int>, "NUMBER",
              fmt::format("Tries that must be refused [{}]", refused));
    app.add_flag("--no-wrong-password", to.no_wrong_password, "Never send a wrong password");
    app.add_flag("--bind", to.bind, "Checks may register a Contact; it is removed at the end");
    app.add_flag("--intrusive", to.intrusive,
                 "Also checks that may crash a server or fill its log");
    add_value(app, "--method", target_.method,
              one_of({"REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE"}), "NAME",
              "Ask with this request, not REGISTER");
    add_text(app, "--second-user", target_.second_user, "NAME", "Another account, for some checks");
    add_text(app, "--second-password-file", target_.second_password_file, "FILE", "Its password");
    add_text(app, "--second-target", target_.second_target, "HOST:PORT",
             "Another registrar of the domain");
    add_text(app, "--restart-hook", to.restart_hook, "COMMAND",
             "Restarts the registrar, for a check of old nonces");
    app.add_flag("--dry-run", to.dry_run, "Say what would be done, and send nothing");
    app.add_flag("--list", to.list, "List the checks");
    add_value(app, "--fail-on", to.fail_on, one_of({"fail", "warn", "never"}), "VERDICT",
              "fail, warn or never: what exit code 1 means [fail]");
    add_value(app, "--policy", to.policy, one_of({"field", "rfc3261", "rfc8760"}), "NAME",
              "Judge by what hurts (field) or by an RFC: rfc3261, rfc8760 [field]");
    add_text(app, "--baseline", to.baseline, "FILE",
             "Count only what is new or worse than in this --json document");
    add_list(app, "--expect-fail", to.expect_fail, "ID",
             "This check fails, and counts when it does not; may be repeated");
  }

  void digest() {
    auto& app = add_command("digest", "A digest by hand: compute it, verify it, explain it",
                            [this] { return run_digest(global_, digest_); });
    auto& to = digest_;
    app.add_option("FILE", to.file, "Messages or header rows; - is standard input")->type_name("");
    add_text(app, "--header", to.header, "TEXT", "Credentials to verify; - is standard input");
    add_text(app, "--challenge", to.challenge, "TEXT",
             "A challenge to answer; - is standard input");
    add_text(app, "--user", to.user, "NAME", "");
    add_text(app, "--realm", to.realm, "TEXT", "");
    add_text(app, "--method", to.method, "NAME", "[REGISTER]");
    add_text(app, "--uri", to.uri, "URI", "The digest uri, or the Request-URI");
    add_text(app, "--nonce", to.nonce, "TEXT", "");
    add_text(app, "--algorithm", to.algorithm, "NAME", "[MD5]");
    add_text(app, "--qop", to.qop, "NAME", "auth or auth-int");
    add_text(app, "--nc", to.nc, "HEX", "");
    add_text(app, "--cnonce", to.cnonce, "TEXT", "");
    add_text(app, "--opaque", to.opaque, "TEXT", "");
    add_text(app, "--response", to.response, "HEX", "A response to verify; - is standard input");
    app.add_flag("--userhash", to.userhash, "Send the user name hashed");
    add_text(app, "--charset", to.charset, "NAME",
             "Hash user and password in UTF-8 (normalised) or ISO-8859-1");
    add_text(app, "--body-file", to.body_file, "FILE", "The body, for auth-int");
    add_text(app, "--domain", to.domain, "NAME", "For explanations: the user may be user@DOMAIN");
    add_text(app, "--password-file", to.password_file, "FILE", "- is standard input");
    add_text(app, "--ha1-file", to.ha1_file, "FILE", "H(user:realm:password) in hex instead");
    add_text(app, "--aka-file", to.aka_file, "FILE", "K and OP or OPc of a SIM card instead");
    app.footer(
        "Password: --password-file, --ha1-file, SIPAUTH_PASSWORD, or a prompt.\n"
        "Exit codes: 0 match, 1 mismatch, 2 usage.");
  }

  void lint() {
    auto& app = add_command("lint", "What is wrong with a message or a header?",
                            [this] { return run_lint(global_, lint_); });
    app.add_option("FILE", lint_.files, "Messages, header lines or traces; - is standard input")
        ->type_name("");
    add_list(app, "--header", lint_.headers, "LINE", "This header line; may be repeated");
    add_value(app, "--policy", lint_.policy, one_of({"field", "rfc3261", "rfc8760"}), "NAME",
              "By which text: field, rfc3261, rfc8760 [field]");
    app.add_flag("--fix", lint_.fix, "Print the text mended instead");
    app.add_flag("--show-secrets", lint_.show_secrets, "Do not redact what --fix prints");
    app.footer("Exit codes: 0 no error, 1 an error, 2 an unreadable file or usage.");
  }

  void pcap() {
    auto& app = add_command("pcap", "What went wrong in a capture, and whose fault it is",
                            [this] { return run_pcap(global_, pcap_); });
    add_pcap_options(app, pcap_);
  }

  void serve() {
    auto& app = add_command("serve", "A registrar with named behaviours and faults",
                            [this] { return run_serve(global_, serve_); });
    auto& to = serve_;
    add_text(app, "--profile", to.profile, "NAME", "Whose behaviour [strict]");
    add_list(app, "--fault", to.faults, "NAME", "Put a fault on it; may be repeated");
    add_text(app, "--listen", to.listen, "ADDRESS:PORT", "[127.0.0.1:5060]");
    add_text(app, "--accounts", to.accounts_file, "FILE", "user:password lines [alice and bob]");
    add_value(app, "--seed", to.seed, whole_of<std::uint64_t>, "NUMBER",
              "Draw nonces and tags from it");
    app.add_flag("--list-profiles", to.list_profiles, "List profiles and faults");
  }

  void fuzz() {
    auto& app = add_command("fuzz", "The header parsers under libFuzzer",
                            [this] { return run_fuzz(global_, fuzz_); });
    add_fuzz_options(app, fuzz_);
    fuzz_peers(app);
  }

  void fuzz_peers(CLI::App& app) {
    const auto run_server = [this] {
      stop_on_signals();
      return run_fuzz_server(global_, target_, fuzz_server_);
    };
    auto& server =
        add_command("server", "A live registrar under mutated requests", run_server, &app);
    add_target(server, target_);
    add_fuzz_server(server, fuzz_server_);
    const auto run_client = [this] { return run_fuzz_client(global_, fuzz_client_); };
    add_fuzz_client(add_command("client", "A phone under mutated answers", run_client, &app),
                    fuzz_client_);
  }

  void explain() {
    auto& app = add_command("explain", "One check or lint rule: what, why, and how to mend it",
                            [this] { return run_explain(global_, explain_id_); });
    add_text(app, "ID", explain_id_, "",
             "SA-STALE-01, SL-missing-comma ...; without one, all of them");
    app.footer("Exit codes: 0 explained, 2 no such check or rule.");
  }

  void help() {
    auto& app = add_command("help", "The help of a command", [this] { return show_help(); });
    add_text(app, "COMMAND", help_for_, "", "Which one");
  }

  int show_help() {
    if (help_for_.empty()) {
      fmt::print("{}", app_.help());
      return 0;
    }
    for (const auto* command : app_.get_subcommands({})) {
      if (command->get_name() != help_for_) continue;
      fmt::print("{}", command->help("sipauth"));
      return 0;
    }
    return put_out_error(global_, "help", {"usage", unknown_command(help_for_)});
  }

  // The command that was named, or the whole program.
  CLI::App* parsed() {
    auto* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return app;
  }

  // `fuzz server`
  std::string name_of() {
    std::string names;
    for (auto* app = &app_; !app->get_subcommands().empty();) {
      app = app->get_subcommands().front();
      names.append(names.empty() ? "" : " ").append(app->get_name());
    }
    return names;
  }

  int usage_error(const CLI::ParseError& error) {
    const auto commands = app_.get_subcommands();
    return put_out_error(global_, commands.empty() ? "" : commands.front()->get_name(),
                         {"usage", sentence_of(error)});
  }

  std::string sentence_of(const CLI::ParseError& error) {
    const auto left_over = app_.remaining(true);
    const auto option = std::ranges::find_if(
        left_over, [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
    if (option != left_over.end()) return unknown_option(*option);
    if (!left_over.empty() && parsed() == &app_) return unknown_command(left_over.front());
    if (!left_over.empty()) {
      return fmt::format("{} takes no \"{}\": sipauth {} --help shows what it takes.", name_of(),
                         results::for_terminal(left_over.front()), name_of());
    }
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
      const std::string_view text = error.what();
      return fmt::format("{} wants a value.", text.substr(0, text.find(':')));
    }
    return results::sentence_for_terminal(error.what());
  }

  std::string unknown_command(const std::string& typed) {
    std::vector<std::string> names;
    for (const auto* command : app_.get_subcommands({})) names.push_back(command->get_name());
    const std::vector<std::string_view> views{names.begin(), names.end()};
    return fmt::format("There is no command \"{}\".{} sipauth --help lists them.",
                       results::for_terminal(typed), did_you_mean(typed, views));
  }

  std::string unknown_option(const std::string& typed) {
    const auto name = typed.substr(0, typed.find('='));
    std::vector<std::string> names;
    for (const auto* app : {parsed(), &app_}) {
      for (const auto* option : app->get_options()) {
        for (const auto& known : option->get_lnames()) names.push_back("--" + known);
        for (const auto& known : option->get_snames()) names.push_back("-" + known);
      }
    }
    const std::vector<std::string_view> views{names.begin(), names.end()};
    const auto who = parsed() == &app_ ? "sipauth" : "sipauth " + name_of();
    return fmt::format("{} has no option {}.{} {} --help lists them.", who,
                       results::for_terminal(name), did_you_mean(name, views), who);
  }

  CLI::App app_{"SIP digest authentication: probe, check, verify, fuzz", "sipauth"};
  GlobalOptions global_;
  TargetOptions target_;
  ProbeOptions probe_;
  CheckOptions check_;
  DigestOptions digest_;
  LintOptions lint_;
  PcapOptions pcap_;
  ServeOptions serve_;
  FuzzOptions fuzz_;
  FuzzServerOptions fuzz_server_;
  FuzzClientOptions fuzz_client_;
  std::string explain_id_;
  std::string help_for_;
  std::function<int()> command_;
};

}  // namespace
}  // namespace sipauth::commands

int main(int argc, char** argv) {
  using namespace sipauth::commands;
  // libFuzzer starts its own program again: before anything else is read.
  if (is_fuzzing(argc, argv)) return continue_fuzzing(argc, argv);
  const auto line = std::make_unique<CommandLine>();
  try {
    return line->run(argc, argv);
  } catch (const std::exception& error) {
    return put_out_internal_error(line->global_options(), typeid(error).name());
  } catch (...) {
    return put_out_internal_error(line->global_options(), "unknown");
  }
}
