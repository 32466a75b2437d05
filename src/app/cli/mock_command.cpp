// hayate mock-model

#include <map>

#include <CLI/CLI.hpp>

#include "app/cli/blocking.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/terminal.hpp"
#include "app/mock/mock_server.hpp"

namespace hayate::cli {
namespace {

struct MockCommandOptions {
    uint16_t port = 9000;
    std::string address = "127.0.0.1";
    std::string key;
    std::map<std::string, std::string> simulation;  // option name -> value
};

int run(const MockCommandOptions& options) {
    mock::MockOptions mock{.http = {.address = options.address, .port = options.port},
                           .key = base::Secret(options.key)};
    for (const auto& [name, value] : options.simulation) {
        if (const Status set = model::set_option(mock.simulation, name, value); !set) {
            print_error(set.error());
            return kWrongUsage;
        }
    }
    block_stop_signals();
    runtime::Shards shards(1);
    mock::MockServer server(shards.at(0).executor(), std::move(mock));
    if (const Status listening = server.listen(); !listening) {
        print_error(listening.error());
        return kUnavailable;
    }
    shards.start();
    const std::string at = "http://" + options.address + ":" + std::to_string(server.port());
    print_line(bold("mock-model is up.") + " OpenAI base URL " + at + "/v1, Anthropic base URL " +
               at);
    print_line(dim("  what was asked: " + at + "/_mock/log    Ctrl+C stops."));
    wait_for_stop_signal();
    wait_for(shards.at(0), [&]() -> Task<void> { co_await server.close(); });
    shards.stop_and_join();
    return kOk;
}

/// "cut_after" -> "--cut-after".
std::string flag_name(std::string_view option) {
    std::string name = "--" + std::string(option);
    for (char& c : name) c = c == '_' ? '-' : c;
    return name;
}

}  // namespace

void add_mock_model(CLI::App& app, int& exit_code) {
    auto* command =
        app.add_subcommand("mock-model", "a fake model server that speaks OpenAI and Anthropic");
    command->footer(
        "Times are in ms and may be distributions: 200, uniform:100,300, normal:200,40, "
        "lognormal:200,0.4,\n"
        "exponential:200. One request may override them with a header, 'x-mock: "
        "ttft=50,cut_after=3'.\n\n"
        "Examples:\n"
        "  hayate mock-model --ttft lognormal:180,0.4 --rate 90\n"
        "  hayate mock-model --status 429 --retry-after 2 --fault-rate 0.1\n"
        "  OPENAI_BASE_URL=http://127.0.0.1:9000/v1 hayate serve");
    const auto options = std::make_shared<MockCommandOptions>();
    command->add_option("--port", options->port, "0: any free one")
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--address", options->address, "where to listen")->capture_default_str();
    command->add_option("--key", options->key, "calls must bring this key, or get 401")
        ->type_name("KEY");
    for (const model::SimulationOption& option : model::simulation_options()) {
        const std::string name(option.name);
        const auto set = [options, name](const std::string& value) {
            options->simulation[name] = value;
        };
        const std::string help(option.help);
        if (option.argument.empty()) {
            command->add_flag_callback(flag_name(name), [set] { set("true"); }, help);
        } else {
            command->add_option_function<std::string>(flag_name(name), set, help)
                ->type_name(std::string(option.argument));
        }
    }
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hayate::cli
