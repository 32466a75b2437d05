#pragma once
// The subcommands. Each takes its parsed options and returns an exit code (terminal.hpp).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

namespace hayate::cli {

/// What several commands share.
struct ConfigOptions {
    std::string config;  // path; empty: hayate.yaml if it exists, else defaults
    std::string data;
    std::string assistant;
};

/// Each adds one subcommand to `app`; when it was given, `exit_code` is set by running it.
void add_serve(CLI::App& app, int& exit_code);
void add_chat(CLI::App& app, int& exit_code);
void add_ask(CLI::App& app, int& exit_code);
void add_import(CLI::App& app, int& exit_code);
void add_keys(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);
void add_classify(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_mock_model(CLI::App& app, int& exit_code);

void add_config_options(CLI::App& command, ConfigOptions& options);
/// Blocks SIGINT, SIGTERM and SIGHUP in this thread and all it starts; call it before any thread
/// exists.
void block_stop_signals();
/// Waits for one of them. With `on_hangup` and without a terminal a SIGHUP calls that instead.
void wait_for_stop_signal(const std::function<void()>& on_hangup = {});

}  // namespace hayate::cli
