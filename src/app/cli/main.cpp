// hayate: the command line.

#include <exception>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/terminal.hpp"

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
    hayate::cli::add_import(app, exit_code);
    hayate::cli::add_keys(app, exit_code);
    hayate::cli::add_check(app, exit_code);
    hayate::cli::add_doctor(app, exit_code);
    hayate::cli::add_mock_model(app, exit_code);
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
