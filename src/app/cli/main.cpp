// hayate: the command line.

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/nearest.hpp"

namespace {

/// The first argument, if it should have been a command: CLI11 would only say that one is missing.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') return {};
    std::vector<std::string> known;
    for (const CLI::App* command : app.get_subcommands(nullptr)) {
        known.push_back(command->get_name());
    }
    if (std::ranges::find(known, argv[1]) != known.end()) return {};
    return "there is no command '" + std::string(argv[1]) + "'" +
           hayate::base::did_you_mean(argv[1], known);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Hayate answers fast: a server between customers and language models.", "hayate"};
    app.set_version_flag("--version", "hayate " HAYATE_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Start here:\n"
        "  hayate serve          then open http://127.0.0.1:8080/\n"
        "  hayate COMMAND --help shows options and examples\n\n"
        "Exit codes: 0 fine, 1 the answer is no, 2 wrong usage, 3 wrong configuration or data,\n"
        "4 something cannot be reached, 130 interrupted.");
    int exit_code = hayate::cli::kOk;
    hayate::cli::add_serve(app, exit_code);
    hayate::cli::add_chat(app, exit_code);
    hayate::cli::add_ask(app, exit_code);
    hayate::cli::add_classify(app, exit_code);
    hayate::cli::add_import(app, exit_code);
    hayate::cli::add_keys(app, exit_code);
    hayate::cli::add_check(app, exit_code);
    hayate::cli::add_doctor(app, exit_code);
    hayate::cli::add_mock_model(app, exit_code);
    if (const std::string problem = unknown_command(app, argc, argv); !problem.empty()) {
        hayate::cli::print_error(problem + "\nRun 'hayate --help' for more information.");
        return hayate::cli::kWrongUsage;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? hayate::cli::kOk : hayate::cli::kWrongUsage;
    } catch (const std::exception& error) {
        hayate::cli::print_error(error.what());
        return hayate::cli::kFailed;
    }
    return exit_code;
}
